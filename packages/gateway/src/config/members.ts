import type { ChatProvider, Kind, Member } from "ai-lib";
import {
  cache,
  circuitBreaker,
  concurrencyLimit,
  type MemoryCacheOptions,
  rateLimit,
  retry,
  timeout,
} from "ai-lib/resilience";
import {
  cheapest,
  failover,
  hedged,
  keys,
  leastBusy,
  leastLatency,
  roundRobin,
  sticky,
  weighted,
} from "ai-lib/strategies";
import { type LiveState, STATEFUL, type StatefulWord } from "../live/live-state.js";
import { PurgeableCache } from "../live/purgeable-cache.js";
import { mirror } from "../mirror.js";
import { type MemberNode, type MemberObject, STRATEGIES, WRAPPERS } from "./member-schema.js";
import type { Path, Problems } from "./problems.js";
import type { Providers } from "./providers.js";

type Options = Readonly<Record<string, unknown>>;

/** Each strategy by its name in the file, which is its name in the library. The library checks the options. */
const MAKE_STRATEGY: Readonly<
  Record<(typeof STRATEGIES)[number], (members: readonly Member[], options: Options) => ChatProvider>
> = { failover, roundRobin, weighted, leastLatency, leastBusy, cheapest, hedged, sticky, keys };

/** Each wrapper that has one member and nothing else. */
const MAKE_WRAPPER: Readonly<
  Record<
    Exclude<(typeof WRAPPERS)[number], "mirror" | "cache">,
    (member: ChatProvider, options: Options) => ChatProvider
  >
> = {
  retry,
  timeout,
  circuitBreaker,
  rateLimit,
  concurrencyLimit: (member, options) =>
    concurrencyLimit(member, options as unknown as Parameters<typeof concurrencyLimit>[1]),
};

/** The parts that members are made with. */
export interface MemberMeans {
  readonly providers: Providers;
  readonly problems: Problems;
  /** Another route, by its name; `from` is where it is named. */
  route(name: string, from: Path): ChatProvider | undefined;
  /** The name of the route whose members are made. */
  readonly name: string;
  readonly live: LiveState;
}

/** Makes the providers of the members of one route. */
export class Members {
  /** @param kinds the kinds of call that every member must have */
  constructor(
    private readonly means: MemberMeans,
    private readonly kinds: readonly Kind[],
  ) {}

  /** @returns undefined if something is wrong; `problems` has the reasons */
  make(node: MemberNode, path: Path): ChatProvider | undefined {
    if (typeof node === "string") return this.leaf(node, path);
    const { problems } = this.means;
    const set = [...STRATEGIES, ...WRAPPERS, "provider", "route"].filter(
      (name) => node[name as keyof MemberObject] !== undefined,
    );
    const [what, ...more] = set;
    if (what === undefined || more.length > 0) {
      const found = set.length === 0 ? "none" : set.join(" and ");
      problems.add(
        path,
        `a member is exactly one of a provider, a route, a strategy and a wrapper; found ${found}`,
      );
      return undefined;
    }
    this.refuseIdle(node, what, path);
    const options = node.options ?? {};
    switch (what) {
      case "provider":
        return this.leaf(node.provider ?? "", [...path, "provider"]);
      case "route":
        return this.means.route(node.route ?? "", [...path, "route"]);
      case "mirror":
        return this.mirrored(node.mirror, node.to, options, path);
      default:
        return isStrategy(what)
          ? this.strategy(what, node[what] ?? [], options, path)
          : this.wrapper(what as keyof typeof MAKE_WRAPPER | "cache", node, options, path);
    }
  }

  /** Refuses settings without an effect. */
  private refuseIdle(node: MemberObject, what: string, path: Path): void {
    const { problems } = this.means;
    if (node.options !== undefined && (what === "provider" || what === "route"))
      problems.add([...path, "options"], `\`options\` has no effect beside \`${what}\``);
    if (node.to !== undefined && what !== "mirror")
      problems.add([...path, "to"], "`to` has no effect without `mirror`");
  }

  private leaf(name: string, path: Path): ChatProvider | undefined {
    const { providers, problems } = this.means;
    const slash = name.indexOf("/");
    const [id, model] = slash === -1 ? [name, undefined] : [name.slice(0, slash), name.slice(slash + 1)];
    if (providers.hasFailed(id)) return undefined;
    const provider = problems.try(path, () => providers.make(id, model));
    const kinds = provider?.kinds?.() ?? new Set(["chat"]);
    const missing = provider === undefined ? [] : this.kinds.filter((kind) => !kinds.has(kind));
    for (const kind of missing)
      problems.add(
        path,
        `${id} does not answer calls of the kind ${kind}; it answers: ${[...kinds].join(", ")}`,
      );
    return provider;
  }

  private strategy(
    what: (typeof STRATEGIES)[number],
    nodes: readonly MemberNode[],
    options: Options,
    path: Path,
  ): ChatProvider | undefined {
    const { problems } = this.means;
    const seen = new Map<string, number>();
    const members = nodes.map((node, index): Member | undefined => {
      const place = [...path, what, index];
      const text = JSON.stringify(node);
      const earlier = seen.get(text);
      seen.set(text, earlier ?? index);
      if (earlier !== undefined) {
        problems.add(place, `this member is the same as member ${earlier} and is never reached`);
        return undefined;
      }
      const provider = this.make(node, place);
      if (provider === undefined) return undefined;
      const { model, weight } = typeof node === "string" ? ({} as MemberObject) : node;
      if (weight !== undefined && what !== "weighted")
        problems.add([...place, "weight"], `\`weight\` has no effect in \`${what}\``);
      return model === undefined && weight === undefined
        ? provider
        : { provider, ...(model !== undefined && { model }), ...(weight !== undefined && { weight }) };
    });
    const made = members.flatMap((member) => member ?? []);
    if (made.length < nodes.length) return undefined;
    const providers = made.map((member) => ("provider" in member ? member.provider : member));
    return this.watched(what, providers, options, path, (all) => MAKE_STRATEGY[what](made, all));
  }

  private wrapper(
    what: keyof typeof MAKE_WRAPPER | "cache",
    node: Exclude<MemberNode, string>,
    options: Options,
    path: Path,
  ): ChatProvider | undefined {
    const inner = this.single(node[what], what, path);
    if (inner === undefined) return undefined;
    if (what === "cache") return this.cached(inner, options, path);
    return this.watched(what, [inner], options, path, (all) => MAKE_WRAPPER[what](inner, all));
  }

  private cached(inner: ChatProvider, options: Options, path: Path): ChatProvider | undefined {
    const { problems, live, name } = this.means;
    const { maxEntries, maxBytes, ...rest } = options;
    return problems.try(path, () => {
      const store = new PurgeableCache({
        ...(maxEntries !== undefined && { maxEntries }),
        ...(maxBytes !== undefined && { maxBytes }),
      } as MemoryCacheOptions);
      const provider = cache(inner, { ...rest, store });
      const id = live.idFor(name, "cache", [inner]);
      live.parts.push({ id, route: name, word: "cache", provider, options, cache: store });
      return provider;
    });
  }

  /** Makes a strategy or wrapper whose state, if it has any, operators can see and change. */
  private watched(
    what: string,
    members: readonly ChatProvider[],
    options: Options,
    path: Path,
    make: (options: Options) => ChatProvider,
  ): ChatProvider | undefined {
    const { problems, live, name } = this.means;
    if (!isStateful(what)) return problems.try(path, () => make(options));
    for (const option of ["state", "stateKey"])
      if (option in options)
        problems.add([...path, "options", option], "the gateway sets this option itself");
    return problems.try(path, () => {
      const id = live.idFor(name, what, members);
      const provider = make({ ...options, ...live.optionsFor(id) });
      live.parts.push({ id, route: name, word: what, provider, options });
      return provider;
    });
  }

  private mirrored(
    node: MemberNode | undefined,
    to: MemberNode | undefined,
    options: Options,
    path: Path,
  ): ChatProvider | undefined {
    const { problems } = this.means;
    const inner = this.single(node, "mirror", path);
    if (to === undefined) problems.add(path, "`mirror` needs `to`: the member that gets the copies");
    const copies = to === undefined ? undefined : this.single(to, "to", path);
    if (inner === undefined || copies === undefined) return undefined;
    return problems.try(path, () => mirror(inner, copies, options));
  }

  /** The only member of a wrapper, with the model that it names, if any. */
  private single(node: MemberNode | undefined, what: string, path: Path): ChatProvider | undefined {
    if (node === undefined) return undefined;
    const place = [...path, what];
    const provider = this.make(node, place);
    const { model, weight } = typeof node === "string" ? ({} as MemberObject) : node;
    if (weight !== undefined)
      this.means.problems.add([...place, "weight"], `\`weight\` has no effect in \`${what}\``);
    return provider === undefined || model === undefined ? provider : failover([{ provider, model }]);
  }
}

function isStateful(name: string): name is StatefulWord {
  return (STATEFUL as readonly string[]).includes(name);
}

function isStrategy(name: string): name is (typeof STRATEGIES)[number] {
  return (STRATEGIES as readonly string[]).includes(name);
}
