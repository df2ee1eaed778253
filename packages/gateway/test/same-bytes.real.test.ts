import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type DialectId, defineProvider } from "ai-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bodyOf, kindCases } from "../../ai-lib/test/support/kind-recordings.js";
import { type Case, recordedCases } from "../../ai-lib/test/support/recordings.js";
import type { LedgerRow } from "../src/admission.js";
import { Gateway } from "../src/gateway.js";
import { ModelTable } from "../src/model-table.js";
import { OpenAdmission } from "../src/open-admission.js";

const MODEL = "upstream-model";

/** A dialect: its API in the recordings, the path that its clients ask, and the smallest request that they send. */
interface Spoken {
  readonly api: string;
  readonly base: string;
  path(stream: boolean): string;
  body(stream: boolean): object;
}

const chat = { messages: [{ role: "user", content: "ping" }] };
const contents = [{ role: "user", parts: [{ text: "ping" }] }];

const DIALECTS: Readonly<Record<DialectId, Spoken>> = {
  "openai-chat": {
    api: "openai-chat",
    base: "/v1",
    path: () => "/v1/chat/completions",
    body: (stream) => ({ model: "route", ...chat, ...(stream && { stream }) }),
  },
  "openai-responses": {
    api: "openai-responses",
    base: "/v1",
    path: () => "/v1/responses",
    body: (stream) => ({ model: "route", input: "ping", ...(stream && { stream }) }),
  },
  "anthropic-messages": {
    api: "anthropic-messages",
    base: "",
    path: () => "/v1/messages?beta=true",
    body: (stream) => ({ model: "route", max_tokens: 9, ...chat, ...(stream && { stream }) }),
  },
  gemini: {
    api: "google-generate-content",
    base: "/v1beta",
    path: (stream) =>
      stream ? "/v1beta/models/route:streamGenerateContent?alt=sse" : "/v1beta/models/route:generateContent",
    body: () => ({ contents }),
  },
  "mistral-chat": {
    api: "mistral-chat",
    base: "/v1",
    path: () => "/v1/chat/completions",
    body: (stream) => ({ model: "route", ...chat, ...(stream && { stream }) }),
  },
  "cohere-chat": {
    api: "cohere-chat-v2",
    base: "",
    path: () => "/v2/chat",
    body: (stream) => ({ model: "route", ...chat, ...(stream && { stream }) }),
  },
  "bedrock-converse": {
    api: "bedrock-converse",
    base: "",
    path: (stream) => `/model/route/converse${stream ? "-stream" : ""}`,
    body: () => ({ messages: [{ role: "user", content: [{ text: "ping" }] }] }),
  },
  "ollama-chat": {
    api: "ollama-chat",
    base: "",
    path: () => "/api/chat",
    body: (stream) => ({ model: "route", ...chat, stream }),
  },
};

const CONTENT_TYPES = {
  sse: "text/event-stream",
  ndjson: "application/x-ndjson",
  "aws-eventstream": "application/vnd.amazon.eventstream",
  "json-array": "application/json",
} as const;

let upstream: Server;
/** What the upstream answers next, and what it received last. */
let next: { readonly body: Buffer; readonly type: string; readonly status: number };
const upstreamGot: {
  request: { readonly body: string; readonly headers: IncomingMessage["headers"] } | undefined;
} = {
  request: undefined,
};

function forget(): void {
  upstreamGot.request = undefined;
}

beforeAll(async () => {
  upstream = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      upstreamGot.request = { body: Buffer.concat(chunks).toString(), headers: request.headers };
      response.writeHead(next.status, {
        "content-type": next.type,
        "x-request-id": "up-1",
        "set-cookie": "a=b",
      });
      // Pieces that end anywhere: the gateway must put no frame together in another way.
      const size = Math.max(1, Math.ceil(next.body.length / 7));
      for (let at = 0; at < next.body.length; at += size) response.write(next.body.subarray(at, at + size));
      response.end();
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
});

async function startFor(dialect: DialectId, rows: LedgerRow[], more: object = {}): Promise<Gateway> {
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}${DIALECTS[dialect].base}`;
  const data = { id: "up", dialect, baseUrl: url, auth: { style: "none" }, ...more } as const;
  const provider = defineProvider(data, { environment: {} });
  const table = new ModelTable({ routes: [{ name: "route", provider, model: MODEL }], providers: new Map() });
  const ledger = { record: (row: LedgerRow) => void rows.push(row) };
  return Gateway.start(
    { table, admission: new OpenAdmission(), ledger, dialects: [dialect] },
    { host: "127.0.0.1", port: 0 },
  );
}

/** The bytes of the client, and those that the upstream must get: another model, and no other difference. */
function requestOf(
  { recording }: Case,
  { body }: Spoken,
): { readonly sent: string; readonly expected: string } {
  const own = body(recording.stream) as Record<string, unknown>;
  const recorded = recording.request?.body;
  const usable =
    recorded !== null &&
    typeof recorded === "object" &&
    !Array.isArray(recorded) &&
    recording.request?.elided === undefined;
  const fields: Record<string, unknown> = usable ? { ...(recorded as object) } : { ...own };
  // The recorded request and reply do not agree on streams where a server answered otherwise.
  if ("stream" in own || "stream" in fields) fields["stream"] = recording.stream;
  if ("model" in own) fields["model"] = "route";
  const written = (model: string) =>
    JSON.stringify(
      { ...fields, ...("model" in own && { model }), some_unknown_field: { model: "kept" } },
      undefined,
      1,
    );
  return { sent: written("route"), expected: written(MODEL) };
}

/** Whether the dialect's half refused a request, such as one for several answers (`n`), before it reached the upstream. */
function isRefused(got: object | undefined, status: number): boolean {
  return got === undefined && status >= 400 && status < 500;
}

describe.each(Object.entries(DIALECTS) as [DialectId, Spoken][])("%s", (dialect, spoken) => {
  it("passes the client's bytes up and the upstream's bytes down, in every recorded exchange", async () => {
    const rows: LedgerRow[] = [];
    const gateway = await startFor(dialect, rows);
    let passed = 0;
    const refused: string[] = [];
    try {
      for (const one of recordedCases(spoken.api)) {
        const { response, stream, streamFormat } = one.recording;
        if (one.expected.outcome !== "response" || response.status !== 200 || streamFormat === "json-array")
          continue;
        const body = Buffer.from(response.body, response.bodyEncoding);
        const type = streamFormat === null ? "application/json" : CONTENT_TYPES[streamFormat];
        next = { body, type, status: 200 };
        forget();
        const { sent, expected } = requestOf(one, spoken);
        const reply = await fetch(gateway.url + spoken.path(stream), {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "anthropic-beta": "some-beta-1",
            authorization: "Bearer k",
          },
          body: sent,
        });
        const got = Buffer.from(await reply.arrayBuffer());
        if (isRefused(upstreamGot.request, reply.status)) {
          refused.push(one.recording.id);
          continue;
        }
        expect([one.recording.id, upstreamGot.request?.body]).toEqual([one.recording.id, expected]);
        expect([one.recording.id, reply.status, got.equals(body)]).toEqual([one.recording.id, 200, true]);
        expect(reply.headers.get("x-request-id")).toBe("up-1");
        expect(reply.headers.get("set-cookie")).toBeNull();
        expect(upstreamGot.request?.headers["authorization"]).toBeUndefined();
        expect(upstreamGot.request?.headers["anthropic-beta"]).toBe("some-beta-1");
        expect(rows.at(-1)?.end.status).toBe("success");
        passed++;
      }
    } finally {
      await gateway.close();
    }
    expect(passed).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(3);
  }, 120_000);
});

/** APIs of other kinds whose requests and replies are JSON: the dialect, and the path that clients ask. */
const KINDS: Readonly<Record<string, { readonly dialect: DialectId; readonly path: string }>> = {
  "openai-embeddings": { dialect: "openai-chat", path: "/v1/embeddings" },
  "openai-moderation": { dialect: "openai-chat", path: "/v1/moderations" },
  "openai-images": { dialect: "openai-chat", path: "/v1/images/generations" },
  "anthropic-count-tokens": { dialect: "anthropic-messages", path: "/v1/messages/count_tokens?beta=true" },
  "gemini-embed": { dialect: "gemini", path: "/v1beta/models/route:embedContent" },
  "gemini-count-tokens": { dialect: "gemini", path: "/v1beta/models/route:countTokens" },
  "cohere-embed-v2": { dialect: "cohere-chat", path: "/v2/embed" },
  "cohere-rerank": { dialect: "cohere-chat", path: "/v2/rerank" },
  "ollama-embed": { dialect: "ollama-chat", path: "/api/embed" },
};

describe.each(Object.entries(KINDS))("%s", (api, { dialect, path }) => {
  it("passes the bytes of clients and upstreams of other kinds", async () => {
    const kinds = { embed: {}, moderate: {}, image: {}, countTokens: {}, rerank: {} };
    const gateway = await startFor(dialect, [], { kinds });
    const others: string[] = [];
    let passed = 0;
    const cases = kindCases(api);
    try {
      for (const { recording } of cases) {
        const { request, response, id } = recording;
        const { body: fields } = request ?? {};
        const type = response.headers["content-type"] ?? "application/json";
        if (
          response.status !== 200 ||
          fields === null ||
          typeof fields !== "object" ||
          !type.includes("json")
        )
          continue;
        const body = Buffer.from(bodyOf(recording));
        next = { body, type: "application/json", status: 200 };
        forget();
        const written = (model: string) =>
          JSON.stringify(
            { ...fields, ...(!path.includes("/route") && { model }), some_unknown_field: [1] },
            undefined,
            1,
          );
        const reply = await fetch(gateway.url + path, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: written("route"),
        });
        const got = Buffer.from(await reply.arrayBuffer());
        if (upstreamGot.request === undefined || reply.headers.get("x-ai-lib-relay") !== "bytes") {
          others.push(`${id}: ${reply.status} ${got.toString().slice(0, 200)}`);
          continue;
        }
        expect([id, upstreamGot.request?.body]).toEqual([id, written(MODEL)]);
        expect([id, reply.status, got.equals(body)]).toEqual([id, 200, true]);
        passed++;
      }
    } finally {
      await gateway.close();
    }
    // Requests that the dialect's half refuses itself, and replies that are none.
    expect(others.length, others.join("\n")).toBeLessThanOrEqual(Math.ceil(cases.length / 10));
    // Without the recordings, there are those that were written by hand, which not every API has.
    if (cases.length > 2) expect(passed).toBeGreaterThan(0);
  }, 120_000);
});
