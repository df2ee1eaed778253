import { z } from "zod";
import { groupFields, keyFields } from "../keys/shapes.js";
import { Admin } from "./admin-schema.js";
import { Member } from "./member-schema.js";
import { positive } from "./number-schema.js";
import { Dialect, OwnPrice, Provider } from "./provider-schema.js";
import { Route } from "./route-schema.js";
import { Secret } from "./secret-schema.js";
import { LedgerNode, StoreNode } from "./storage-schema.js";

const Key = z
  .strictObject({
    secret: Secret.describe("The key itself, at least 16 characters"),
    expiresAt: z.string().optional().describe("A date such as 2027-01-31, from which the key is refused"),
    ...keyFields,
  })
  .meta({ id: "Key" });

const Group = z.strictObject(groupFields).meta({ id: "Group" });

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
      "A secret in the hashes of keys. The gateway does not recognise keys that were made with another one. Default: the variable AI_LIB_GATEWAY_PEPPER, or none",
    ),
    providers: z.record(z.string(), Provider).optional(),
    prices: z
      .record(z.string(), OwnPrice)
      .optional()
      .describe("Prices of models for which ai-lib has none, by `provider/model` or `provider/*`"),
    routes: z
      .record(z.string(), z.union([Member, Route]))
      .optional()
      .describe("Routes, which clients name as a model"),
    aliases: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "Other names of models: a name, which may end with `*`, and the route or `provider/model` that it stands for",
      ),
    default: z
      .string()
      .optional()
      .describe("The route of requests without a model, and for models that no provider is known to have"),
    direct: z
      .boolean()
      .optional()
      .describe("Whether clients may ask for `provider/model` besides the routes. Default true"),
    dialects: z.array(Dialect).min(1).optional().describe("The supported dialects. Default: all"),
    heartbeat: z
      .strictObject({
        everyMs: positive
          .optional()
          .describe("The longest silence of a stream, in milliseconds. Default 15000"),
        from: z
          .enum(["content", "call"])
          .optional()
          .describe("Whether they begin with the first content or with the call. Default content"),
      })
      .optional()
      .describe("Comments in silent streams. Default: every 15 seconds from the first content"),
    onDisconnect: z
      .enum(["abort", "drain"])
      .optional()
      .describe(
        "Closes the provider's connection when the client disconnects, or reads the answer to its end. Default abort",
      ),
    conversations: z
      .boolean()
      .optional()
      .describe(
        "Stores in memory, for a day, state that clients refer to and do not send again: answers by their ids, and opaque state of vendors. Default true",
      ),
    transport: z
      .enum(["node", "undici"])
      .optional()
      .describe(
        "The transport of requests to providers. undici takes less time, but does not support proxies. Default undici, or node if the environment names a proxy",
      ),
    limits: z
      .strictObject({
        bodyBytes: z.int().positive().optional().describe("Bytes of a request's body. Default 33554432"),
        headerBytes: z.int().positive().optional().describe("Bytes of a request's headers. Default 32768"),
        headersMs: positive
          .optional()
          .describe("Milliseconds until a client has sent its headers. Default 15000"),
        requestMs: positive
          .optional()
          .describe("Milliseconds until a client has sent its request. Default 120000"),
        connections: z.int().positive().optional().describe("Open connections. Default 20000"),
        calls: z.int().positive().optional().describe("Calls at a time; further ones get 503. Default 10000"),
        maxTokens: z
          .int()
          .positive()
          .optional()
          .describe(
            "The longest answer, in tokens, of a request that sets no limit, where a limit of its key counts tokens or dollars. Default 16384",
          ),
        drainMs: positive.optional().describe("Milliseconds for running calls after SIGTERM. Default 600000"),
      })
      .optional(),
    store: StoreNode.optional().describe(
      "The store of the ledger, keys and the audit log. Default: SQLite, in a file beside this one with the ending .db",
    ),
    ledger: LedgerNode.optional().describe("The stored data of calls, and for how long"),
    logs: z
      .strictObject({
        access: z
          .boolean()
          .optional()
          .describe("One line of JSON for each request, on standard output. Default true"),
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

/** The JSON Schema of the file. */
export function configSchema(): object {
  return z.toJSONSchema(Config, { io: "input" });
}
