import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ADMIN_ERRORS, type AdminErrorCode } from "../../src/admin/errors.js";
import { openApiDocument } from "../../src/admin/openapi.js";
import { ROUTES } from "../../src/admin/table.js";
import { type Postgres, startPostgres } from "../support/postgres.js";
import { type Document, type Operation, RequestGenerator } from "./generated-requests.js";
import { TOKENS } from "./start.js";
import { startWhole, type Whole } from "./whole.js";

const folder = mkdtempSync(join(tmpdir(), "gateway-openapi-"));
const document = JSON.parse(JSON.stringify(openApiDocument(ROUTES, "1.0.0"))) as Document;
let postgres: Postgres;

/** Requests to each operation. */
const RUNS = 60;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(async () => {
  await postgres?.close();
  rmSync(folder, { recursive: true });
}, 60_000);

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ $id: "document", ...document });

/** What is wrong of a body by a schema of the document; undefined for nothing. */
function problemOf(schema: object, body: unknown): string | undefined {
  const own = JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components', '"document#/components'),
  ) as object;
  return ajv.validate(own, body) ? undefined : ajv.errorsText();
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** What is wrong of an answer by the document; undefined for nothing. */
function problemOfAnswer({ responses }: Operation, { status, type, text }: Answer): string | undefined {
  const declared = responses[String(status)];
  if (status >= 500 && status !== 501 && status !== 502) return `a fault of the gateway: ${text}`;
  if (declared === undefined) return `the status ${status} is not declared: ${text}`;
  const [media, { schema } = { schema: {} }] = Object.entries(declared.content ?? {})[0] ?? [];
  if (media === undefined) return text === "" ? undefined : `a body, where none is declared: ${text}`;
  if (type !== media) return `the type ${type} is not declared`;
  if (media !== "application/json") return undefined;
  const body = JSON.parse(text) as { readonly error?: { code: AdminErrorCode; message: string } };
  const wrong = problemOf(schema, body);
  if (wrong !== undefined) return `${wrong}: ${text}`;
  if (status < 400) return undefined;
  if (ADMIN_ERRORS[body.error?.code as AdminErrorCode] !== status)
    return `not the code of ${status}: ${text}`;
  return (body.error?.message ?? "").length > 10 ? undefined : `no message: ${text}`;
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [operation.operationId, method, path, operation] as const,
  ),
);

describe.each(["SQLite", "PostgreSQL"])("over %s", (kind) => {
  let whole: Whole;
  let generator: RequestGenerator;

  beforeAll(async () => {
    const issuer = new URL("http://127.0.0.1:9");
    whole = await startWhole(
      kind === "SQLite" ? { sqlite: join(folder, "a.db") } : { postgres: await postgres.database("openapi") },
      {
        changesPerMinute: 1_000_000,
        oidc: {
          issuer,
          clientId: "a",
          clientSecret: undefined,
          scopes: ["openid"],
          claim: "groups",
          roles: new Map(),
        },
      },
      // What is deleted is made again, although the ledger has its calls.
      (parts) => ({ ...parts, wasUsed: undefined }),
    );
    const ids = ["team-a", "acme", "aaaaaaaaaaaa", ...whole.calls.slice(0, 2), "no-such"];
    generator = new RequestGenerator(document, {
      id: ids,
      ...{
        key: ["team-a"],
        group: ["acme"],
        parent: ["acme"],
        name: ["chat", "cached", "a name"],
        route: ["chat", "*"],
      },
      ...{
        model: ["chat", "gpt-x"],
        networks: ["10.0.0.0/8", "::1"],
        kinds: ["chat"],
        returnTo: ["/admin/v1/status"],
      },
      groupBy: ["key", "hour", "day", "hour,day", "session", "key,tag,group", "hour,session", "day,session"],
    });
  }, 60_000);
  afterAll(() => whole?.close());

  // What an operation deleted is there again for the next one.
  beforeEach(async () => {
    const call = (path: string, body: object) => whole.admin.call("POST", path, { role: "owner", body });
    await call("/groups", { id: "acme", level: "organisation" });
    await call("/keys", { id: "team-a", group: "acme" });
  });

  it.each(operations)("%s answers as its document says", async (_, method, path, operation) => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(generator.requests(path, operation), async ({ path: target, headers, body }) => {
        const controller = new AbortController();
        const response = await fetch(`${whole.admin.server.url}${target}`, {
          method: method.toUpperCase(),
          redirect: "manual",
          headers: { authorization: `Bearer ${TOKENS.owner}`, ...headers },
          signal: controller.signal,
          ...(body !== undefined && method !== "get" && { body }),
        });
        const type = response.headers.get("content-type") ?? "";
        const text = type === "text/event-stream" ? "" : await response.text();
        controller.abort();
        seen.add(response.status);
        const problem = problemOfAnswer(operation, { status: response.status, type, text });
        if (problem !== undefined) throw new Error(problem);
      }),
      { numRuns: RUNS },
    );
    expect(whole.admin.faults.splice(0).map(String)).toEqual([]);
    // Requests that are all refused would show nothing. A login has no provider here.
    if (!operation.operationId.endsWith("Login"))
      expect([...seen].filter((status) => status < 400)).not.toEqual([]);
  });
});
