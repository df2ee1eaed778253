import type { ChatProvider } from "ai-lib";
import type { MemberNode } from "./member-schema.js";
import type { GatewayConfig } from "./schema.js";

/** A provider of a route with what the file says of it. */
export interface NamedMember {
  readonly provider: ChatProvider;
  /** The member in the file, if that is known. */
  readonly node: MemberNode | undefined;
  /** The model that it is asked for; undefined for its own. */
  readonly model: string | undefined;
}

/** The word of a strategy or wrapper in the file, such as `rateLimit`, by the name of what it made. */
export function wordOf({ name }: ChatProvider): string {
  return (/^[\w-]+/.exec(name)?.[0] ?? name).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The member of a route in the file. */
export function routeNode(config: GatewayConfig | undefined, route: string): MemberNode | undefined {
  const { routes = {} } = config ?? {};
  const node = Object.hasOwn(routes, route) ? routes[route] : undefined;
  return (typeof node === "object" && node !== null && "use" in node ? node.use : node) as
    | MemberNode
    | undefined;
}

/** The members of a strategy or wrapper, each with the model that it is asked for. */
export function namedMembers(
  { provider, node, model }: NamedMember,
  config: GatewayConfig | undefined,
): readonly NamedMember[] {
  const { members = [] } = provider;
  const nodes = nodesOf(node, wordOf(provider), config);
  return members.map((member, index) => {
    const own = nodes.length === members.length ? nodes[index] : undefined;
    return { provider: member, node: own, model: modelFor(own, model) };
  });
}

/** The members of a node; none where it is no such strategy or wrapper. */
function nodesOf(
  node: MemberNode | undefined,
  word: string,
  config: GatewayConfig | undefined,
): readonly MemberNode[] {
  if (node === undefined || typeof node === "string") return [];
  if (node.route !== undefined) return nodesOf(routeNode(config, node.route), word, config);
  const inner = (node as Readonly<Record<string, unknown>>)[word] as
    | MemberNode
    | readonly MemberNode[]
    | undefined;
  if (inner === undefined) return [];
  return Array.isArray(inner) ? inner : [inner as MemberNode];
}

function modelFor(node: MemberNode | undefined, asked: string | undefined): string | undefined {
  const own = typeof node === "object" ? node.model : undefined;
  if (typeof own === "string") return own;
  return own !== undefined && asked !== undefined ? (own[asked] ?? asked) : asked;
}
