import { describe, expect, it } from "vitest";
import type { DialectId } from "../core/contract/dialect.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import type { JsonObject } from "../core/values/json.js";
import type { ContentPart } from "../core/values/message.js";
import { memory } from "../state/memory.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { type ConversationOptions, conversations } from "./conversations.js";
import { serverHalves } from "./halves.js";
import { relay } from "./relay.js";
import { serveWeb } from "./web.js";

const SIGNED = { family: "google", provider: "google", data: { thoughtSignature: "U0lH" } };
const THOUGHT = { family: "anthropic", provider: "anthropic", data: { signature: "U0lH" } };
const CALL: ContentPart = { type: "tool-call", id: "abcdefghi", name: "w", arguments: { city: "Rome" } };

/** A server of all dialects whose answers are given, and the requests that reached its provider. */
async function server(answers: readonly (readonly ContentPart[])[], options: ConversationOptions = {}) {
  const asked: ChatRequest[] = [];
  const provider = scripted({
    name: "upstream",
    replies: answers.map((content) => ({
      events: content.map((part, index) => ({ type: "part" as const, index, part })),
    })),
  });
  const handler = serveWeb({
    halves: await serverHalves(),
    conversations: conversations(options),
    route: ({ path }) => ({ path }),
    handle: (call) => {
      if (call.kind === "chat") asked.push(call.request);
      relay(call, provider);
    },
  });
  const post = async (
    path: string,
    body: object,
    headers: Record<string, string> = { "x-api-key": "one" },
  ) => {
    const reply = await handler(
      new Request(`http://server.example${path}`, { method: "POST", headers, body: JSON.stringify(body) }),
    );
    return { status: reply.status, body: (await reply.json()) as JsonObject };
  };
  return { asked, post };
}

/** How a client of each dialect that sends no state back goes on from a call. */
const TURNS: readonly (readonly [DialectId, string, object])[] = [
  [
    "openai-chat",
    "/v1/chat/completions",
    {
      messages: [
        { role: "user", content: "x" },
        {
          role: "assistant",
          tool_calls: [{ id: "abcdefghi", type: "function", function: { name: "w", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "abcdefghi", content: "22" },
      ],
    },
  ],
  [
    "openai-responses",
    "/v1/responses",
    {
      store: false,
      input: [
        { role: "user", content: "x" },
        { type: "function_call", id: "fc_1", call_id: "abcdefghi", name: "w", arguments: "{}" },
        { type: "function_call_output", call_id: "abcdefghi", output: "22" },
      ],
    },
  ],
  [
    "anthropic-messages",
    "/v1/messages",
    {
      max_tokens: 9,
      messages: [
        { role: "user", content: "x" },
        { role: "assistant", content: [{ type: "tool_use", id: "abcdefghi", name: "w", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "abcdefghi", content: "22" }] },
      ],
    },
  ],
  [
    "cohere-chat",
    "/v2/chat",
    {
      messages: [
        { role: "user", content: "x" },
        {
          role: "assistant",
          tool_calls: [{ id: "abcdefghi", type: "function", function: { name: "w", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "abcdefghi", content: "22" },
      ],
    },
  ],
  [
    "bedrock-converse",
    "/model/m/converse",
    {
      messages: [
        { role: "user", content: [{ text: "x" }] },
        { role: "assistant", content: [{ toolUse: { toolUseId: "abcdefghi", name: "w", input: {} } }] },
        { role: "user", content: [{ toolResult: { toolUseId: "abcdefghi", content: [{ text: "22" }] } }] },
      ],
    },
  ],
];

const first = (path: string, body: object) => {
  const start = path.startsWith("/model") ? [{ text: "x" }] : "x";
  const messages = [{ role: "user", content: start }];
  return path === "/v1/responses" ? { ...body, input: "x" } : { ...body, messages };
};

function assistant(request: ChatRequest | undefined): readonly ContentPart[] {
  const turn = request?.messages.find(({ role }) => role === "assistant");
  return turn?.role === "assistant" && typeof turn.content !== "string" ? turn.content : [];
}

describe("State that a client drops", () => {
  it.each(TURNS)("comes back to the vendor of a call from a client of %s", async (_id, path, body) => {
    const { asked, post } = await server([
      [
        { type: "reasoning", text: "hm", origin: THOUGHT },
        { ...CALL, origin: SIGNED },
      ],
      [{ type: "text", text: "done" }],
    ]);
    await post(path, first(path, { model: "m", ...body }));
    expect((await post(path, { model: "m", ...body })).status).toBe(200);
    expect(assistant(asked[1])).toMatchObject([
      { type: "reasoning", text: "hm", origin: THOUGHT },
      { type: "tool-call", id: "abcdefghi", origin: SIGNED },
    ]);
  });

  const [, path, body] = TURNS[0] ?? ["openai-chat", "", {}];

  it.each([
    ["another caller", { "x-api-key": "two" }, body],
    [
      "a call of another name",
      { "x-api-key": "one" },
      JSON.parse(JSON.stringify(body).replace('"w"', '"v"')),
    ],
  ])("is not given to %s", async (_what, headers, later: JsonObject) => {
    const { asked, post } = await server([[{ ...CALL, origin: SIGNED }], [{ type: "text", text: "done" }]]);
    await post(path, first(path, { model: "m", ...body }));
    await post(path, { model: "m", ...later }, headers);
    expect(assistant(asked[1])[0]).not.toHaveProperty("origin");
  });

  const aws = (key: string, signature: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261128/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=${signature}`,
  });
  it.each([
    ["a bearer token", ["", { authorization: "Bearer a" }], ["", { authorization: "Bearer b" }]],
    ["a key of Azure", ["", { "api-key": "a" }], ["", { "api-key": "b" }]],
    ["a key of Google", ["", { "x-goog-api-key": "a" }], ["", { "x-goog-api-key": "b" }]],
    ["a key in the query", ["?key=a", {}], ["?key=b", {}]],
    ["an access key of AWS", ["", aws("AKIDA", "1")], ["", aws("AKIDB", "1")], ["", aws("AKIDA", "2")]],
  ] as const)(
    "knows its caller by %s",
    async (_what, mine, other, again: readonly [string, object] = mine) => {
      const { asked, post } = await server([
        [{ ...CALL, origin: SIGNED }],
        [{ type: "text", text: "done" }],
        [{ type: "text", text: "done" }],
      ]);
      await post(path + mine[0], first(path, { model: "m", ...body }), { ...mine[1] });
      await post(path + other[0], { model: "m", ...body }, { ...other[1] });
      expect(assistant(asked[1])[0]).not.toHaveProperty("origin");
      await post(path + again[0], { model: "m", ...body }, { ...again[1] });
      expect(assistant(asked[2])[0]).toHaveProperty("origin");
    },
  );

  it.each([
    ["too old", { maxAgeMs: 1_000 }, 1_001],
    ["too large", { maxSize: 10 }, 0],
  ])("is not kept when it is %s", async (_what, options, waitMs) => {
    const clock = new VirtualClock();
    const { asked, post } = await server([[{ ...CALL, origin: SIGNED }], [{ type: "text", text: "done" }]], {
      ...options,
      clock,
    });
    await post(path, first(path, { model: "m", ...body }));
    await clock.advance(waitMs);
    await post(path, { model: "m", ...body });
    expect(assistant(asked[1])[0]).not.toHaveProperty("origin");
  });

  it("survives a restart, without the key of its caller", async () => {
    const before = memory();
    const one = await server([[{ ...CALL, origin: SIGNED }]], { state: before });
    await one.post(path, first(path, { model: "m", ...body }), { "x-api-key": "secret-key" });
    const saved = JSON.stringify(before.snapshot());
    expect(saved).not.toContain("secret-key");
    const after = memory();
    after.restore(JSON.parse(saved));
    const two = await server([[{ type: "text", text: "done" }]], { state: after });
    await two.post(path, { model: "m", ...body }, { "x-api-key": "secret-key" });
    expect(assistant(two.asked[0])[0]).toMatchObject({ origin: SIGNED });
  });

  it("reaches another process through its store", async () => {
    const here = memory({ publish: (change) => there.receive(change, "here") });
    const there = memory();
    const two = await server([[{ type: "text", text: "done" }]], { state: there });
    const one = await server([[{ ...CALL, origin: SIGNED }]], { state: here });
    await one.post(path, first(path, { model: "m", ...body }));
    await two.post(path, { model: "m", ...body });
    expect(assistant(two.asked[0])[0]).toMatchObject({ origin: SIGNED });
  });
});

describe("A conversation that a client continues from", () => {
  const answers: (readonly ContentPart[])[] = [[CALL], [{ type: "text", text: "done" }]];

  it("is found by previous_response_id; instructions are those of each request", async () => {
    const { asked, post } = await server(answers);
    const { body } = await post("/v1/responses", { model: "m", instructions: "one", input: "x" });
    const output = { type: "function_call_output", call_id: "abcdefghi", output: "22" };
    const later = { model: "m", instructions: "two", previous_response_id: body["id"], input: [output] };
    expect((await post("/v1/responses", later)).status).toBe(200);
    expect(asked[1]?.continues).toBeUndefined();
    expect(asked[1]?.messages).toMatchObject([
      { role: "system", content: "two" },
      { role: "user", content: "x" },
      { role: "assistant", content: [{ type: "tool-call", name: "w" }] },
      { role: "tool", content: [{ id: "abcdefghi" }] },
    ]);
  });

  it("is found by references to its items, once for all of them", async () => {
    const { asked, post } = await server([
      [{ type: "text", text: "calling" }, CALL],
      [{ type: "text", text: "done" }],
    ]);
    const { body } = await post("/v1/responses", { model: "m", input: "x" });
    const items = body["output"] as readonly (JsonObject & { readonly id: string })[];
    const output = { type: "function_call_output", call_id: "abcdefghi", output: "22" };
    const references = items.map(({ id }) => ({ type: "item_reference", id }));
    await post("/v1/responses", {
      model: "m",
      input: [{ role: "user", content: "x" }, ...references, output],
    });
    expect(assistant(asked[1])).toMatchObject([
      { type: "text", text: "calling" },
      { type: "tool-call", name: "w" },
    ]);
  });

  it("is found by a thread of Anthropic's messages", async () => {
    const { asked, post } = await server(answers);
    const ask = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "x" }] };
    const { body } = await post("/v1/messages", { ...ask, thread: { type: "create" } });
    const result = { type: "tool_result", tool_use_id: "abcdefghi", content: "22" };
    await post("/v1/messages", {
      ...ask,
      thread: { type: "continue", previous_message_id: body["id"] },
      messages: [{ role: "user", content: [result] }],
    });
    expect(asked[1]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
  });

  it.each([
    ["of another caller", {}, { "x-api-key": "two" }],
    ["that was not to be stored", { store: false }, { "x-api-key": "one" }],
  ])("is refused by a vendor that stores nothing if it is one %s", async (_what, more, headers) => {
    const { asked, post } = await server(answers);
    const { body } = await post("/v1/responses", { model: "m", input: "x", ...more });
    await post("/v1/responses", { model: "m", previous_response_id: body["id"], input: "y" }, headers);
    expect(asked[1]?.continues).toEqual({ provider: "openai", id: body["id"] });
  });
});

describe("conversations", () => {
  it.each([{ maxSize: 0 }, { maxAgeMs: -1 }, { other: 1 } as ConversationOptions])(
    "refuses %j",
    (options) => {
      expect(() => conversations(options)).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
    },
  );
});
