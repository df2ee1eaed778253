import type { ChatProvider, Environment, Kind, Price, PriceSource, Transport } from "ai-lib";
import { AiLibError } from "ai-lib";
import { priceList } from "ai-lib/cost";
import { retry } from "ai-lib/resilience";
import { type AdminSettings, adminSettings } from "../admin/settings.js";
import { mayPass } from "../header-rules.js";
import { type LoadedHook, loadHook } from "../hooks/load-hook.js";
import { LiveState } from "../live/live-state.js";
import { ModelTable, type Route, type RouteSettings } from "../model-table.js";
import { checkShape } from "./check-shape.js";
import { type Declared, readDeclared } from "./declared.js";
import type { MemberNode } from "./member-schema.js";
import { Members } from "./members.js";
import { formatPath, type Path, Problems } from "./problems.js";
import { Providers } from "./providers.js";
import type { RouteNode } from "./route-schema.js";
import type { GatewayConfig } from "./schema.js";
import type { Source } from "./source.js";
import { type StorageSettings, storageSettings } from "./storage-settings.js";

/** A checked configuration, ready to serve. */
export interface Plan {
  readonly config: GatewayConfig;
  readonly revision: string;
  readonly table: ModelTable;
  /** The keys and groups that the file declares. */
  readonly declared: Declared;
  /** The state of the routes: circuits, cooldowns, windows, caches. */
  readonly live: LiveState;
  /** The admin API; undefined where it is not served. */
  readonly admin: AdminSettings | undefined;
  /** What is stored, and where. */
  readonly storage: StorageSettings;
}

/** The parts that a plan is made with. */
export interface PlanMeans {
  readonly environment: Environment;
  readonly prices: PriceSource;
  /** Makes the transport that the file asks for; undefined for that of ai-lib. */
  transport?(name: GatewayConfig["transport"]): Transport | undefined;
  /** Receives the failures of hooks, for the operator. Default: they are not reported. */
  report?(line: string): void;
}

/**
 * Checks a configuration and makes what it describes, without any I/O besides reading secrets and modules of hooks.
 * @throws {AiLibError} `CONFIG_ERROR` that lists every problem with its file and line.
 */
export async function makePlan(source: Source, means: PlanMeans): Promise<Plan> {
  const problems = new Problems();
  const config = checkShape(source.value, problems);
  const hooks = config === undefined ? new Map() : await loadHooks(config, means, problems);
  const plan =
    config === undefined
      ? undefined
      : new Planner(config, withOwnPrices(config, means), problems, hooks).plan(source);
  if (plan !== undefined && problems.found.length === 0) return plan;
  throw new AiLibError({ code: "CONFIG_ERROR", message: formatProblems(source, problems), local: true });
}

function withOwnPrices({ prices: own }: GatewayConfig, means: PlanMeans): PlanMeans {
  return own === undefined
    ? means
    : { ...means, prices: priceList(own as Record<string, Price>, means.prices) };
}

function formatProblems(source: Source, { found }: Problems): string {
  const placed = found.map((problem) => ({ ...problem, line: source.lineOf(problem.path) }));
  placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const lines = placed.map(({ path, message, line }) => {
    const place = line === undefined ? source.file : `${source.file}:${line}`;
    return `${place}: ${path.length === 0 ? "" : `${formatPath(path)}: `}${message}`;
  });
  return [...new Set(lines)].join("\n");
}

async function loadHooks(
  config: GatewayConfig,
  { report }: PlanMeans,
  problems: Problems,
): Promise<ReadonlyMap<string, readonly LoadedHook[]>> {
  const loaded = new Map<string, readonly LoadedHook[]>();
  for (const [name, node] of Object.entries(config.routes ?? {})) {
    if (!isRoute(node) || node.hooks === undefined) continue;
    const hooks: LoadedHook[] = [];
    for (const [index, hook] of node.hooks.entries()) {
      const path: Path = ["routes", name, "hooks", index];
      if ((hook.module === undefined) === (hook.url === undefined))
        problems.add(path, "a hook has either `module` or `url`");
      else
        await loadHook(hook, report).then(
          (made) => hooks.push(made),
          (error: Error) => problems.add(path, error.message),
        );
    }
    loaded.set(name, hooks);
  }
  return loaded;
}

/** Makes a plan of a configuration whose shape is right. */
class Planner {
  private readonly providers: Providers;
  private readonly made = new Map<string, ChatProvider | undefined>();
  private readonly live = new LiveState();
  /** Routes that are being made, to find those that contain themselves. */
  private readonly making = new Set<string>();

  constructor(
    private readonly config: GatewayConfig,
    private readonly means: PlanMeans,
    private readonly problems: Problems,
    /** The hooks of routes by their names. */
    private readonly hooks: ReadonlyMap<string, readonly LoadedHook[]>,
  ) {
    const { environment, prices } = means;
    this.providers = new Providers(config, {
      environment,
      prices,
      transport: problems.try(["transport"], () => means.transport?.(config.transport)),
    });
  }

  plan({ file, revision }: Source): Plan | undefined {
    const { config, problems } = this;
    this.providers.checkAll(problems);
    const routes = Object.keys(config.routes ?? {}).flatMap((name): Route[] => {
      const provider = this.route(name, ["routes", name]);
      return provider === undefined ? [] : [{ name, provider, settings: this.settingsOf(name) }];
    });
    this.checkProviders();
    this.checkDefault();
    const declared = readDeclared(config, this.means.environment, problems);
    const admin = adminSettings(config.admin, this.means.environment, problems);
    const storage = storageSettings(config, { ...this.means, file }, problems);
    if (problems.found.length > 0) return undefined;
    const direct = config.direct === false ? [] : this.providers.names;
    const table = new ModelTable({
      routes,
      providers: new Map(direct.map((name) => [name, retry(this.providers.make(name))])),
      knows: (id, model) => this.providers.has(id, model),
      aliases: Object.entries(config.aliases ?? {}),
      fallback: config.default,
    });
    if (table.served().length === 0)
      problems.add([], "there is nothing to serve: add `providers` or `routes`");
    this.checkAliases(table);
    return problems.found.length > 0
      ? undefined
      : { config, revision, table, declared, live: this.live, admin, storage };
  }

  private route(name: string, from: Path): ChatProvider | undefined {
    const { problems } = this;
    if (this.making.has(name)) {
      problems.add(from, `the route ${name} contains itself`);
      return undefined;
    }
    if (this.made.has(name)) return this.made.get(name);
    const node = Object.hasOwn(this.config.routes ?? {}, name) ? this.config.routes?.[name] : undefined;
    if (node === undefined) {
      problems.add(from, `there is no route ${name}`);
      return undefined;
    }
    this.making.add(name);
    const path: Path = ["routes", name];
    const full = isRoute(node) ? node : undefined;
    const kinds: readonly Kind[] = full?.kinds ?? ["chat"];
    const route = (other: string, place: Path) => this.route(other, place);
    const members = new Members({ providers: this.providers, problems, route, name, live: this.live }, kinds);
    const member = full === undefined ? (node as MemberNode) : (full.use as MemberNode);
    const own = full === undefined ? path : [...path, "use"];
    if (full !== undefined) this.checkSettings(full, path);
    if (typeof member !== "string" && member.weight !== undefined)
      problems.add([...own, "weight"], "`weight` has no effect outside of `weighted`");
    const provider = members.make(member, own);
    this.making.delete(name);
    this.made.set(name, provider);
    return provider;
  }

  private checkSettings({ headers }: RouteNode, path: Path): void {
    const { problems } = this;
    for (const [index, name] of (headers?.pass ?? []).entries())
      if (!mayPass(name))
        problems.add([...path, "headers", "pass", index], "this header never goes to a provider");
  }

  private settingsOf(name: string): RouteSettings {
    const node = this.config.routes?.[name];
    if (node === undefined || !isRoute(node)) return {};
    const { use: _use, kinds: _kinds, hooks: _hooks, ...settings } = node;
    const hooks = this.hooks.get(name);
    return { ...settings, ...(hooks !== undefined && { hooks }) };
  }

  private checkProviders(): void {
    if (this.config.direct !== false) return;
    for (const name of this.providers.names)
      if (!this.providers.used.has(name))
        this.problems.add(
          ["providers", name],
          "no route asks this provider, and `direct: false` lets no client ask it",
        );
  }

  private checkDefault(): void {
    const { default: fallback, routes } = this.config;
    if (fallback !== undefined && !Object.hasOwn(routes ?? {}, fallback))
      this.problems.add(["default"], `there is no route ${fallback}`);
  }

  private checkAliases(table: ModelTable): void {
    for (const [name, target] of Object.entries(this.config.aliases ?? {})) {
      if (name.slice(0, -1).includes("*"))
        this.problems.add(["aliases", name], "* stands only at the end of a name");
      if (Object.hasOwn(this.config.routes ?? {}, name))
        this.problems.add(["aliases", name], "a route has this name, so the alias is never reached");
      if (!table.leads(target))
        this.problems.add(
          ["aliases", name],
          `${target} is neither a route nor a model of a provider of this file`,
        );
    }
  }
}

function isRoute(node: unknown): node is RouteNode {
  return typeof node === "object" && node !== null && "use" in node;
}
