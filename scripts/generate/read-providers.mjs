// Reads the providers' files without running them: their exports are plain data.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";

/** The end of a provider's file; no other file in the folder has it. */
const MARK = "satisfies ProviderData;";

/**
 * Every provider of a folder, by id: `{ data, name, doc }` with its data, the name of its export, and its doc
 * comment in one line.
 */
export function readProviders(folder) {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !/\.(test|generated)\.ts$/.test(file))
    .map((file) => ({ path: join(folder, file), id: file.slice(0, -3) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((file) => ({ ...file, text: readFileSync(file.path, "utf8") }))
    .filter(({ text }) => text.includes(MARK));
  const parsed = new Map(files.map((file) => [file.path, parse(file)]));
  return files.map((file) => {
    const { name, doc } = parsed.get(file.path);
    const data = dataOf(parsed.get(file.path), parsed, []);
    if (data.id !== file.id) fail(file.path, `its id "${data.id}" is not its file's name`);
    if (name.toLowerCase() !== file.id.replaceAll("-", ""))
      fail(file.path, `its export "${name}" is not its id in camel case`);
    if (doc === "") fail(file.path, "it has no doc comment above its export");
    return { data, name, doc };
  });
}

function parse({ path, text }) {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) fail(path, `it does not parse: ${errors[0].message}`);
  const imports = new Map();
  const found = [];
  for (const node of program.body) {
    if (node.type === "ImportDeclaration")
      for (const { local } of node.specifiers)
        imports.set(local.name, join(path, "..", node.source.value.replace(/\.js$/, ".ts")));
    if (node.type === "ExportNamedDeclaration" && node.declaration?.type === "VariableDeclaration")
      found.push(...node.declaration.declarations.map((each) => ({ each, start: node.start })));
  }
  if (found.length !== 1) fail(path, `it has ${found.length} exports, and must have the provider alone`);
  const [{ each, start }] = found;
  const comment = comments.findLast(({ type, end }) => type === "Block" && end <= start);
  return {
    path,
    imports,
    name: each.id.name,
    init: each.init,
    doc: comment === undefined ? "" : oneLine(comment.value),
  };
}

/** The text of a doc comment, without its stars. */
function oneLine(comment) {
  return comment
    .split("\n")
    .map((line) => line.replace(/^\s*\*+ ?/, "").trim())
    .join(" ")
    .trim();
}

/** The value of an expression of literals. A spread may name the data of another provider's file. */
function dataOf(file, parsed, above) {
  if (above.includes(file.path)) fail(file.path, "it spreads itself");
  return evaluate(file.init);

  function evaluate(node) {
    switch (node.type) {
      case "TSAsExpression":
      case "TSSatisfiesExpression":
        return evaluate(node.expression);
      case "Literal":
        if (node.value instanceof RegExp || typeof node.value === "bigint") break;
        return node.value;
      case "ArrayExpression":
        return node.elements.map(evaluate);
      case "ObjectExpression":
        return Object.assign({}, ...node.properties.map(property));
      case "Identifier": {
        const other = parsed.get(file.imports.get(node.name));
        if (other !== undefined) return dataOf(other, parsed, [...above, file.path]);
      }
    }
    return fail(
      file.path,
      `it holds "${node.type}", and must be plain data: literals, and spreads of another provider`,
    );
  }

  function property(node) {
    if (node.type === "SpreadElement") return evaluate(node.argument);
    if (node.computed || node.kind !== "init" || node.method)
      return evaluate({ type: "a computed key or a method" });
    return { [node.key.name ?? node.key.value]: evaluate(node.value) };
  }
}

function fail(path, why) {
  throw new Error(`${path}: ${why}`);
}
