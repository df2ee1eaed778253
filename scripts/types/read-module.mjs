// Reads a declaration file that tsc wrote: its declarations with the names that each refers to, its imports and its
// exports.
import { readFileSync } from "node:fs";
import { parseSync } from "oxc-parser";

/**
 * @typedef {{ name: string, text: string, start: number, references: Reference[], order: number }} Declaration
 * A top-level declaration without `export` and `declare`, and its comment. Overloads of one name are several.
 * @typedef {{ name: string, from?: string, start: number, end: number, shorthand?: boolean }} Reference
 * A name that a declaration uses: one of its module, or with `from` one of another file, written `import("from").name`.
 * Positions count from the start of `text`.
 * @typedef {{ name: string, from: string, typeOnly: boolean }} Binding
 * A name of another file; `*` is all of it.
 */

/** @returns {{ declarations: Map<string, Declaration[]>, imports: Map<string, Binding>, exports: Map<string, any>, stars: Binding[] }} */
export function readModule(path) {
  const source = readFileSync(path, "utf8");
  const { program, errors } = parseSync(path, source, { lang: "dts" });
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0].message}`);
  const module = { declarations: new Map(), imports: new Map(), exports: new Map(), stars: [] };
  let end = 0;
  for (const statement of program.body) {
    const comment = commentBefore(source, end, statement.start);
    end = statement.end;
    readStatement(module, statement, source, comment, path);
  }
  return module;
}

/** The last comment before a statement: a file's first line may be a comment of its own. */
function commentBefore(source, from, to) {
  const between = source.slice(from, to);
  const at = between.lastIndexOf("/**");
  return at === -1 ? "" : between.slice(at);
}

function readStatement(module, statement, source, comment, path) {
  switch (statement.type) {
    case "ImportDeclaration":
      for (const one of statement.specifiers) {
        const typeOnly = statement.importKind === "type" || one.importKind === "type";
        const name = one.type === "ImportSpecifier" ? nameOf(one.imported) : "*";
        module.imports.set(one.local.name, { name, from: statement.source.value, typeOnly });
      }
      return;
    case "ExportAllDeclaration":
      if (statement.exported) throw new Error(`${path}: export * as is not supported`);
      module.stars.push({
        name: "*",
        from: statement.source.value,
        typeOnly: statement.exportKind === "type",
      });
      return;
    case "ExportNamedDeclaration": {
      if (statement.declaration) {
        const names = addDeclaration(module, statement.declaration, source, comment);
        for (const name of names) module.exports.set(name, { local: name, typeOnly: false });
        return;
      }
      for (const one of statement.specifiers) {
        const typeOnly = statement.exportKind === "type" || one.exportKind === "type";
        const local = nameOf(one.local);
        const binding = statement.source ? { from: statement.source.value, name: local } : { local };
        module.exports.set(nameOf(one.exported), { ...binding, typeOnly });
      }
      return;
    }
    default:
      addDeclaration(module, statement, source, comment);
  }
}

function nameOf(node) {
  return node.type === "Literal" ? node.value : node.name;
}

/** @returns the names that it declares */
function addDeclaration(module, node, source, comment) {
  if (node.type === "VariableDeclaration") {
    const names = node.declarations.map(({ id }) => id.name);
    if (names.length !== 1) throw new Error(`One declaration a statement is expected: ${names.join(", ")}`);
    add(module, names[0], node, source, comment);
    return names;
  }
  if (!node.id) throw new Error(`A declaration of the kind ${node.type} is not supported`);
  add(module, node.id.name, node, source, comment);
  return [node.id.name];
}

function add(module, name, node, source, comment) {
  const own = source.slice(node.start, node.end).replace(/^declare /, "");
  const cut = node.end - node.start - own.length;
  const shift = comment.length - node.start - cut;
  const references = referencesIn(node).map((one) => ({
    ...one,
    start: one.start + shift,
    end: one.end + shift,
  }));
  const before = module.declarations.get(name) ?? [];
  module.declarations.set(name, [...before, { name, text: comment + own, references }]);
}

/** Keys of child nodes whose names are not references: those of members, parameters and labels. */
const NAMES = new Set(["key", "id", "label", "params", "parameterName"]);

/** The names that a declaration refers to, in order, without those that its own type parameters declare. */
function referencesIn(declaration) {
  const found = [];
  const visit = (node, hidden) => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each, hidden);
      return;
    }
    if (typeof node !== "object" || node === null || typeof node.type !== "string") return;
    const within = new Set([...hidden, ...typeParametersOf(node)]);
    switch (node.type) {
      case "TSTypeReference":
        refer(node.typeName, within);
        visit(node.typeArguments, within);
        return;
      case "TSInterfaceHeritage":
      case "TSClassImplements":
        refer(node.expression, within);
        visit(node.typeArguments, within);
        return;
      case "TSTypeQuery":
        refer(node.exprName, within);
        visit(node.typeArguments, within);
        return;
      case "TSImportType": {
        const name = leftmost(node.qualifier);
        found.push({
          name: name?.name ?? "*",
          from: node.source.value,
          start: node.start,
          end: name?.end ?? node.end,
        });
        visit(node.typeArguments, within);
        return;
      }
      case "ClassDeclaration":
        if (node.superClass) refer(node.superClass, within);
        break;
      default:
    }
    for (const [key, child] of Object.entries(node)) {
      if (key === "superClass" || key === "type") continue;
      if (NAMES.has(key)) {
        if (key === "key" && node.computed) refer(child, within);
        else visitTypes(child, within);
      } else visit(child, within);
    }
  };
  /** Visits the types of parameters and patterns, whose names are not references. */
  const visitTypes = (node, hidden) => {
    if (Array.isArray(node)) {
      for (const each of node) visitTypes(each, hidden);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    if (node.type === "Identifier") visit(node.typeAnnotation, hidden);
    else visit(node, hidden);
  };
  const refer = (node, hidden) => {
    const name = leftmost(node);
    if (name !== undefined && !hidden.has(name.name))
      found.push({ name: name.name, start: name.start, end: name.start + name.name.length });
    else if (name === undefined) visit(node, hidden);
  };
  visit(declaration, new Set());
  return found.sort((a, b) => a.start - b.start);
}

/** The first name of `a.b.c`. */
function leftmost(node) {
  switch (node?.type) {
    case "Identifier":
      return node;
    case "TSQualifiedName":
      return leftmost(node.left);
    case "MemberExpression":
      return leftmost(node.object);
    default:
      return undefined;
  }
}

/** The type parameters that a node declares for everything within it. */
function typeParametersOf(node) {
  const named = node.typeParameters?.params?.map((one) => nameOf(one.name)) ?? [];
  if (node.type === "TSMappedType") named.push(nameOf(node.key));
  if (node.type === "TSConditionalType") collectInfer(node.extendsType, named);
  return named;
}

function collectInfer(node, into) {
  if (typeof node !== "object" || node === null) return;
  if (node.type === "TSInferType") into.push(nameOf(node.typeParameter.name));
  for (const child of Object.values(node)) if (typeof child === "object") collectInfer(child, into);
}
