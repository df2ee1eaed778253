// Rolls the declarations that tsc writes up into one file for each entry of package.json, as the bundle has one file
// for each. What several entries share is in chunks, so that a class is the same one by whichever subpath a program
// imports it. The declarations are in files for CommonJS (`.d.cts`), from which those of the ES modules re-export:
// CommonJS cannot import the types of an ES module, and so both know the same class. Only what an entry exports and what that refers to stays: no path, and no name, of the library's inside
// is in the package. Internal members are gone before: tsc strips them. usage: node scripts/roll-types.mjs [folder]
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { declarationsOf } from "./entries.mjs";
import { readModule } from "./types/read-module.mjs";

const root = fileURLToPath(new URL("../packages/ai-lib/", import.meta.url));
const dist = resolve(process.argv[2] ?? join(root, "dist"));

/**
 * Interfaces that users add members to. TypeScript merges `declare module "ai-lib"` with what a module declares or
 * exports by `export *`, and not with a name that it exports from elsewhere; so each has a file of its own.
 */
const OPEN = new Set(["Kinds"]);

const modules = new Map();

function moduleAt(path) {
  if (!modules.has(path)) modules.set(path, readModule(path));
  return modules.get(path);
}

function fileOf(from, specifier) {
  return resolve(dirname(from), specifier.replace(/\.js$/, ".d.ts"));
}

/**
 * Resolves a name of a module to a declaration (`path` and `name`), or to a name of another package (`from` and
 * `name`). `typeOnly` is true if a step on the way exports only a type.
 */
function resolveName(path, name, typeOnly = false) {
  const module = moduleAt(path);
  if (module.declarations.has(name)) return { path, name, typeOnly };
  const imported = module.imports.get(name);
  if (imported === undefined) return undefined; // a global, such as Promise
  return follow(path, imported, typeOnly);
}

function follow(path, { from, name, typeOnly }, outer) {
  const types = outer || typeOnly;
  if (!from.startsWith(".")) return { from, name, typeOnly: types };
  if (name === "*") throw new Error(`${path}: import * of the library's own files is not supported`);
  const found = resolveExport(fileOf(path, from), name, types);
  if (found === undefined) throw new Error(`${path}: ${from} does not export ${name}`);
  return found;
}

function resolveExport(path, name, typeOnly = false) {
  const module = moduleAt(path);
  const own = module.exports.get(name);
  if (own !== undefined) {
    const types = typeOnly || own.typeOnly;
    return own.from === undefined ? resolveName(path, own.local, types) : follow(path, own, types);
  }
  for (const star of module.stars) {
    const found = resolveExport(fileOf(path, star.from), name, typeOnly || star.typeOnly);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every name that a module exports. */
function exportedNames(path) {
  const module = moduleAt(path);
  const names = new Set(module.exports.keys());
  for (const star of module.stars) for (const name of exportedNames(fileOf(path, star.from))) names.add(name);
  return names;
}

/** A declaration that is in the package, by `path#name`. */
const nodes = new Map();

function nodeAt({ path, name }) {
  const id = `${path}#${name}`;
  const known = nodes.get(id);
  if (known !== undefined) return known;
  const node = { id, path, name, parts: moduleAt(path).declarations.get(name), entries: new Set(), uses: [] };
  nodes.set(id, node);
  for (const part of node.parts)
    for (const reference of part.references) {
      const target =
        reference.from === undefined
          ? resolveName(path, reference.name)
          : follow(path, { from: reference.from, name: reference.name, typeOnly: true }, true);
      if (target === undefined) continue;
      node.uses.push({
        part,
        reference,
        target,
        node: target.path === undefined ? undefined : nodeAt(target),
      });
    }
  return node;
}

const entries = Object.values(declarationsOf(root)).map((name) => {
  const path = join(dist, `${name}.d.ts`);
  const exports = [...exportedNames(path)].map((exported) => ({
    exported,
    target: resolveExport(path, exported),
  }));
  for (const { target } of exports) if (target.path !== undefined) mark(nodeAt(target), name);
  return { name, exports };
});

/** Records that an entry needs a declaration, and all declarations that it refers to. */
function mark(node, entry) {
  if (node.entries.has(entry)) return;
  node.entries.add(entry);
  for (const use of node.uses) if (use.node !== undefined) mark(use.node, entry);
}

/**
 * The file of each declaration: that of the only entry that needs it, or a chunk for all that are needed by the same
 * entries.
 */
const chunks = new Map();
for (const node of nodes.values()) {
  const needed = [...node.entries].sort();
  const [only] = needed;
  if (OPEN.has(node.name)) node.file = `chunks/${node.name.toLowerCase()}`;
  else if (needed.length === 1) node.file = only;
  else if (node.entries.has("index")) node.file = "chunks/types";
  else {
    const group = needed.join(" ");
    if (!chunks.has(group)) chunks.set(group, `chunks/types-${chunks.size + 1}`);
    node.file = chunks.get(group);
  }
}

/** What is written: the declarations of a file, its imports, and what it exports. */
const files = new Map();

function fileNamed(name) {
  if (!files.has(name))
    files.set(name, {
      name,
      nodes: [],
      names: new Map(),
      taken: new Set(),
      imports: new Map(),
      exports: new Map(),
    });
  return files.get(name);
}

for (const { name } of entries) fileNamed(name);
for (const node of nodes.values()) fileNamed(node.file).nodes.push(node);

/** A name that no other in the file has. */
function freeName(file, wanted) {
  let name = wanted;
  for (let i = 1; file.taken.has(name); i++) name = `${wanted}$${i}`;
  file.taken.add(name);
  return name;
}

/** Globals keep their names: nothing else in a file may have the same name. */
const globals = new Set();
for (const node of nodes.values())
  for (const { references } of node.parts)
    for (const { name, from } of references)
      if (from === undefined && resolveName(node.path, name) === undefined) globals.add(name);

for (const file of files.values()) {
  for (const name of globals) file.taken.add(name);
  for (const node of file.nodes) file.names.set(node.id, freeName(file, node.name));
}

/** The name by which a file knows a declaration or a name of another package. Imports it where needed. */
function localName(file, target, node) {
  const id = node === undefined ? `${target.from}#${target.name}` : node.id;
  const known = file.names.get(id);
  if (known !== undefined) return known;
  const from = node === undefined ? target.from : linkTo(file.name, node.file);
  const imported = node === undefined ? target.name : exportFrom(fileNamed(node.file), node);
  const local = freeName(
    file,
    node?.name ?? (target.name === "*" ? target.from.replace(/\W+/g, "_") : target.name),
  );
  file.names.set(id, local);
  const list = file.imports.get(from) ?? [];
  file.imports.set(from, [...list, { imported, local }]);
  return local;
}

/** Exports a declaration of a chunk or entry under its name in that file. */
function exportFrom(file, node) {
  const name = file.names.get(node.id);
  if (![...file.exports.values()].some(({ local }) => local === name))
    file.exports.set(name, { local: name, typeOnly: false });
  return name;
}

function linkTo(from, to) {
  const path = posix.relative(posix.dirname(from), to);
  return `${path.startsWith(".") ? path : `./${path}`}.cjs`;
}

/** A declaration with the names of its file. */
function textOf(file, node) {
  return node.parts
    .map((part) => {
      const edits = node.uses
        .filter((use) => use.part === part)
        .map(({ reference, target, node: used }) => ({ ...reference, text: localName(file, target, used) }));
      let text = part.text;
      for (const { start, end, text: name } of edits.sort((a, b) => b.start - a.start))
        text = text.slice(0, start) + name + text.slice(end);
      return renamed(text, node.name, file.names.get(node.id));
    })
    .join("\n");
}

/** A declaration under another name. References to itself are among its references. */
function renamed(text, from, to) {
  if (from === to) return declared(text);
  const at = text.lastIndexOf("*/", text.search(/\b(class|interface|type|function|const|enum)\s/)) + 1;
  return declared(text.slice(0, at) + text.slice(at).replace(new RegExp(`\\b${from}\\b`), to));
}

/** Adds `declare` if the declaration needs it. */
function declared(text) {
  return text.replace(
    /^((?:\/\*\*[\s\S]*?\*\/\s*)?)(abstract class|class|function|const|let|enum)\b/,
    "$1declare $2",
  );
}

const bodies = new Map();
for (const { name, exports } of entries) {
  const file = fileNamed(name);
  const stars = new Set();
  for (const { exported, target } of exports) {
    const node = target.path === undefined ? undefined : nodeAt(target);
    if (node !== undefined && OPEN.has(node.name)) {
      exportFrom(fileNamed(node.file), node);
      stars.add(linkTo(name, node.file));
      continue;
    }
    file.exports.set(exported, { local: localName(file, target, node), typeOnly: target.typeOnly });
  }
  file.stars = [...stars];
}
for (const file of files.values()) bodies.set(file, file.nodes.map((node) => textOf(file, node)).join("\n"));

const before = readdirSync(dist, { recursive: true });
for (const path of before) if (path.endsWith(".d.ts")) rmSync(join(dist, path));
// The longest paths first, so that a folder with only empty folders is removed as well.
for (const path of before.sort((a, b) => b.length - a.length)) removeIfEmpty(join(dist, path));
for (const [file, body] of bodies) {
  const lines = [];
  for (const [from, names] of [...file.imports].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const { local } of names.filter(({ imported }) => imported === "*"))
      lines.push(`import type * as ${local} from ${sourceText(from)};`);
    const list = names.filter(({ imported }) => imported !== "*");
    const words = from.startsWith(".") ? "import" : "import type";
    if (list.length > 0)
      lines.push(`${words} { ${list.map(importText).join(", ")} } from ${sourceText(from)};`);
  }
  for (const from of file.stars ?? []) lines.push(`export * from "${from}";`);
  if (body !== "") lines.push(body);
  const exported = [...file.exports].map(
    ([name, { local, typeOnly }]) =>
      `${typeOnly ? "type " : ""}${local === name ? name : `${local} as ${name}`}`,
  );
  lines.push(exported.length === 0 ? "export {};" : `export { ${exported.join(", ")} };`);
  const path = join(dist, `${file.name}.d.cts`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.join("\n")}\n`);
}
for (const { name } of entries)
  writeFileSync(join(dist, `${name}.d.ts`), `export * from "./${posix.basename(name)}.cjs";\n`);

function removeIfEmpty(path) {
  if (existsSync(path) && statSync(path).isDirectory() && readdirSync(path).length === 0) rmdirSync(path);
}

/**
 * The `from` clause of an import. Other packages are imported as ES modules, as the code does: their types often
 * differ.
 */
function sourceText(from) {
  return from.startsWith(".") ? `"${from}"` : `"${from}" with { "resolution-mode": "import" }`;
}

function importText({ imported, local }) {
  return imported === local ? local : `${imported} as ${local}`;
}
