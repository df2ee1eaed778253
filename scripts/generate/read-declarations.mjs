// What a module exports, read from its declarations (`.d.ts`) without running anything.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseSync } from "oxc-parser";

const parsed = new Map();

/** A module's parts: its statements, comments and text. */
function parse(file) {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, "utf8");
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0].message}`);
  const module = { file, text, body: program.body, comments };
  parsed.set(file, module);
  return module;
}

/** Every exported name of a module, sorted, with where it is declared: `{ name, file, kind, doc, code }`. */
export function exportsOf(file) {
  const found = new Map();
  collect(file, found);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function collect(file, found) {
  const module = parse(file);
  for (const node of module.body) {
    if (node.type === "ExportAllDeclaration") collect(pathOf(file, node.source.value), found);
    if (node.type !== "ExportNamedDeclaration") continue;
    if (node.declaration !== null) for (const one of declared(module, node)) found.set(one.name, one);
    for (const { local, exported } of node.specifiers) {
      const source = node.source === null ? importedFrom(module, local.name) : node.source.value;
      const one =
        source === undefined
          ? exportsOf(file).find(({ name }) => name === local.name)
          : exportsOf(pathOf(file, source)).find(({ name }) => name === local.name);
      if (one === undefined)
        throw new Error(`${file} exports ${local.name}, which ${source} does not declare`);
      found.set(exported.name, { ...one, name: exported.name });
    }
  }
}

function pathOf(file, specifier) {
  return resolve(dirname(file), specifier.replace(/\.js$/, ".d.ts"));
}

function importedFrom({ body }, name) {
  const node = body.find(
    ({ type, specifiers }) =>
      type === "ImportDeclaration" && specifiers.some(({ local }) => local.name === name),
  );
  return node?.source.value;
}

/** The declarations of one export statement. */
function declared(module, node) {
  const { declaration } = node;
  const nodes = declaration.type === "VariableDeclaration" ? declaration.declarations : [declaration];
  return nodes.map(({ id }) => ({
    name: id.name,
    file: module.file,
    kind: kindOf(declaration.type),
    doc: commentBefore(module, node.start)?.value ?? "",
    code: shown(module, node),
  }));
}

function kindOf(type) {
  switch (type) {
    case "TSDeclareFunction":
    case "FunctionDeclaration":
      return "function";
    case "ClassDeclaration":
      return "class";
    case "TSInterfaceDeclaration":
      return "interface";
    case "TSTypeAliasDeclaration":
      return "type";
    case "VariableDeclaration":
      return "constant";
    default:
      throw new Error(`No word for the declaration ${type}`);
  }
}

/** The doc comment that ends where a declaration begins. */
function commentBefore({ comments, text }, start) {
  const last = comments.findLast(({ end }) => end <= start);
  const near = last !== undefined && text.slice(last.end, start).trim() === "";
  return near && last.type === "Block" && last.value.startsWith("*") ? last : undefined;
}

/** The text of a declaration as a user may rely on it: what is private or internal is left out. */
function shown(module, node) {
  const { declaration } = node;
  const cuts = (declaration.type === "ClassDeclaration" ? declaration.body.body : [])
    .map((member) => ({ member, comment: commentBefore(module, member.start) }))
    .filter(({ member, comment }) => hidden(member, comment))
    .map(({ member, comment }) => ({ start: comment?.start ?? member.start, end: member.end }));
  let code = "";
  let at = declaration.start;
  for (const { start, end } of cuts) {
    code += module.text.slice(at, start).trimEnd();
    at = end;
  }
  code += module.text.slice(at, declaration.end);
  return code.replace(/^declare /, "");
}

function hidden(member, comment) {
  return (
    member.accessibility === "private" ||
    member.key?.type === "PrivateIdentifier" ||
    comment?.value.includes("@internal") === true
  );
}
