import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const here = new URL(".", import.meta.url).pathname;
const root = join(here, "../packages/ai-lib");

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** The folder of a package that Node finds from another folder. */
function find(name, from) {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(folder, "package.json"))) return folder;
    if (at === dirname(at)) return undefined;
  }
}

function folderOf(name) {
  return name === "ai-lib" ? root : find(name, here);
}

export function versionOf(name) {
  return manifest(folderOf(name)).version;
}

function sizeOf(path) {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  let size = 0;
  for (const name of readdirSync(path)) if (name !== "node_modules") size += sizeOf(join(path, name));
  return size;
}

/**
 * The number of packages that some packages bring, and the bytes of their files. Optional packages count if they are
 * installed.
 */
export function footprint(names) {
  const folders = new Set();
  const add = (name, from) => {
    const folder = name === "ai-lib" ? root : find(name, from);
    if (folder === undefined || folders.has(folder)) return;
    folders.add(folder);
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = manifest(folder);
    const needed = Object.keys(peerDependencies ?? {}).filter(
      (peer) => !peerDependenciesMeta?.[peer]?.optional,
    );
    for (const next of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...needed])
      add(next, folder);
  };
  for (const name of names) add(name, here);
  let bytes = 0;
  for (const folder of folders) {
    // For this package the published files count, for others the installed ones.
    const files = folder === root ? ["package.json", "README.md", ...manifest(root).files] : [""];
    for (const file of files) if (existsSync(join(folder, file))) bytes += sizeOf(join(folder, file));
  }
  return { count: folders.size, bytes };
}

/** Bytes of a minified bundle of a program that does one chat: what it loads at once, and all of it. */
export async function bundleSize(name) {
  const folder = mkdtempSync(join(tmpdir(), "ai-lib-bench-"));
  const entry = join(folder, "entry.mjs");
  try {
    // The client's own file shows how it is called. Its imports become static, as a program would write them.
    const source = readFileSync(join(here, "clients", `${name}.mjs`), "utf8").replace(
      /const (\{[^}]+\}) = await import\("([^"]+)"\);/g,
      (_all, names, from) => {
        const path = from.startsWith(".") ? join(here, "clients", from) : from;
        return `${hoist(names, path)}`;
      },
    );
    const { imports, body } = parted(source);
    writeFileSync(
      entry,
      `${imports}\n${body}\nconst calls = await setup("http://127.0.0.1:1", "openai");\nconsole.log(await calls.chat());\n`,
    );
    const { metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      outdir: join(folder, "out"),
      nodePaths: [join(here, "node_modules"), join(root, "node_modules")],
      metafile: true,
      write: false,
      logLevel: "error",
    });
    const outputs = metafile.outputs;
    const all = Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0);
    const main = Object.keys(outputs).find((path) => outputs[path].entryPoint?.endsWith("entry.mjs"));
    const seen = new Set();
    const visit = (path) => {
      if (seen.has(path) || outputs[path] === undefined) return;
      seen.add(path);
      for (const { path: next, kind } of outputs[path].imports) if (kind !== "dynamic-import") visit(next);
    };
    visit(main);
    return { first: [...seen].reduce((sum, path) => sum + outputs[path].bytes, 0), all };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function hoist(names, path) {
  return `/*import*/import ${names.replace(/(\w+):/g, "$1 as ")} from ${JSON.stringify(path)};`;
}

function parted(source) {
  const imports = [];
  const body = source.replace(/\/\*import\*\/(import [^;]+;)/g, (_all, statement) => {
    imports.push(statement);
    return "";
  });
  return { imports: imports.join("\n"), body };
}
