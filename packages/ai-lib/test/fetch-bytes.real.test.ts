import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DialectId } from "../src/core/contract/dialect.js";
import { type ChatProvider, defineProvider, failover, type ObserverEvent } from "../src/index.js";
import { aiFetch } from "../src/interop/fetch.js";
import { scripted } from "../src/testing/index.js";

/** An endpoint that answers with the bytes it was given, in pieces that end anywhere. */
let upstream: Server;
let got: { readonly body: string; readonly headers: IncomingHttpHeaders }[];
let next: { readonly body: string; readonly type: string; readonly cut?: boolean; readonly whole?: boolean };
beforeAll(async () => {
  upstream = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      got.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
      response.writeHead(200, { "content-type": next.type });
      // One write of the socket, with a piece for each event.
      const pieces = next.whole === true ? next.body.match(/.+\n\n/g) : undefined;
      for (const piece of pieces ?? []) response.write(piece);
      for (let at = 0; pieces === undefined && at < next.body.length; at += 37) {
        response.write(next.body.slice(at, at + 37));
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (next.cut === true) response.destroy();
      else response.end();
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
});
beforeEach(() => {
  got = [];
});

const up = (dialect: DialectId, base = ""): ChatProvider =>
  defineProvider(
    {
      id: "up",
      dialect,
      baseUrl: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}${base}`,
      auth: { style: "none" },
      model: "served",
    },
    { environment: {} },
  );

const down = scripted({ name: "down", replies: [{ error: { code: "OVERLOADED", message: "no" } }] });

const chunk = (delta: object, more = {}) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "served", choices: [{ index: 0, delta, finish_reason: null, ...more }], x_new: 1 })}\n\n`;
const STREAM = `: a comment\n\n${chunk({ role: "assistant", content: "Hel" })}${chunk({ content: "lo", x_field: [1] })}${chunk({}, { finish_reason: "stop" })}data: [DONE]\n\n`;

const claude = (type: string, fields: object) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const CLAUDE = [
  claude("message_start", {
    message: {
      id: "m",
      type: "message",
      role: "assistant",
      model: "served",
      content: [],
      stop_reason: null,
      usage: { input_tokens: 3, output_tokens: 1 },
    },
  }),
  claude("content_block_start", { index: 0, content_block: { type: "text", text: "" }, x_new: 1 }),
  claude("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hello" } }),
  claude("content_block_stop", { index: 0 }),
  claude("message_delta", {
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 2 },
  }),
  claude("message_stop", {}),
].join("");

/** The request of a client, spelled as only that client would, with a field that nothing here knows. */
const body = (model: string, more = "") =>
  `{\n "model":"${model}",  "x_new":{"model":"kept"},"max_tokens":9,\n "messages":[{"role":"user","content":"Hi"}]${more}}`;

const post = (fetch: ReturnType<typeof aiFetch>, path: string, text: string) =>
  fetch(`https://vendor.example${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer of-the-client" },
    body: text,
  });

describe("bytes between an SDK and a provider of its dialect", () => {
  it.each([
    ["openai-chat", "/v1", "/v1/chat/completions", STREAM],
    ["anthropic-messages", "/v1", "/v1/messages", CLAUDE],
  ] as const)("pass as they are, behind a failover: %s", async (dialect, base, path, stream) => {
    next = { body: stream, type: "text/event-stream" };
    const fetch = aiFetch(failover([down, up(dialect, base)]), {
      model: () => "served",
    });
    const response = await post(fetch, path, body("asked", ',"stream":true'));
    expect(await response.text()).toBe(stream);
    expect(got[0]?.body).toBe(body("served", ',"stream":true'));
    expect(got[0]?.headers.authorization).toBeUndefined();
  });

  it.each([true, false])("reach it before the rest of their read is decoded, bytes: %s", async (bytes) => {
    next = { body: chunk({ content: "Hel" }).repeat(40) + STREAM, type: "text/event-stream", whole: true };
    let ended = false;
    const observer = {
      on(event: ObserverEvent) {
        if (event.type === "request-end") ended = true;
      },
    };
    const fetch = aiFetch(up("openai-chat", "/v1"), { bytes, call: { observer } });
    const response = await post(fetch, "/v1/chat/completions", body("served", ',"stream":true'));
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    expect(ended).toBe(false);
    for (let step = await reader?.read(); step?.done === false; step = await reader?.read());
    expect(ended).toBe(true);
  });

  it("pass as they are in a whole answer", async () => {
    const whole = JSON.stringify(
      {
        id: "c",
        object: "chat.completion",
        created: 1,
        model: "served",
        x_new: 1,
        choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
      },
      undefined,
      3,
    );
    next = { body: whole, type: "application/json" };
    const response = await post(aiFetch(up("openai-chat", "/v1")), "/v1/chat/completions", body("served"));
    expect(await response.text()).toBe(whole);
    expect(got[0]?.body).toBe(body("served"));
  });

  it("are decoded beside, so that a cut is noticed", async () => {
    next = { body: STREAM.slice(0, -60), type: "text/event-stream", cut: true };
    const response = await post(
      aiFetch(up("openai-chat", "/v1")),
      "/v1/chat/completions",
      body("served", ',"stream":true'),
    );
    const outcome = await response.text().then(
      (text) => (text.includes('"error"') ? "told" : "silent"),
      () => "broken off",
    );
    expect(["told", "broken off"]).toContain(outcome);
  });

  it("are written anew with bytes: false, and between dialects", async () => {
    next = { body: STREAM, type: "text/event-stream" };
    const anew = aiFetch(up("openai-chat", "/v1"), { bytes: false });
    const text = await (await post(anew, "/v1/chat/completions", body("served", ',"stream":true'))).text();
    expect(text).not.toContain("x_new");
    expect(got[0]?.body).not.toContain("\n");
    const other = await post(
      aiFetch(up("openai-chat", "/v1")),
      "/v1/messages",
      body("served", ',"stream":true'),
    );
    expect(await other.text()).toContain("message_stop");
  });
});
