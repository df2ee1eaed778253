import { z } from "zod";
import { groupFields, keyFields } from "../keys/shapes.js";
import { Admin } from "./admin-schema.js";
import { Secret } from "./secret-schema.js";
import { LedgerNode, StoreNode } from "./storage-schema.js";

const options = z
  .record(z.string(), z.unknown())
  .describe("Options of the strategy or wrapper, by the names that its function in ai-lib has");

const positive = z.number().positive();

export const Timeouts = z
  .strictObject({
    connectMs: positive.optional().describe("Until the connection stands"),
    headMs: positive.optional().describe("Streams: until the head of the reply"),
    firstContentMs: positive.optional().describe("Streams: until the first content"),
    answerMs: positive.optional().describe("The whole answer of a call that does not stream"),
    idleMs: positive.optional().describe("Streams: without a byte"),
    stallMs: positive.optional().describe("Streams: bytes without progress"),
    attemptMs: positive.optional().describe("One attempt, whole"),
    streamMs: positive.optional().describe("Streams: from the first content to the end"),
    totalMs: positive.optional().describe("Trying and waiting, until an answer begins"),
  })
  .meta({
    id: "Timeouts",
    description: "Timeouts in milliseconds; those that are absent have the defaults of ai-lib",
  });

/** Strategies, which have several members; the names are those of the functions in ai-lib. */
export const STRATEGIES = [
  "failover",
  "roundRobin",
  "weighted",
  "leastLatency",
  "leastBusy",
  "cheapest",
  "hedged",
  "sticky",
  "keys",
] as const;

/** Wrappers, which have one member. */
export const WRAPPERS = [
  "retry",
  "timeout",
  "circuitBreaker",
  "rateLimit",
  "concurrencyLimit",
  "cache",
  "mirror",
] as const;

const memberFields = {
  provider: z.string().optional().describe("A provider: its id, or `id/model`"),
  route: z.string().optional().describe("Another route"),
  get failover() {
    return members.optional().describe("Ask one member after another until one answers");
  },
  get roundRobin() {
    return members.optional().describe("Take turns");
  },
  get weighted() {
    return members.optional().describe("Take turns by weight: canaries, and shares of contracts");
  },
  get leastLatency() {
    return members.optional().describe("Prefer the member with the shortest time to first content");
  },
  get leastBusy() {
    return members.optional().describe("Prefer the member with the fewest running calls");
  },
  get cheapest() {
    return members.optional().describe("Prefer the member with the lowest price for the call");
  },
  get hedged() {
    return members
      .optional()
      .describe("Ask a second member when the first is slow, and take the first answer");
  },
  get sticky() {
    return members.optional().describe("Keep a session on one member");
  },
  get keys() {
    return members.optional().describe("Several keys of one provider");
  },
  get retry() {
    return Member.optional().describe("Ask again after errors that may pass");
  },
  get timeout() {
    return Member.optional().describe("Timeouts of a part of the route; `options` are the timeouts");
  },
  get circuitBreaker() {
    return Member.optional().describe("Stop asking a member that keeps failing");
  },
  get rateLimit() {
    return Member.optional().describe("At most so many requests or tokens a minute");
  },
  get concurrencyLimit() {
    return Member.optional().describe("At most so many calls at a time");
  },
  get cache() {
    return Member.optional().describe("Answer a request that is the same, to the letter, from memory");
  },
  get mirror() {
    return Member.optional().describe(
      "Send a share of the calls to another member as well, whose answers are dropped",
    );
  },
  get to() {
    return Member.optional().describe("Of `mirror`: who gets the copies");
  },
  options: options.optional(),
  model: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .describe("The model that this member is asked for, or a table from the model asked for"),
  weight: positive.optional().describe("The share in `weighted`"),
};

/** What answers: a provider, another route, or a strategy or wrapper around others. */
export const Member: z.ZodType<MemberNode> = z
  .lazy(() =>
    z.union([z.string().min(1).describe("A provider: its id, or `id/model`"), z.strictObject(memberFields)]),
  )
  .meta({ id: "Member" }) as unknown as z.ZodType<MemberNode>;

const members = z.lazy(() => z.array(Member).min(1)) as unknown as z.ZodArray<z.ZodType<MemberNode>>;

/** A member as an object. Exactly one of `provider`, `route`, a strategy and a wrapper is set. */
export interface MemberObject {
  readonly provider?: string | undefined;
  readonly route?: string | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly model?: string | Readonly<Record<string, string>> | undefined;
  readonly weight?: number | undefined;
  readonly to?: MemberNode | undefined;
}

/** A member as the file has it. */
export type MemberNode =
  | string
  | (MemberObject & { readonly [K in (typeof STRATEGIES)[number]]?: readonly MemberNode[] | undefined } & {
      readonly [K in (typeof WRAPPERS)[number]]?: MemberNode | undefined;
    });

const HeaderRules = z
  .strictObject({
    set: z
      .record(z.string(), z.string())
      .optional()
      .describe("Headers that are set, in place of the client's"),
    pass: z.array(z.string()).optional().describe("Headers of the client that go on to every provider"),
  })
  .meta({ id: "HeaderRules" });

const Hook = z
  .strictObject({
    at: z
      .enum(["request", "response", "end"])
      .describe(
        "`request` may refuse or change a call; `response` an answer, of which streams are then held to their end; `end` learns how it went",
      ),
    module: z.string().optional().describe("A module whose `hook` is called"),
    url: z.string().optional().describe("An address that gets the same as JSON with POST"),
    timeoutMs: positive.optional().describe("Default 5000"),
    onFailure: z
      .enum(["refuse", "continue"])
      .optional()
      .describe("What a hook that fails does to the call. Default refuse"),
  })
  .meta({ id: "Hook" });

const KIND_NAMES = [
  "chat",
  "embed",
  "rerank",
  "moderate",
  "transcribe",
  "speak",
  "image",
  "countTokens",
] as const;

export const Route = z
  .strictObject({
    use: Member.describe("What answers"),
    kinds: z
      .array(z.enum(KIND_NAMES))
      .min(1)
      .optional()
      .describe("Kinds of call that every member must have. Default: chat"),
    timeouts: Timeouts.optional(),
    midStream: z
      .enum(["fail", "splice", "continue"])
      .optional()
      .describe("What happens to a stream that breaks"),
    maxRepeats: z.int().nonnegative().optional(),
    maxAttempts: z.int().positive().optional(),
    bytes: z
      .boolean()
      .optional()
      .describe("Pass the client's bytes to providers of its dialect. Default true"),
    headers: HeaderRules.optional(),
    hooks: z.array(Hook).optional(),
  })
  .meta({ id: "Route" });

const Provider = z
  .strictObject({
    use: z.string().optional().describe("The id of a provider of ai-lib. Default: the name of this entry"),
    dialect: z
      .enum([
        "openai-chat",
        "openai-responses",
        "anthropic-messages",
        "gemini",
        "mistral-chat",
        "cohere-chat",
        "bedrock-converse",
        "ollama-chat",
      ])
      .optional()
      .describe("The dialect of an endpoint that ai-lib does not know; with baseUrl"),
    baseUrl: z.string().optional(),
    kinds: z
      .array(z.enum(KIND_NAMES))
      .min(1)
      .optional()
      .describe("The kinds of call that an endpoint with a `dialect` of its own answers. Default: chat"),
    apiKey: Secret.optional().describe("Default: the provider's own environment variables"),
    model: z.string().optional().describe("The default model"),
    region: z.string().optional(),
    account: z.string().optional(),
    variables: z.record(z.string(), z.string()).optional().describe("Values of the endpoint's variables"),
    headers: z.record(z.string(), z.union([z.string(), Secret])).optional(),
    voices: z
      .record(z.string(), z.string())
      .optional()
      .describe("Names that clients use for voices, and the provider's voice for each"),
    quirks: z.record(z.string(), z.unknown()).optional().describe("Deviations from the dialect"),
  })
  .meta({ id: "Provider" });

const Key = z
  .strictObject({
    secret: Secret.describe("The key itself, at least 16 characters"),
    expiresAt: z.string().optional().describe("A date such as 2027-01-31, from which the key is refused"),
    ...keyFields,
  })
  .meta({ id: "Key" });

const Group = z.strictObject(groupFields).meta({ id: "Group" });

const amount = z.number().nonnegative();

const OwnPrice = z
  .strictObject({
    input: amount.describe("US dollars for a million tokens of prompts"),
    output: amount.describe("US dollars for a million tokens of answers"),
    cachedInput: amount.optional().describe("Of prompts that the provider had in its cache. Default: input"),
    cacheWriteInput: amount
      .optional()
      .describe("Of prompts that the provider writes to its cache. Default: input"),
    request: amount.optional().describe("US dollars for each request. Default 0"),
  })
  .meta({ id: "Price" });

/** The configuration of a gateway. Unknown keys are refused. */
export const Config = z
  .strictObject({
    $schema: z.string().optional(),
    listen: z
      .strictObject({
        host: z.string().optional().describe("Default 127.0.0.1"),
        port: z.int().min(0).max(65_535).optional().describe("Default 4100; 0 for a free one"),
      })
      .optional(),
    admin: Admin.optional(),
    open: z.boolean().optional().describe("Serve without a key; only on loopback"),
    keys: z
      .record(z.string(), z.union([Secret, Key]))
      .optional()
      .describe("Keys of clients by their names"),
    groups: z
      .record(z.string(), Group)
      .optional()
      .describe("Organisations, teams and users by their names, with limits that all keys within share"),
    pepper: Secret.optional().describe(
      "Mixed into the hashes of keys. Keys that were made with another one are not recognised. Default: the variable AI_LIB_GATEWAY_PEPPER, or none",
    ),
    providers: z.record(z.string(), Provider).optional(),
    prices: z
      .record(z.string(), OwnPrice)
      .optional()
      .describe("Prices of models that ai-lib knows none of, by `provider/model` or `provider/*`"),
    routes: z
      .record(z.string(), z.union([Member, Route]))
      .optional()
      .describe("What clients ask for as a model"),
    aliases: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "Other names of models: a name, or a beginning with `*` at its end, and the model that it stands for",
      ),
    default: z
      .string()
      .optional()
      .describe("The route of requests without a model, and of models that nothing has"),
    direct: z
      .boolean()
      .optional()
      .describe("Whether clients may ask for `provider/model` beside the routes. Default true"),
    dialects: z
      .array(Provider.shape.dialect.unwrap())
      .min(1)
      .optional()
      .describe("The dialects that are spoken. Default: all"),
    heartbeat: z
      .strictObject({
        everyMs: positive.describe("The longest silence of a stream"),
        from: z.enum(["content", "call"]).optional().describe("Default content"),
      })
      .optional()
      .describe("Comments in silent streams. Default: every 15 seconds from the first content"),
    onDisconnect: z
      .enum(["abort", "drain"])
      .optional()
      .describe(
        "Close the provider's connection once the client is gone, or read the answer to its end. Default abort",
      ),
    conversations: z
      .boolean()
      .optional()
      .describe(
        "Keep in memory, for a day, what clients go on from and do not send again: answers by their ids, and opaque state of vendors. Default true",
      ),
    transport: z
      .enum(["node", "undici"])
      .optional()
      .describe(
        "Who sends requests to providers. undici takes less time, and knows no proxies. Default undici, or node where the environment names a proxy",
      ),
    limits: z
      .strictObject({
        bodyBytes: z.int().positive().optional().describe("Of a request. Default 32 MiB"),
        headerBytes: z.int().positive().optional().describe("Of a request. Default 32 KiB"),
        headersMs: positive.optional().describe("Until a client has sent its headers. Default 15000"),
        requestMs: positive.optional().describe("Until a client has sent its request. Default 120000"),
        connections: z.int().positive().optional().describe("Open connections. Default 20000"),
        calls: z.int().positive().optional().describe("Calls at a time; further ones get 503. Default 10000"),
        maxTokens: z
          .int()
          .positive()
          .optional()
          .describe(
            "The longest answer, in tokens, of a request that sets no limit, where a limit of its key counts tokens or dollars. Default 16384",
          ),
        drainMs: positive.optional().describe("Time for running calls after SIGTERM. Default 600000"),
      })
      .optional(),
    store: StoreNode.optional().describe(
      "Where the ledger, keys and the audit log are kept. Default: SQLite, in a file beside this one with the ending .db",
    ),
    ledger: LedgerNode.optional().describe("What is kept of calls, and for how long"),
    logs: z
      .strictObject({
        access: z
          .boolean()
          .optional()
          .describe("One line of JSON for each call, on standard output. Default true"),
      })
      .optional(),
    metrics: z
      .strictObject({
        open: z.boolean().optional().describe("Serve /metrics without a key. Default: only on loopback"),
      })
      .optional(),
    telemetry: z
      .strictObject({
        otel: z
          .boolean()
          .optional()
          .describe("Report to OpenTelemetry; needs @opentelemetry/api. Default false"),
      })
      .optional(),
  })
  .meta({ title: "ai-lib-gateway", description: "The configuration of ai-lib-gateway" });

/** A configuration as the file has it. */
export type GatewayConfig = z.input<typeof Config>;

/** A route with its settings. */
export type RouteNode = z.input<typeof Route>;

/** A provider's settings. */
export type ProviderNode = z.input<typeof Provider>;

/** Rules for headers. */
export type HeaderRulesNode = z.input<typeof HeaderRules>;

/** One hook. */
export type HookNode = z.input<typeof Hook>;

/** A reference to a secret. */
export type SecretNode = z.input<typeof Secret>;

/** The JSON Schema of the file. */
export function configSchema(): object {
  return z.toJSONSchema(Config, { io: "input" });
}
