import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inject } from "vitest";

export const execute = promisify(execFile);

const root = fileURLToPath(new URL("../../../../", import.meta.url));
/** The compiler's command. */
export const tsc = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin/tsc",
);

/** Each package of the workspace that is published, and its folder. */
const FOLDERS = {
  "ai-lib": "packages/ai-lib",
  "ai-lib-cli": "packages/cli",
  "ai-lib-gateway": "packages/gateway",
} as const;
/** The packages that are commands. */
const COMMANDS = { "ai-lib-cli": "cli", "ai-lib-gateway": "gateway" } as const;
export type PackageName = keyof typeof FOLDERS;
const NAMES = Object.keys(FOLDERS) as PackageName[];

/** What of package.json these tests look at. */
interface Manifest {
  readonly name: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package as npm publishes it. */
export interface Packed {
  /** The path of the archive. */
  readonly tarball: string;
  readonly manifest: Manifest;
  /** The paths of the files in it. */
  readonly files: readonly string[];
}

/** A folder with the package in its node_modules, as a user's own project has it. Its files are ES modules. */
export interface Installed extends Packed {
  readonly folder: string;
  /** The package's own folder. */
  readonly package: string;
  remove(): Promise<void>;
}

/**
 * The packages, built and packed. The first caller of a test run does the work; callers in other processes wait for it.
 * @throws if the build fails.
 */
export async function packed(): Promise<Readonly<Record<PackageName, Packed>>> {
  const folder = inject("packFolder");
  const result = join(folder, "packed.json");
  if (!existsSync(result) && (await isFirst(folder))) {
    const outcome = await packAll(folder).catch((error: unknown) => ({ failure: String(error) }));
    await writeFile(`${result}.part`, JSON.stringify(outcome));
    await rename(`${result}.part`, result);
  }
  while (!existsSync(result)) await sleep(50);
  const outcome = JSON.parse(await readFile(result, "utf8"));
  if (outcome.failure !== undefined) throw new Error(outcome.failure);
  return outcome;
}

async function isFirst(folder: string): Promise<boolean> {
  return mkdir(join(folder, "lock")).then(
    () => true,
    () => false,
  );
}

async function packAll(folder: string): Promise<Record<PackageName, Packed>> {
  const sources = (name: PackageName) => join(folder, name);
  const dist = join(sources("ai-lib"), "dist");
  await Promise.all(NAMES.map((name) => mkdir(sources(name))));
  const project = join(root, FOLDERS["ai-lib"], "tsconfig.build.json");
  await execute(process.execPath, [tsc, "-p", project, "--outDir", dist], { cwd: root });
  await execute(process.execPath, [join(root, "scripts/bundle.mjs"), dist], { cwd: root });
  await execute(process.execPath, [join(root, "scripts/roll-types.mjs"), dist], { cwd: root });
  for (const [name, command] of Object.entries(COMMANDS) as [keyof typeof COMMANDS, string][]) {
    const target = join(sources(name), "dist");
    await execute(process.execPath, [join(root, "scripts/bundle-cli.mjs"), command, target], { cwd: root });
  }
  const all = await Promise.all(
    NAMES.map(async (name) => [name, await pack(join(root, FOLDERS[name]), sources(name))]),
  );
  return Object.fromEntries(all) as Record<PackageName, Packed>;
}

/** Packs a package from a folder that has its `dist` already. */
async function pack(home: string, source: string): Promise<Packed> {
  const manifest = JSON.parse(await readFile(join(home, "package.json"), "utf8")) as Manifest;
  for (const path of ["package.json", "README.md", ...manifest.files.filter((each) => each !== "dist")]) {
    const own = join(home, path);
    await cp(existsSync(own) ? own : join(root, path), join(source, path), { recursive: true });
  }
  const { stdout } = await execute("npm", ["pack", "--json", "--ignore-scripts", "--loglevel=error"], {
    cwd: source,
    maxBuffer: 64 * 1024 * 1024,
  });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  return { tarball: join(source, filename), manifest, files: files.map(({ path }) => path) };
}

/**
 * Installs packages into a new folder. Beside them are the packages that they declare to depend on, and no other.
 * @param name the package to describe in the result
 * @param others more packages of the workspace to install
 */
export async function install(name: PackageName, ...others: readonly PackageName[]): Promise<Installed> {
  const all = await packed();
  const folder = await realpath(await mkdtemp(join(tmpdir(), "ai-lib-installed-")));
  const modules = join(folder, "node_modules");
  /** The folders of packages, by their names: a package of the workspace may have a version of its own. */
  const needed = new Map([["@types/node", join(root, "node_modules/@types/node")]]);
  for (const each of [name, ...others]) {
    const { tarball, manifest } = all[each];
    await mkdir(join(modules, each), { recursive: true });
    await execute("tar", ["-xzf", tarball, "-C", join(modules, each), "--strip-components=1"]);
    for (const one of Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
    }).filter((one) => one !== "node-llama-cpp")) {
      // node-llama-cpp has 85 MB; `npm run compat -- local` installs it.
      if (NAMES.includes(one as PackageName)) continue;
      const own = join(root, FOLDERS[each], "node_modules", one);
      needed.set(one, existsSync(own) ? own : join(root, "node_modules", one));
    }
  }
  for (const [each, source] of needed) {
    // An optional peer that the repository does not install, such as one with a large binary.
    if (!existsSync(source)) continue;
    await mkdir(dirname(join(modules, each)), { recursive: true });
    await symlink(await realpath(source), join(modules, each));
  }
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  return {
    ...all[name],
    folder,
    package: join(modules, name),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Every specifier that the package can be imported by, patterns replaced by all that they match. */
export function specifiers({ manifest, files }: Packed): string[] {
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
