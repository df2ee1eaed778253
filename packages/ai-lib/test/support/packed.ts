import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const execute = promisify(execFile);

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const home = join(root, "packages/ai-lib");
/** The compiler's command. */
export const tsc = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin/tsc",
);

/** What of package.json these tests look at. */
interface Manifest {
  readonly name: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** A folder in which the package stands in node_modules as a user has it: packed from a fresh build, and unpacked. */
export interface Installed {
  readonly folder: string;
  /** The package's own folder within. */
  readonly package: string;
  readonly manifest: Manifest;
  /** The package's files, as it was packed. */
  readonly files: readonly string[];
  remove(): Promise<void>;
}

/** Builds, packs and installs the package. Only what it declares to depend on is beside it. */
export async function installPacked(): Promise<Installed> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "ai-lib-packed-")));
  const source = join(folder, "source");
  await mkdir(source);
  const manifest = JSON.parse(await readFile(join(home, "package.json"), "utf8")) as Manifest;
  await build(join(source, "dist"));
  for (const path of ["package.json", "README.md", ...manifest.files.filter((each) => each !== "dist")]) {
    const own = join(home, path);
    await cp(existsSync(own) ? own : join(root, path), join(source, path), { recursive: true });
  }
  const { stdout } = await execute("npm", ["pack", "--json", "--ignore-scripts", "--loglevel=error"], {
    cwd: source,
    maxBuffer: 64 * 1024 * 1024,
  });
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  const modules = join(folder, "node_modules");
  const place = join(modules, manifest.name);
  await mkdir(place, { recursive: true });
  await execute("tar", ["-xzf", join(source, packed.filename), "-C", place, "--strip-components=1"]);
  const needed = [
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.peerDependencies),
    "@types/node",
  ];
  for (const name of needed) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(await realpath(join(root, "node_modules", name)), join(modules, name));
  }
  return {
    folder,
    package: place,
    manifest,
    files: packed.files.map(({ path }) => path),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Builds the package into a folder, as `npm run build` does. */
async function build(dist: string): Promise<void> {
  const project = join(home, "tsconfig.build.json");
  await execute(process.execPath, [tsc, "-p", project, "--outDir", dist], { cwd: root });
  await execute(process.execPath, [join(root, "scripts/bundle.mjs"), dist], { cwd: root });
}

/** Builds the package beside this one's dependencies, ready to run; the folder of what was built. */
export async function buildInto(folder: string): Promise<string> {
  const dist = join(folder, "dist");
  await build(dist);
  await cp(join(home, "package.json"), join(folder, "package.json"));
  await symlink(await realpath(join(root, "node_modules")), join(folder, "node_modules"));
  return dist;
}

/** Every specifier that the package can be imported by, patterns replaced by all that they match. */
export function specifiers({ manifest, files }: Installed): string[] {
  return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    if (typeof target === "string") return [];
    const name = manifest.name + subpath.slice(1);
    const [before = "", after] = target.default.slice("./".length).split("*");
    if (after === undefined) return [name];
    return files
      .filter((file) => file.startsWith(before) && file.endsWith(after))
      .map((file) => name.replace("*", file.slice(before.length, file.length - after.length)));
  });
}
