import { describe, expect, it } from "vitest";
import type { Call } from "../core/contract/call.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { OpenProvider } from "../core/run/compose.js";
import type { JsonObject } from "../core/values/json.js";
import { scripted } from "../testing/scripted.js";
import { type AiFetchOptions, aiFetch, type FetchFunction } from "./fetch.js";

const CHAT = "https://api.openai.com/v1/chat/completions";
const asked = { model: "gpt-x", messages: [{ role: "user", content: "Hi" }] };
const hello = scripted({ name: "up", replies: [{ text: "Hello" }] });

function post(body: unknown, init: RequestInit = {}): RequestInit {
  return { method: "POST", body: JSON.stringify(body), ...init };
}

async function jsonOf(response: Response): Promise<JsonObject> {
  return (await response.json()) as JsonObject;
}

/** A provider that the test answers for. */
class Manual extends OpenProvider {
  readonly name = "manual";
  paused = false;
  aborts = 0;
  readonly models: (string | undefined)[] = [];
  sink: Sink<"chat"> | undefined;

  open(call: Call, sink: Sink): Flow {
    this.models.push(call.request.model);
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

  begin(text: string): void {
    this.sink?.event({ type: "start" });
    this.sink?.event({ type: "part-start", index: 0, part: { type: "text" } });
    this.sink?.event({ type: "text-delta", index: 0, text });
  }
}

const turns = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

describe("aiFetch", () => {
  it.each<[string, string | URL | Request, RequestInit | undefined]>([
    ["a text", CHAT, post(asked)],
    ["a URL", new URL(CHAT), post(asked)],
    ["a Request", new Request(CHAT, post(asked)), undefined],
    ["a Request with a body beside it", new Request(CHAT, post({})), { body: JSON.stringify(asked) }],
    ["bytes", CHAT, { method: "post", body: new TextEncoder().encode(JSON.stringify(asked)) }],
    ["a stream", CHAT, { method: "POST", body: new Blob([JSON.stringify(asked)]).stream() }],
    ["a blob", CHAT, { method: "POST", body: new Blob([JSON.stringify(asked)]) }],
  ])("reads %s", async (_, input, init) => {
    const response = await aiFetch(hello)(input, init);
    expect(response.status).toBe(200);
    expect(await jsonOf(response)).toMatchObject({ choices: [{ message: { content: "Hello" } }] });
  });

  it.each([
    ["https://api.anthropic.com/v1/messages", { ...asked, max_tokens: 9 }, "text"],
    [
      "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent",
      { contents: [{ parts: [{ text: "Hi" }] }] },
      "parts",
    ],
    ["https://api.groq.com/openai/v1/chat/completions", asked, "choices"],
    ["https://api.openai.com/v1/responses", { model: "m", input: "Hi" }, "output"],
    ["https://api.mistral.ai/v1/chat/completions", asked, "choices"],
    ["https://api.cohere.com/v2/chat", asked, "message"],
    ["http://127.0.0.1:11434/api/chat", asked, "message"],
    [
      "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse",
      { messages: [{ role: "user", content: [{ text: "Hi" }] }] },
      "output",
    ],
  ])("answers %s", async (url, body, field) => {
    const text = await (await aiFetch(hello)(url, post(body))).text();
    expect(text).toContain("Hello");
    expect(text).toContain(`"${field}"`);
  });

  it.each<[AiFetchOptions["model"], string | undefined]>([
    [undefined, "gpt-x"],
    ["mine", "mine"],
    [{ "gpt-x": "mine" }, "mine"],
    [{ other: "mine" }, "gpt-x"],
    [(model) => `${model}!`, "gpt-x!"],
    [() => undefined, undefined],
  ])("asks for the model that %j makes", async (model, expected) => {
    const manual = new Manual();
    void aiFetch(manual, { model })(CHAT, post(asked));
    await turns();
    expect(manual.models).toEqual([expected]);
  });

  it("passes on what it does not answer, with its body unread", async () => {
    const passed: [string | URL | Request, RequestInit | undefined][] = [];
    const next: FetchFunction = async (input, init) => {
      passed.push([input, init]);
      const body = input instanceof Request ? await input.text() : init?.body;
      return new Response(String(body), { status: 202 });
    };
    const through = aiFetch(hello, { hosts: ["API.openai.com"], fetch: next });
    const other = "https://api.example.com/v1/chat/completions";
    const upload = new Request("https://api.openai.com/v1/files", post({ file: 1 }));
    expect(await (await through(other, post(asked))).text()).toBe(JSON.stringify(asked));
    expect(await (await through(upload)).text()).toBe('{"file":1}');
    expect(passed.map(([input]) => input)).toEqual([other, upload]);
    expect((await through(CHAT, post(asked))).status).toBe(200);
  });

  it("refuses what it does not answer, if configured so, in the client's shape", async () => {
    const closed = aiFetch(hello, {
      hosts: ["api.openai.com"],
      others: "refuse",
      fetch: () => Promise.reject(new Error("asked")),
    });
    const elsewhere = await closed("https://api.example.com/v1/chat/completions", post(asked));
    expect(elsewhere.status).toBe(404);
    const upload = await closed("https://api.openai.com/v1/files", post({}));
    expect(upload.status).toBe(404);
    expect(await jsonOf(upload)).toMatchObject({ error: { type: "invalid_request_error" } });
  });

  it("rejects with the reason of an abort, before the head and within the body", async () => {
    const manual = new Manual();
    const early = new AbortController();
    const reply = aiFetch(manual)(CHAT, post(asked, { signal: early.signal }));
    await turns();
    early.abort();
    await expect(reply).rejects.toMatchObject({ name: "AbortError" });
    expect(manual.aborts).toBe(1);

    const late = new AbortController();
    const streamed = aiFetch(manual)(CHAT, post({ ...asked, stream: true }, { signal: late.signal }));
    await turns();
    manual.begin("Hel");
    const { body } = await streamed;
    const reader = body?.getReader();
    await reader?.read();
    late.abort(new Error("enough"));
    await expect(reader?.read()).rejects.toThrow("enough");
    expect(manual.aborts).toBe(2);

    const before = AbortSignal.abort();
    await expect(aiFetch(manual)(CHAT, post(asked, { signal: before }))).rejects.toThrow();
    expect(manual.models).toHaveLength(2);
  });

  it("closes the provider's connection once the body is cancelled", async () => {
    const manual = new Manual();
    const streamed = aiFetch(manual)(CHAT, post({ ...asked, stream: true }));
    await turns();
    manual.begin("Hel");
    await (await streamed).body?.cancel();
    expect(manual.aborts).toBe(1);
  });

  it("pauses the provider while the body is not read", async () => {
    const manual = new Manual();
    const streamed = aiFetch(manual)(CHAT, post({ ...asked, stream: true }));
    await turns();
    manual.begin("x".repeat(40_000));
    const reader = (await streamed).body?.getReader();
    await turns();
    expect(manual.paused).toBe(true);
    await reader?.read();
    await turns();
    expect(manual.paused).toBe(false);
    await reader?.cancel();
  });

  it("answers a failure as the vendor would", async () => {
    const failing = scripted({ name: "up", replies: [{ error: { code: "RATE_LIMIT", message: "busy" } }] });
    const response = await aiFetch(failing)(CHAT, post(asked));
    expect(response.status).toBe(429);
    expect(response.headers.get("x-should-retry")).toBe("false");
  });

  it("lists the provider's models in the client's shape", async () => {
    const listing = Object.assign(scripted({ name: "up", replies: [] }), {
      listModels: async () => [{ id: "m1", provider: "up" }],
    });
    const response = await aiFetch(listing)("https://api.openai.com/v1/models");
    expect(await jsonOf(response)).toMatchObject({ data: [{ id: "m1" }] });
  });

  it("refuses a body that is too long, and options that it does not know", async () => {
    const small = aiFetch(hello, { maxBodyBytes: 10 });
    expect((await small(CHAT, post(asked))).status).toBe(413);
    expect((await small(CHAT, { method: "POST", body: new Blob(["x".repeat(20)]) })).status).toBe(413);
    expect(() => aiFetch("openai" as never)).toThrow(/provider\("openai"\)/);
    expect(() => aiFetch(hello, { model: "m", host: [] } as never)).toThrow(/host/);
    expect(() => aiFetch(hello, { others: "block" as never })).toThrow(/"pass" or "refuse"/);
  });
});
