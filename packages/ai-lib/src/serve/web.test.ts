import { describe, expect, it } from "vitest";
import type { Call } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { AiLibError } from "../core/errors/error.js";
import { OpenProvider } from "../core/run/compose.js";
import type { JsonObject } from "../core/values/json.js";
import { scripted } from "../testing/scripted.js";
import { serverHalves } from "./halves.js";
import type { ServeOptions } from "./options.js";
import { relay } from "./relay.js";
import { serveWeb, type WebOutput } from "./web.js";

const halves = await serverHalves();

const OPENAI = "/v1/chat/completions";
const asked = { model: "m", messages: [{ role: "user", content: "Hi" }] };

function web(provider: ChatProvider, options: Partial<ServeOptions<WebOutput>> = {}) {
  return serveWeb({
    halves,
    handle: (call) => relay(call, provider),
    models: () => [{ id: "m1", provider: "p" }],
    ...options,
  });
}

const plain = web(scripted({ name: "up", replies: [{ text: "Hello" }] }));

function request(path: string, init: RequestInit = {}): Request {
  return new Request(`http://server.example${path}`, init);
}

function post(path: string, body: unknown, init: RequestInit = {}): Request {
  return request(path, { method: "POST", body: JSON.stringify(body), ...init });
}

async function jsonOf(response: Response): Promise<JsonObject> {
  return (await response.json()) as JsonObject;
}

/** A provider whose answer the test writes, and what was done to it. */
class Manual extends OpenProvider {
  readonly name = "manual";
  paused = false;
  aborts = 0;
  sink: Sink<"chat"> | undefined;

  open(_call: Call, sink: Sink): Flow {
    this.sink = sink as Sink<"chat">;
    return {
      pause: () => {
        this.paused = true;
      },
      resume: () => {
        this.paused = false;
      },
      abort: () => {
        this.aborts++;
        return undefined;
      },
    };
  }

  text(text: string): void {
    this.sink?.event({ type: "text-delta", index: 0, text });
  }

  begin(): void {
    this.sink?.event({ type: "start" });
    this.sink?.event({ type: "part-start", index: 0, part: { type: "text" } });
  }
}

async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

describe("serveWeb", () => {
  it("answers a unary call with one reply whose length is announced", async () => {
    const response = await plain(post(OPENAI, asked));
    expect(response.status).toBe(200);
    expect(Number(response.headers.get("content-length"))).toBeGreaterThan(0);
    expect(await jsonOf(response)).toMatchObject({ choices: [{ message: { content: "Hello" } }] });
  });

  it("streams an answer in the framing of its dialect", async () => {
    const response = await plain(post(OPENAI, { ...asked, stream: true }));
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(await response.text()).toMatch(/^data: .*Hello.*\n\ndata: \[DONE\]\n\n$/s);
    const lines = await (await plain(post("/api/chat", { ...asked, stream: true }))).text();
    expect(
      lines
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as JsonObject)["done"]),
    ).toContain(true);
  });

  it("answers a failure before content with its status, and one after content inside the stream", async () => {
    const manual = new Manual();
    const early = web(manual)(post(OPENAI, { ...asked, stream: true }));
    await turns();
    manual.begin();
    manual.sink?.fail(new AiLibError({ code: "RATE_LIMIT", message: "busy", retryAt: 1_760_000_000_500 }));
    expect((await early).status).toBe(429);
    expect((await early).headers.get("retry-after")).toBe("0");
    const late = web(manual)(post(OPENAI, { ...asked, stream: true }));
    await turns();
    manual.begin();
    manual.text("Hel");
    manual.sink?.fail(new AiLibError({ code: "OVERLOADED", message: "busy" }));
    expect((await late).status).toBe(200);
    expect(await (await late).text()).toContain("engine_overloaded");
  });

  it("pauses the answer while the client does not read, and resumes it", async () => {
    const manual = new Manual();
    const reply = web(manual)(post(OPENAI, { ...asked, stream: true }));
    await turns();
    manual.begin();
    manual.text("x".repeat(40_000));
    const reader = (await reply).body?.getReader();
    await turns();
    expect(manual.paused).toBe(true);
    await reader?.read();
    await turns();
    expect(manual.paused).toBe(false);
  });

  it("pauses the answer at the head, and resumes it by itself", async () => {
    const manual = new Manual();
    const reply = web(manual)(post(OPENAI, { ...asked, stream: true }));
    await turns();
    manual.begin();
    manual.text("Hel");
    expect(manual.paused).toBe(true);
    await reply;
    await turns();
    expect(manual.paused).toBe(false);
  });

  it.each(["its body", "its signal"])("aborts the answer when the client cancels %s", async (what) => {
    const manual = new Manual();
    const client = new AbortController();
    const reply = web(manual)(post(OPENAI, { ...asked, stream: true }, { signal: client.signal }));
    await turns();
    manual.begin();
    manual.text("Hello");
    const response = await reply;
    if (what === "its body") await response.body?.cancel();
    else client.abort();
    expect(manual.aborts).toBe(1);
    manual.text("more");
  });

  it("aborts the answer when the client leaves before anything was written", async () => {
    const manual = new Manual();
    const client = new AbortController();
    const reply = web(manual)(post(OPENAI, asked, { signal: client.signal }));
    await turns();
    client.abort();
    expect(manual.aborts).toBe(1);
    expect((await reply).status).toBe(499);
  });

  /** Asks a server whose dialect cannot write the end of a stream. */
  function askBroken(fail: (write: (frame: { data: string }) => void) => void): Promise<Response> {
    const broken = halves.map((half) => ({
      ...half,
      encoder: (write: (frame: { data: string }) => void) => ({
        event: () => write({ data: "1" }),
        finish() {
          throw new Error("no end");
        },
        fail: () => fail(write),
      }),
    }));
    return web(scripted({ name: "up", replies: [{ text: "Hello" }] }), { halves: broken })(
      post(OPENAI, { ...asked, stream: true }),
    );
  }

  it("ends with an error if a stream cannot be written to its end", async () => {
    const response = await askBroken((write) => write({ data: "error" }));
    expect(await response.text()).toMatch(/data: error\n\n$/);
  });

  it("breaks the reply off where not even the error can be written", async () => {
    const response = await askBroken(() => {
      throw new Error("no error either");
    });
    await expect(response.text()).rejects.toThrow();
  });

  it("gives the handler a signal that follows the client", async () => {
    let signal: AbortSignal | undefined;
    const client = new AbortController();
    const reply = web(new Manual(), {
      handle: (call) => {
        signal = call.reply.signal;
      },
    })(post(OPENAI, asked, { signal: client.signal }));
    await turns();
    expect(signal?.aborted).toBe(false);
    client.abort();
    await reply;
    expect(signal?.aborted).toBe(true);
  });

  it.each(["throws", "rejects"])("answers in the dialect's shape where the handler %s", async (how) => {
    const error = new AiLibError({ code: "AUTH_FAILED", message: "who are you?" });
    const response = await web(new Manual(), {
      handle: () => {
        if (how === "rejects") return Promise.reject(error);
        throw error;
      },
    })(post("/v1/messages", { ...asked, max_tokens: 9 }));
    expect(response.status).toBe(401);
    expect(await jsonOf(response)).toMatchObject({ error: { type: "authentication_error" } });
  });

  it("does not show a client what its own code threw", async () => {
    const seen: unknown[] = [];
    const fault = new Error("postgres://user:secret@db failed");
    const response = await web(new Manual(), {
      onError: (error) => seen.push(error),
      handle() {
        throw fault;
      },
    })(post(OPENAI, asked));
    expect([response.status, seen]).toEqual([500, [fault]]);
    expect(await response.text()).not.toContain("secret");
  });

  it("reads no more of a body than it may have", async () => {
    const limited = web(new Manual(), { maxBodyBytes: 10 });
    const response = await limited(post("/v1/messages", asked, { headers: { "anthropic-version": "x" } }));
    expect(response.status).toBe(413);
    expect(await jsonOf(response)).toMatchObject({ type: "error" });
  });

  it("hands bodies on as bytes, and as text if they are text", async () => {
    const seen: unknown[] = [];
    const other = web(new Manual(), {
      fallback({ path, body, bytes }, output) {
        seen.push([path, body, bytes?.length]);
        output.head(201, { "x-own": "1" });
        output.end("done");
        return path !== "/nothing";
      },
    });
    const form = new FormData();
    form.set("file", new Blob([new Uint8Array([0, 255, 254])]));
    const response = await other(request("/v1/files", { method: "POST", body: form }));
    expect([response.status, response.headers.get("x-own"), await response.text()]).toEqual([
      201,
      "1",
      "done",
    ]);
    await other(request("/v1/text", { method: "POST", body: "héllo" }));
    expect(seen).toEqual([
      ["/v1/files", undefined, expect.any(Number)],
      ["/v1/text", "héllo", 6],
    ]);
  });

  it("refuses what its fallback does not take", async () => {
    const response = await web(new Manual(), { fallback: () => false })(request("/nothing"));
    expect(response.status).toBe(404);
  });
});

describe("a path that dialects share", () => {
  const anthropic = { "anthropic-version": "2023-06-01", "x-api-key": "k" };
  it.each<[who: string, path: string, headers: Record<string, string>, shape: JsonObject]>([
    ["OpenAI", "/v1/models", {}, { object: "list", data: [{ id: "m1", object: "model" }] }],
    ["Anthropic", "/v1/models", anthropic, { data: [{ id: "m1", type: "model" }], has_more: false }],
    ["Gemini, by its path", "/v1beta/models", {}, { models: [{ name: "models/m1" }] }],
    ["Gemini, by its key", "/v1/models", { "x-goog-api-key": "k" }, { models: [{ name: "models/m1" }] }],
    ["Cohere", "/v1/models", { "x-fern-sdk-name": "cohere-ai" }, { models: [{ name: "m1" }] }],
    ["Mistral", "/v1/models", { "user-agent": "mistral-client-python/1" }, { data: [{ id: "m1" }] }],
    ["Ollama", "/api/tags", {}, { models: [{ name: "m1", model: "m1" }] }],
  ])("lists models in the shape of %s", async (_, path, headers, shape) => {
    for (const asked of [path, `${path}/`]) {
      const response = await plain(request(asked, { headers }));
      expect(response.status).toBe(200);
      expect(await jsonOf(response)).toMatchObject(shape);
    }
  });

  it.each<[who: string, path: string, headers: Record<string, string>, shape: JsonObject]>([
    ["OpenAI", "/v1/unknown", {}, { error: { type: "invalid_request_error", code: "unknown_url" } }],
    ["Anthropic", "/v1/unknown", anthropic, { type: "error", error: { type: "not_found_error" } }],
    ["Gemini", "/v1beta/unknown", {}, { error: { code: 404, status: "NOT_FOUND" } }],
    ["Cohere", "/v2/unknown", { "x-fern-sdk-name": "cohere-ai" }, { error_type: "INVALID_REQUEST" }],
    ["Ollama", "/api/unknown", {}, { error: "Nothing is served at GET /api/unknown" }],
  ])("refuses in the shape of %s if nothing is served", async (_, path, headers, shape) => {
    const response = await plain(request(path, { headers }));
    expect(response.status).toBe(404);
    expect(await jsonOf(response)).toMatchObject(shape);
  });

  it("answers HEAD as GET without a body", async () => {
    const response = await plain(request("/v1/models", { method: "HEAD" }));
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      200,
      "application/json",
      "",
    ]);
  });

  it("names the methods that are served if another one is used", async () => {
    const response = await plain(request(OPENAI, { method: "PUT", body: "x" }));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, POST, DELETE"]);
  });

  it("tells a client that asks for a WebSocket to continue without one", async () => {
    const response = await plain(request("/v1/responses", { headers: { upgrade: "websocket" } }));
    expect(response.status).toBe(426);
  });

  it("reads a chat as the dialect of the client that asks", async () => {
    const mistral = await plain(
      post(OPENAI, asked, { headers: { "user-agent": "mistral-client-typescript/2" } }),
    );
    expect(await jsonOf(mistral)).toMatchObject({ choices: [{ message: { tool_calls: null } }] });
    expect((await plain(post(`${OPENAI}/`, asked))).status).toBe(200);
  });

  it("refuses a dialect that does not exist", async () => {
    await expect(serverHalves(["openai" as never])).rejects.toMatchObject({ code: "CONFIG_ERROR" });
    expect((await serverHalves(["gemini", "openai-chat"])).map(({ id }) => id)).toEqual([
      "gemini",
      "openai-chat",
    ]);
  });
});
