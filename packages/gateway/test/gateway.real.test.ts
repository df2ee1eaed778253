import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Admission, AdmissionRequest, CallEnd, LedgerRow } from "../src/admission.js";
import { type Demo, startDemo } from "../src/demo.js";
import { Gateway } from "../src/gateway.js";
import { admissionFor } from "./support/keys.js";

const KEY = "aik_test";
const admitted: AdmissionRequest[] = [];
const settled: CallEnd[] = [];
const rows: LedgerRow[] = [];
let released = 0;
let demo: Demo;
let gateway: Gateway;

let keys: Admission;
const admission: Admission = {
  authenticate: (head, peer) => keys.authenticate(head, peer),
  admit(call) {
    admitted.push(call);
    return {
      settle(end) {
        settled.push(end);
        return undefined;
      },
      release: () => {
        released++;
      },
    };
  },
};

beforeAll(async () => {
  demo = await startDemo();
  keys = await admissionFor(demo.table, "first", KEY);
  const ledger = { record: (row: LedgerRow) => rows.push(row) };
  gateway = await Gateway.start({ table: demo.table, admission, ledger }, { host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await gateway.close();
  await demo.simulator.close();
});

function post(
  path: string,
  body: object,
  headers: Record<string, string> = { authorization: `Bearer ${KEY}` },
) {
  return fetch(gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

const messages = [{ role: "user", content: "ping" }];

describe("a gateway", () => {
  it("answers /live and /ready without a key", async () => {
    for (const path of ["/live", "/ready"]) expect((await fetch(gateway.url + path)).status).toBe(200);
  });

  it.each([
    ["/v1/chat/completions", { model: "demo", messages }],
    ["/v1/responses", { model: "demo", input: "ping" }],
    ["/v1/messages?beta=true", { model: "demo", max_tokens: 50, messages }],
    ["/v1beta/models/demo:generateContent", { contents: [{ role: "user", parts: [{ text: "ping" }] }] }],
    ["/v2/chat", { model: "demo", messages }],
    ["/api/chat", { model: "demo", messages, stream: false }],
    ["/model/demo/converse", { messages: [{ role: "user", content: [{ text: "ping" }] }] }],
    ["/v1/messages/count_tokens?beta=true", { model: "demo", messages }],
    ["/v1/embeddings", { model: "openai/text-embedding-3-small", input: "ping" }],
    ["/v1/moderations", { model: "openai/omni-moderation-latest", input: "ping" }],
    ["/v2/rerank", { model: "cohere/rerank-v4.0-pro", query: "ping", documents: ["a", "b"] }],
  ])("answers %s", async (path, body) => {
    const reply = await post(path, body);
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringMatching(/^\{/)]);
    expect(rows.at(-1)).toMatchObject({ principal: { id: "first" }, end: { status: "success" } });
    expect(admitted.at(-1)?.id).toBe(rows.at(-1)?.id);
  });

  it("streams in the client's dialect", async () => {
    const reply = await post("/v1/chat/completions", { model: "google/gemini-x", messages, stream: true });
    expect(await reply.text()).toMatch(/^data: \{.*\n\ndata: \[DONE\]\n\n$/s);
    expect(demo.simulator.at("google").at(-1)?.request.model).toBe("gemini-x");
  });

  it.each([
    ["x-api-key", KEY],
    ["x-goog-api-key", KEY],
    ["api-key", KEY],
    ["xi-api-key", KEY],
    ["authorization", `Token ${KEY}`],
    ["authorization", `bearer ${KEY}`],
  ])("reads a key from %s", async (name, key) => {
    expect((await post("/v1/chat/completions", { model: "demo", messages }, { [name]: key })).status).toBe(
      200,
    );
  });

  it("refuses what has no key or a wrong one, before it reads the body", async () => {
    for (const headers of [{}, { authorization: "Bearer aik_wrong" }] as Record<string, string>[]) {
      const reply = await post("/v1/messages", { model: "demo", messages, max_tokens: 5 }, headers);
      expect([reply.status, await reply.json()]).toMatchObject([
        401,
        { error: { type: "authentication_error" } },
      ]);
    }
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(401);
  });

  it("lists its models in the shape of the client", async () => {
    const headers = { "x-api-key": KEY, "anthropic-version": "2023-06-01" };
    const list = await (await fetch(`${gateway.url}/v1/models?limit=1000`, { headers })).json();
    expect(list).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ type: "model", id: "demo" })]),
    });
  });

  it("names a model that it does not have", async () => {
    const reply = await post("/model/no-such/converse", {
      messages: [{ role: "user", content: [{ text: "a" }] }],
    });
    expect([reply.status, await reply.text()]).toEqual([404, expect.stringContaining("no-such")]);
  });

  it("refuses a response in the background, whose answer and usage nothing could fetch", async () => {
    const ask = (background: boolean) => post("/v1/responses", { model: "demo", input: "ping", background });
    const before = admitted.length;
    const reply = await ask(true);
    expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining("background")]);
    expect(admitted.length).toBe(before);
    expect((await ask(false)).status).toBe(200);
  });

  it("settles a failed call with its attempts, and keeps a row of it", async () => {
    demo.simulator.script("openai", [{ status: 500 }]);
    const reply = await post("/v1/chat/completions", { model: "openai/x", messages, stream: true });
    expect(reply.status).toBe(200);
    const before = settled.length;
    demo.simulator.always("openai", { status: 400 });
    expect((await post("/v1/chat/completions", { model: "openai/x", messages })).status).toBe(400);
    demo.simulator.always("openai", undefined);
    expect(settled.length).toBe(before + 1);
    expect(settled.at(-1)).toMatchObject({ status: "error", attempts: [{ status: 400 }] });
    expect(rows.at(-1)?.code).toBe("INVALID_REQUEST");
  });

  it("releases a call of which no attempt was made", async () => {
    const before = released;
    const reply = await post("/v1/audio/speech", { model: "anthropic/x", input: "a", voice: "b" });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(released).toBe(before + 1);
  });
});
