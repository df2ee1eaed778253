import { isMap, parse, parseDocument, stringify } from "yaml";
import type { GatewayConfig } from "../config/schema.js";
import { configError } from "../config-error.js";

/** LiteLLM's names of providers that are others here (https://docs.litellm.ai/docs/providers). */
const PROVIDERS: Readonly<Record<string, string>> = {
  azure: "azure-openai",
  azure_ai: "azure-openai",
  gemini: "google",
  vertex_ai: "vertex",
  cohere_chat: "cohere",
  together_ai: "together",
  fireworks_ai: "fireworks",
  ollama_chat: "ollama",
  nvidia_nim: "nvidia",
  hosted_vllm: "vllm",
  lm_studio: "lmstudio",
};

/** Strategies of LiteLLM's router (https://docs.litellm.ai/docs/routing), and the closest ones here. */
const STRATEGIES: Readonly<Record<string, "weighted" | "leastBusy" | "leastLatency" | "cheapest">> = {
  "simple-shuffle": "weighted",
  "least-busy": "leastBusy",
  "latency-based-routing": "leastLatency",
  "cost-based-routing": "cheapest",
};

type Fields = Readonly<Record<string, unknown>>;

/** What was made of a file of LiteLLM. */
export interface Imported {
  readonly config: GatewayConfig;
  /** Settings without a counterpart and changed ones, one line each. */
  readonly notes: readonly string[];
}

/**
 * Translates a `config.yaml` of LiteLLM's proxy.
 * @throws {AiLibError} `CONFIG_ERROR` for a text that is no such file.
 */
export function importLiteLlm(text: string): Imported {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents))
    throw configError("This is no configuration of LiteLLM: it is not YAML with fields");
  const file = parse(text) as Fields;
  if (!Array.isArray(file["model_list"]))
    throw configError("This is no configuration of LiteLLM: it has no model_list");
  return new Importer(file).run();
}

/** Writes the imported configuration as a file, with the notes in its head. */
export function formatImported({ config, notes }: Imported): string {
  const head = [
    "# yaml-language-server: $schema=https://unpkg.com/ai-lib-gateway/schema.json",
    "# Imported from LiteLLM. Check it with: ai-lib-gateway check",
    ...notes.map((note) => `# not carried over: ${note}`),
  ];
  return `${head.join("\n")}\n${stringify(config)}`;
}

interface Deployment {
  readonly member: string;
  weight: number | undefined;
}

class Importer {
  private readonly notes: string[] = [];
  private readonly providers: Record<string, Record<string, unknown>> = {};
  /** Names of providers by their settings. */
  private readonly names = new Map<string, string>();
  private readonly groups = new Map<string, Deployment[]>();

  constructor(private readonly file: Fields) {}

  run(): Imported {
    for (const entry of this.file["model_list"] as unknown[]) this.addDeployment(fieldsOf(entry));
    const settings = fieldsOf(this.file["litellm_settings"]);
    const router = fieldsOf(this.file["router_settings"]);
    const general = fieldsOf(this.file["general_settings"]);
    const retries = numberOf(router["num_retries"]) ?? numberOf(settings["num_retries"]);
    const fallbacks = fallbacksOf(settings["fallbacks"] ?? router["fallbacks"]);
    const routes = Object.fromEntries(
      [...this.groups].map(([name, deployments]) => [
        name,
        this.route(name, deployments, { fallbacks, retries, strategy: textOf(router["routing_strategy"]) }),
      ]),
    );
    const aliases = Object.fromEntries(
      Object.entries(fieldsOf(router["model_group_alias"])).flatMap(([alias, target]) =>
        typeof target === "string" ? [[alias, target]] : [],
      ),
    );
    const key = this.secret(general["master_key"], "general_settings.master_key");
    this.noteRest("litellm_settings", settings, ["num_retries", "fallbacks", "drop_params"]);
    this.noteRest("router_settings", router, [
      "num_retries",
      "fallbacks",
      "routing_strategy",
      "model_group_alias",
    ]);
    this.noteRest("general_settings", general, ["master_key"]);
    this.noteRest("", this.file, ["model_list", "litellm_settings", "router_settings", "general_settings"]);
    const config = {
      ...(key !== undefined && { keys: { master: key } }),
      providers: this.providers,
      routes,
      ...(Object.keys(aliases).length > 0 && { aliases }),
    };
    return { config: config as GatewayConfig, notes: this.notes };
  }

  private addDeployment(entry: Fields): void {
    const name = textOf(entry["model_name"]);
    const { model, api_key, api_base, weight, ...rest } = fieldsOf(entry["litellm_params"]);
    const full = textOf(model);
    if (name === undefined || full === undefined) {
      this.notes.push("an entry of model_list without model_name or litellm_params.model");
      return;
    }
    const slash = full.indexOf("/");
    const vendor = slash === -1 ? "openai" : full.slice(0, slash);
    const id = Object.hasOwn(PROVIDERS, vendor) ? (PROVIDERS[vendor] ?? vendor) : vendor;
    const place = `model_list ${name}`;
    const provider = this.provider(id, {
      apiKey: this.secret(api_key, `${place}: api_key`),
      baseUrl: this.address(api_base, `${place}: api_base`),
    });
    const group = this.groups.get(name) ?? [];
    this.groups.set(name, group);
    for (const field of Object.keys(rest)) this.notes.push(`${place}: ${field}`);
    const member = `${provider}/${full.slice(slash + 1)}`;
    const same = group.find((other) => other.member === member);
    if (same === undefined) group.push({ member, weight: numberOf(weight) });
    else {
      // A file refuses a member that it has already.
      same.weight = (same.weight ?? 1) + (numberOf(weight) ?? 1);
      this.notes.push(`${place}: ${member} a second time; it is one member with the weight of both`);
    }
  }

  /** The name of a provider with these settings; the same settings have one name. */
  private provider(id: string, settings: Readonly<Record<string, unknown>>): string {
    const own = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    const key = JSON.stringify([id, own]);
    const known = this.names.get(key);
    if (known !== undefined) return known;
    let name = id;
    for (let i = 2; Object.hasOwn(this.providers, name); i++) name = `${id}-${i}`;
    this.providers[name] = name === id ? own : { use: id, ...own };
    this.names.set(key, name);
    return name;
  }

  private route(
    name: string,
    deployments: readonly Deployment[],
    {
      fallbacks,
      retries,
      strategy = "simple-shuffle",
    }: {
      readonly fallbacks: ReadonlyMap<string, readonly string[]>;
      readonly retries: number | undefined;
      readonly strategy: string | undefined;
    },
  ): unknown {
    const known = Object.hasOwn(STRATEGIES, strategy) ? STRATEGIES[strategy] : undefined;
    if (known === undefined) this.notes.push(`routing_strategy ${strategy}; members take turns by weight`);
    const kind = known ?? "weighted";
    const [first] = deployments;
    const members = deployments.map(({ member, weight }) =>
      weight === undefined || kind !== "weighted" ? member : { provider: member, weight },
    );
    const group = deployments.length === 1 ? first?.member : { [kind]: members };
    const tried =
      retries === 0
        ? group
        : { retry: group, ...(retries !== undefined && { options: { maxRetries: retries } }) };
    const others = (fallbacks.get(name) ?? fallbacks.get("*") ?? []).filter(
      (other) => other !== name && this.groups.has(other),
    );
    return others.length === 0 ? tried : { failover: [tried, ...others.map((route) => ({ route }))] };
  }

  /** `os.environ/NAME`; a secret in the file is not copied. */
  private secret(value: unknown, place: string): { readonly env: string } | undefined {
    const text = textOf(value);
    if (text === undefined) return undefined;
    const variable = /^os\.environ\/(\w+)$/.exec(text)?.[1];
    if (variable !== undefined) return { env: variable };
    const made = place.replace(/\W+/g, "_").replace(/^_|_$/g, "").toUpperCase();
    this.notes.push(`${place}: a secret stands in the file; put it into the variable ${made}`);
    return { env: made };
  }

  private address(value: unknown, place: string): string | undefined {
    const text = textOf(value);
    if (text === undefined) return undefined;
    if (!text.startsWith("os.environ/")) return text;
    this.notes.push(`${place}: ${text}; write the address into baseUrl`);
    return undefined;
  }

  private noteRest(part: string, fields: Fields, carried: readonly string[]): void {
    for (const name of Object.keys(fields))
      if (!carried.includes(name)) this.notes.push(part === "" ? name : `${part}.${name}`);
  }
}

/** Fallbacks are a list of objects with one field each: `[{ "gpt-4o": ["claude"] }]`. */
function fallbacksOf(value: unknown): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const entry of Array.isArray(value) ? value : [])
    for (const [name, others] of Object.entries(fieldsOf(entry)))
      if (Array.isArray(others))
        found.set(
          name,
          others.filter((one) => typeof one === "string"),
        );
  return found;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
