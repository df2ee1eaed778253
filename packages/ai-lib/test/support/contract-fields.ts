import { parseSync } from "oxc-parser";
import { readSources } from "../structure/source.js";

/** A syntax node, as far as this file looks at it. */
type Node = { readonly type: string } & { readonly [key: string]: any };

/** Files whose every exported type must be made by the generators. */
const CONTRACT = ["message", "chat-request", "chat-response", "chat-event", "usage", "tool"].map(
  (file) => `src/core/values/${file}.ts`,
);

/** Types that stand for any JSON; what is in them is no field of the contract. */
const OPAQUE = new Set(["Json", "JsonObject", "Record"]);

/**
 * The fields that the contract's TypeScript sources declare, and which of them some values have. A field of a type
 * that extends another is one of the type itself: `"TextPart.cache"`. The words of a closed set are fields too:
 * `"Reasoning.effort = low"`.
 */
export class ContractFields {
  private readonly declarations = new Map<string, { readonly node: Node; readonly file: string }>();
  private readonly members = new Map<string, Node[]>();
  private readonly choices = new WeakMap<Node, Map<string, [string, Node][]>>();
  /** Types that were looked up on the way. */
  readonly reached = new Set<string>(OPAQUE);
  readonly seen = new Set<string>();
  /** Fields of values that no type declares. */
  readonly unknown = new Set<string>();

  constructor() {
    for (const { path, text } of readSources("src/core")) {
      for (const statement of parseSync(path, text).program.body as unknown as Node[]) {
        const node: Node = statement["declaration"] ?? statement;
        if (node.type === "TSInterfaceDeclaration" || node.type === "TSTypeAliasDeclaration")
          this.declarations.set(node["id"].name, { node, file: path });
      }
    }
  }

  /** Every field of every type that is reached from the roots, in declared order. */
  declared(roots: readonly string[]): string[] {
    const fields = new Set<string>();
    const types = new Set<string>();
    const reach = (type: Node | undefined, owner: string): void => {
      if (type === undefined) return;
      for (const [at, inner] of this.alternatives(type, owner)) {
        if (inner.type === "TSLiteralType") {
          fields.add(`${at} = ${inner["literal"].value}`);
          continue;
        }
        if (inner.type === "TSArrayType") reach(inner["elementType"], at);
        if (inner.type !== "members" || types.has(at)) continue;
        types.add(at);
        for (const member of inner["members"] as Node[]) {
          const name = `${at}.${nameOf(member)}`;
          fields.add(name);
          reach(member["typeAnnotation"].typeAnnotation, name);
        }
      }
    };
    for (const root of roots) reach({ type: "TSTypeReference", typeName: { name: root } }, root);
    return [...fields];
  }

  /** Types that the contract's files export. */
  exported(): string[] {
    return [...this.declarations].filter(([, { file }]) => CONTRACT.includes(file)).map(([name]) => name);
  }

  /** Notes which fields a value of the named type has. */
  mark(value: unknown, root: string): void {
    this.walk(value, { type: "TSTypeReference", typeName: { name: root } }, root);
  }

  private walk(value: unknown, type: Node, owner: string): void {
    if (value === undefined || value === null) return;
    for (const [at, inner] of this.alternatives(type, owner)) {
      if (inner.type === "TSLiteralType") {
        if (inner["literal"].value === value) this.seen.add(`${at} = ${String(value)}`);
      } else if (inner.type === "TSArrayType") {
        if (Array.isArray(value)) for (const one of value) this.walk(one, inner["elementType"], at);
      } else if (inner.type === "members" && typeof value === "object" && fits(value, inner["members"])) {
        this.walkMembers(value as { [key: string]: unknown }, inner["members"], at);
      }
    }
  }

  private walkMembers(value: { [key: string]: unknown }, members: readonly Node[], at: string): void {
    const left = new Set(Object.keys(value));
    for (const member of members) {
      const name = nameOf(member);
      left.delete(name);
      if (value[name] === undefined) continue;
      this.seen.add(`${at}.${name}`);
      this.walk(value[name], member["typeAnnotation"].typeAnnotation, `${at}.${name}`);
    }
    // A type that declares no field by name is a dictionary.
    if (members.length > 0) for (const name of left) this.unknown.add(`${at}.${name}`);
  }

  /** A type without names, unions and wrappers: each thing that it may be, and under which name its fields go. */
  private alternatives(type: Node, owner: string): [string, Node][] {
    const known = this.choices.get(type) ?? new Map<string, [string, Node][]>();
    this.choices.set(type, known);
    const found = known.get(owner) ?? this.resolve(type, owner);
    known.set(owner, found);
    return found;
  }

  private resolve(type: Node, owner: string): [string, Node][] {
    switch (type.type) {
      case "TSUnionType":
        return (type["types"] as Node[]).flatMap((one) => this.alternatives(one, owner));
      case "TSTypeOperator":
        return this.alternatives(type["typeAnnotation"], owner);
      case "TSParenthesizedType":
        return this.alternatives(type["typeAnnotation"], owner);
      case "TSTypeLiteral": {
        const members = (type["members"] as Node[]).filter((one) => one.type === "TSPropertySignature");
        const word = tagOf(members);
        return [[word === undefined ? owner : `${owner}(${word})`, { type: "members", members }]];
      }
      case "TSTypeReference": {
        const name: string = type["typeName"].name;
        const found = this.declarations.get(name);
        this.reached.add(name);
        if (OPAQUE.has(name) || found === undefined) return [];
        if (found.node.type === "TSTypeAliasDeclaration")
          return this.alternatives(found.node["typeAnnotation"], literalUnion(found.node) ? owner : name);
        return [[name, { type: "members", members: this.membersOf(name) }]];
      }
      default:
        return [[owner, type]];
    }
  }

  private basesOf(node: Node): Node[] {
    return ((node["extends"] ?? []) as Node[]).map((base) => ({
      type: "TSTypeReference",
      typeName: base["expression"],
    }));
  }

  private membersOf(name: string): Node[] {
    this.reached.add(name);
    const known = this.members.get(name);
    if (known !== undefined) return known;
    const found = this.declarations.get(name)?.node;
    if (found === undefined) return [];
    const inherited = this.basesOf(found).flatMap((base) => this.membersOf(base["typeName"].name));
    const own = (found["body"].body as Node[]).filter((one) => one.type === "TSPropertySignature");
    const members = [...inherited, ...own];
    this.members.set(name, members);
    return members;
  }
}

function nameOf(member: Node): string {
  return member["key"].name ?? member["key"].value;
}

/** The literal type of a member, where it has one. */
function literalOf(member: Node): unknown {
  const type = member["typeAnnotation"].typeAnnotation;
  return type.type === "TSLiteralType" && member["optional"] !== true ? type["literal"].value : undefined;
}

/** The word that tells one member of a union from the others. */
function tagOf(members: readonly Node[]): string | undefined {
  const tag = members.find((one) => nameOf(one) === "type");
  const word = tag === undefined ? undefined : literalOf(tag);
  return typeof word === "string" ? word : undefined;
}

function literalUnion(alias: Node): boolean {
  const types: Node[] = alias["typeAnnotation"].types ?? [alias["typeAnnotation"]];
  return types.some((one) => one.type === "TSLiteralType");
}

/** Whether a value may be of a type, by the members that say which of a union it is. */
function fits(value: object, members: readonly Node[]): boolean {
  if (Array.isArray(value)) return false;
  return members.every((member) => {
    const name = nameOf(member);
    const given = (value as { [key: string]: unknown })[name];
    const type = member["typeAnnotation"].typeAnnotation;
    if (given === undefined && member["optional"] !== true) return false;
    if (type.type === "TSUnionType" && name === "type")
      return (type["types"] as Node[]).some((one) => one["literal"]?.value === given);
    const literal = literalOf(member);
    return literal === undefined || literal === given;
  });
}
