import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { ChatProvider, Usage } from "ai-lib";
import type { Ledger, LedgerRow } from "../../src/admission.js";
import { Gateway } from "../../src/gateway.js";
import { declaredKey } from "../../src/keys/directory.js";
import type { KeyDraft } from "../../src/keys/key-directory.js";
import { KeyService, type KeyServiceOptions } from "../../src/keys/key-service.js";
import type { GroupRecord, KeyRecord } from "../../src/keys/record.js";
import { ModelTable, type Route } from "../../src/model-table.js";

export const KEY = "aik_limited_key_0123456789";

/** A gateway whose key, and the groups that the key is in, have limits. */
export interface Limited {
  readonly gateway: Gateway;
  readonly service: KeyService;
  readonly rows: LedgerRow[];
  /** What the limits of the key and its groups have, by their buckets: used and reserved. */
  buckets(): Promise<Readonly<Record<string, readonly [number, number]>>>;
}

/** Starts one. `groups` are the outermost first; each is in the one before. */
export async function startLimited({
  storage,
  routes,
  groups = [],
  key = {},
  maxTokens,
}: {
  readonly routes: Readonly<Record<string, ChatProvider | Omit<Route, "name">>>;
  readonly groups?: readonly Partial<GroupRecord>[];
  readonly key?: Omit<KeyDraft, "id" | "group">;
  readonly maxTokens?: number;
  /** What outlives the process. Default: nothing does. */
  readonly storage?: { readonly options: KeyServiceOptions; readonly ledger: Ledger };
}): Promise<Limited> {
  const table = new ModelTable({
    routes: Object.entries(routes).map(([name, route]) =>
      "provider" in route ? { name, ...route } : { name, provider: route },
    ),
    providers: new Map(),
  });
  const ids = groups.map(({ id }, index) => id ?? `g${index}`);
  const records = groups.map(
    (group, index): GroupRecord => ({
      ...{ createdAt: 0, revision: 1, managed: "file", level: "team", ...group },
      id: ids[index] ?? "",
      parent: ids[index - 1],
    }),
  );
  const record: KeyRecord = declaredKey("ci", KEY, { ...key, group: ids.at(-1) }, "");
  const service = await KeyService.open(storage?.options);
  const admission = await service.serve({ table, maxTokens, declared: { keys: [record], groups: records } });
  const rows: LedgerRow[] = [];
  const ledger: Ledger = {
    record(row) {
      rows.push(row);
      storage?.ledger.record(row);
    },
  };
  const gateway = await Gateway.start({ table, admission, ledger }, { host: "127.0.0.1", port: 0 });
  return {
    ...{ gateway, service, rows },
    async buckets() {
      const states = (await service.limitsOf("ci")) ?? [];
      return Object.fromEntries(states.map(({ bucket, used, reserved }) => [bucket, [used, reserved]]));
    },
  };
}

/** The answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1_100 });

/** Sends a request and reads its answer. */
export async function post(
  { gateway }: Pick<Limited, "gateway">,
  path: string,
  body: object,
  key: string = KEY,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const text = JSON.stringify(body);
  const request = httpRequest(gateway.url + path, {
    method: "POST",
    agent,
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
      authorization: `Bearer ${key}`,
      ...more,
    },
  });
  request.end(text);
  const [reply] = await once(request, "response");
  let answer = "";
  for await (const piece of reply) answer += piece;
  return { status: reply.statusCode, headers: reply.headers, body: answer };
}

/** All tokens of a usage. */
export function tokensOf({ inputTokens, outputTokens }: Usage): number {
  return inputTokens + outputTokens;
}
