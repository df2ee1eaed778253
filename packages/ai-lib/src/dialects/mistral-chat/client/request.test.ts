import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { asArray, asObject, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Message } from "../../../core/values/message.js";
import { server } from "../server/index.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "mistral", model: "mistral-small-latest", quirks: {}, now: 0 };
const hi: Message = { role: "user", content: "hi" };

function encoded(request: Partial<ChatRequest>, quirks: DialectTarget["quirks"] = {}) {
  const { http, warnings } = client.encode({ messages: [hi], ...request }, "unary", { ...target, quirks });
  return {
    body: JSON.parse(http.body ?? "") as JsonObject,
    lost: warnings.map(({ code, field }) => `${code} ${field}`),
    http,
  };
}

function messagesOf(messages: readonly Message[], quirks: DialectTarget["quirks"] = {}) {
  const { body, lost } = encoded({ messages }, quirks);
  return { messages: body["messages"] as JsonObject[], lost };
}

describe("a request to Mistral", () => {
  it("goes to /chat/completions with the target's model, whatever model it names", () => {
    const { http, body } = encoded({ model: "other" });
    expect([http.method, http.path]).toEqual(["POST", "/chat/completions"]);
    expect(body).toEqual({ model: "mistral-small-latest", messages: [hi] });
  });

  it("asks for a stream in the body and in the accept header", () => {
    const { http } = client.encode({ messages: [hi] }, "stream", target);
    expect(http.headers["accept"]).toBe("text/event-stream");
    expect(JSON.parse(http.body ?? "")).toMatchObject({ stream: true });
  });

  it.each<[string, Partial<ChatRequest>, JsonObject]>([
    ["the seed as random_seed", { seed: 0 }, { random_seed: 0 }],
    ["a required tool call as any", { toolChoice: "required" }, { tool_choice: "any" }],
    [
      "a named tool",
      { toolChoice: { name: "f" } },
      { tool_choice: { type: "function", function: { name: "f" } } },
    ],
    ["log probabilities", { logprobs: 2 }, { logprobs: true, top_logprobs: 2 }],
    ["log probabilities, how many is the provider's", { logprobs: true }, { logprobs: true }],
    [
      "an explicit zero",
      { temperature: 0, maxTokens: 0, topP: 0 },
      { temperature: 0, max_tokens: 0, top_p: 0 },
    ],
    ["the cache key", { cacheKey: "k" }, { prompt_cache_key: "k" }],
    ["the tier", { serviceTier: "auto" }, { service_tier: "auto" }],
    ["metadata", { metadata: { a: [1] } }, { metadata: { a: [1] } }],
    ["any JSON", { responseFormat: { type: "json" } }, { response_format: { type: "json_object" } }],
    [
      "JSON after a schema",
      { responseFormat: { type: "json-schema", schema: { type: "object" }, strict: true } },
      {
        response_format: {
          type: "json_schema",
          json_schema: { name: "response", schema: { type: "object" }, strict: true },
        },
      },
    ],
    ["effort", { reasoning: { effort: "high" } }, { reasoning_effort: "high" }],
    ["the most effort", { reasoning: { effort: "max" } }, { reasoning_effort: "xhigh" }],
    [
      "a tool of Mistral's own",
      { tools: [{ type: "provider", id: "mistral/web_search", options: { tool_configuration: { x: 1 } } }] },
      { tools: [{ type: "web_search", tool_configuration: { x: 1 } }] },
    ],
    [
      "what only Mistral has, under either key",
      {
        extensions: {
          "mistral-chat": { safe_prompt: true, prediction: { type: "content" } },
          mistral: { prompt_mode: "reasoning", prediction: { content: "x" } },
          openai: { store: true },
        },
      },
      { safe_prompt: true, prompt_mode: "reasoning", prediction: { type: "content", content: "x" } },
    ],
  ])("says %s", (_, request, fields) => {
    const { body, lost } = encoded(request);
    const { model: _model, messages: _messages, ...rest } = body;
    expect(rest).toEqual(fields);
    expect(lost).toEqual([]);
  });

  it.each<[string, Partial<ChatRequest>]>([
    ["unsupported topK", { topK: 0 }],
    ["unsupported user", { user: "u" }],
    ["unsupported reasoning.budgetTokens", { reasoning: { budgetTokens: 1 } }],
    ["unsupported reasoning.summary", { reasoning: { summary: "auto" } }],
    ["unsupported output.modalities", { output: { modalities: ["text", "audio"] } }],
    ["unsupported output.audio", { output: { audio: { voice: "v" } } }],
    ["unsupported tools.0", { tools: [{ type: "provider", id: "openai/web_search" }] }],
    ["unsupported tools.0.cache", { tools: [{ type: "function", name: "f", parameters: {}, cache: {} }] }],
    ["unsupported messages.0.name", { messages: [{ ...hi, name: "n" } as Message] }],
    ["unsupported messages.0.cache", { messages: [{ ...hi, cache: {} }] }],
  ])("warns of what it cannot say: %s", (warning, request) => {
    expect(encoded(request).lost).toEqual([warning]);
  });

  it.each([
    ["low", ["none", "high"], "high"],
    ["minimal", ["none", "high"], "high"],
    ["max", ["none", "high"], "high"],
    ["none", ["low", "medium"], "low"],
  ] as const)("maps the effort %s to what an endpoint takes of %s: %s", (effort, reasoningEfforts, word) => {
    const { body, lost } = encoded({ reasoning: { effort } }, { reasoningEfforts });
    expect(body["reasoning_effort"]).toBe(word);
    expect(lost).toEqual(["changed reasoning.effort"]);
  });

  it("refuses state that a vendor keeps, so that a strategy passes Mistral over", () => {
    const error = caught(() => encoded({ continues: { provider: "openai", id: "r" } }));
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
  });
});

describe("a conversation sent to Mistral", () => {
  const call: ContentPart = { type: "tool-call", id: "call_abc", name: "f", arguments: { a: 1 } };

  it("re-shapes call ids to nine characters, the same on the call and on its result", () => {
    const { messages, lost } = messagesOf([
      hi,
      { role: "assistant", content: [call] },
      { role: "tool", content: [{ type: "tool-result", id: "call_abc", name: "f", content: "ok" }] },
    ]);
    const id = firstCallId(messages[1]);
    expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(messages[1]).toEqual({
      role: "assistant",
      content: "",
      tool_calls: [{ id, type: "function", function: { name: "f", arguments: '{"a":1}' } }],
    });
    expect(messages[2]).toEqual({ role: "tool", tool_call_id: id, name: "f", content: "ok" });
    expect(lost).toEqual([]);
    const kept = messagesOf([hi, { role: "assistant", content: [call] }], { anyToolCallId: true });
    expect(firstCallId(kept.messages[1])).toBe("call_abc");
  });

  it("marks a last assistant message as the answer's beginning, and no other", () => {
    const said: Message = { role: "assistant", content: "Once" };
    const { messages } = messagesOf([hi, said, hi, said]);
    expect(messages.map((message) => message["prefix"])).toEqual([undefined, undefined, undefined, true]);
  });

  it("replays thinking closed, with its signature where Mistral gave one", () => {
    const origin = { family: "mistral", data: { signature: "s" } };
    const { messages } = messagesOf([
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", origin },
          { type: "text", text: "so" },
        ],
      },
      hi,
    ]);
    expect(messages[0]?.["content"]).toEqual([
      { type: "thinking", thinking: [{ type: "text", text: "hm" }], signature: "s", closed: true },
      { type: "text", text: "so" },
    ]);
  });

  it("leaves the state of other families out, and their thinking with it", () => {
    const origin = { family: "anthropic", data: { signature: "s" } };
    const { messages, lost } = messagesOf([
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", origin },
          { type: "text", text: "so", origin },
        ],
      },
      hi,
    ]);
    expect(messages[0]?.["content"]).toEqual([{ type: "text", text: "so" }]);
    expect(lost).toEqual(["state-dropped messages.0.content.0", "state-dropped messages.0.content.1.origin"]);
  });

  it("echoes state that is bound to an account to that account alone", () => {
    const origin = { family: "mistral", account: "a", data: { signature: "s" } };
    const messages: Message[] = [
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", origin },
          { type: "text", text: "x" },
        ],
      },
      hi,
    ];
    const bodyFor = (account: string) =>
      client.encode({ messages }, "unary", { ...target, account }).http.body;
    expect(bodyFor("a")).toContain("signature");
    expect(bodyFor("b")).not.toContain("signature");
  });

  it.each<[string, ContentPart, JsonObject]>([
    [
      "a picture by URL",
      { type: "image", url: "https://x/a.png" },
      { type: "image_url", image_url: "https://x/a.png" },
    ],
    [
      "a picture's bytes with its detail",
      { type: "image", data: "aGk=", mediaType: "image/png", detail: "low" },
      { type: "image_url", image_url: { url: "data:image/png;base64,aGk=", detail: "low" } },
    ],
    [
      "a document by URL, with its name",
      { type: "file", url: "https://x/a.pdf", name: "a.pdf" },
      { type: "document_url", document_url: "https://x/a.pdf", document_name: "a.pdf" },
    ],
    [
      "a document's bytes",
      { type: "file", data: "aGk=", mediaType: "application/pdf" },
      { type: "document_url", document_url: "data:application/pdf;base64,aGk=" },
    ],
    [
      "an uploaded file",
      { type: "file", uploaded: { provider: "mistral", id: "f1" } },
      { type: "file", file_id: "f1" },
    ],
    [
      "sound by URL",
      { type: "audio", url: "https://x/a.mp3" },
      { type: "input_audio", input_audio: "https://x/a.mp3" },
    ],
    [
      "sound's bytes",
      { type: "audio", data: "aGk=", mediaType: "audio/mpeg" },
      { type: "input_audio", input_audio: { data: "aGk=", format: "mp3" } },
    ],
    [
      "vendor fields of a part",
      { type: "text", text: "x", extensions: { mistral: { a: 1 }, openai: { b: 2 } } },
      { type: "text", text: "x", a: 1 },
    ],
  ])("says %s", (_, part, chunk) => {
    const { messages, lost } = messagesOf([{ role: "user", content: [part] } as Message]);
    expect(messages[0]?.["content"]).toEqual([chunk]);
    expect(lost).toEqual([]);
  });

  it("refuses a file that another provider keeps, so that a strategy moves on", () => {
    const part: ContentPart = { type: "file", uploaded: { provider: "openai", id: "f1" } };
    const error = caught(() => messagesOf([{ role: "user", content: [part] } as Message]));
    expect(error.code).toBe("UNSUPPORTED_FEATURE");
  });

  it("moves pictures out of tool results, behind the last result of the turn", () => {
    const image: ContentPart = { type: "image", url: "https://x/a.png" };
    const conversation: Message[] = [
      { role: "assistant", content: [call, { ...call, id: "call_def" }] },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "call_abc", content: [{ type: "text", text: "see" }, image] },
          { type: "tool-result", id: "call_def", content: "b" },
        ],
      },
    ];
    const { messages, lost } = messagesOf(conversation);
    expect(messages.map(({ role }) => role)).toEqual(["assistant", "tool", "tool", "user"]);
    expect(messages[1]?.["content"]).toEqual([{ type: "text", text: "see" }]);
    expect(messages[3]).toEqual({
      role: "user",
      content: [{ type: "image_url", image_url: "https://x/a.png" }],
    });
    expect(lost).toEqual(["changed messages.1.content.0.content.1"]);
    const inPlace = messagesOf(conversation, { toolMedia: true });
    expect(inPlace.messages.map(({ role }) => role)).toEqual(["assistant", "tool", "tool"]);
    expect(inPlace.messages[1]?.["content"]).toHaveLength(2);
  });

  it("skips turns that failed midway, and answers of which nothing is left", () => {
    const { messages, lost } = messagesOf([
      hi,
      { role: "assistant", content: "half", incomplete: true },
      { role: "assistant", content: [] },
      hi,
    ]);
    expect(messages).toEqual([hi, hi]);
    expect(lost).toEqual(["unsupported messages.2"]);
  });

  it.each<[string, ContentPart, string[]]>([
    [
      "withheld thinking",
      { type: "reasoning", text: "", redacted: true },
      ["state-dropped messages.0.content.0"],
    ],
    ["a refusal, as text", { type: "refusal", text: "no" }, ["changed messages.0.content.0"]],
    ["a source that names nothing", { type: "source", quote: "q" }, ["state-dropped messages.0.content.0"]],
    [
      "where a source is cited",
      { type: "source", url: "https://x", cites: { index: 0 } },
      ["state-dropped messages.0.content.0.cites"],
    ],
    [
      "a call that a provider ran",
      { ...call, executedBy: "provider" } as ContentPart,
      ["state-dropped messages.0.content.0"],
    ],
    [
      "a call that was cut",
      { type: "tool-call", id: "a", name: "f", argumentsText: "{" },
      ["unsupported messages.0.content.0"],
    ],
    [
      "a mark for the cache",
      { type: "text", text: "x", cache: {} },
      ["unsupported messages.0.content.0.cache"],
    ],
  ])("warns of what it cannot replay: %s", (_, part, warnings) => {
    const { lost } = messagesOf([{ role: "assistant", content: [part, { type: "text", text: "x" }] }, hi]);
    expect(lost).toEqual(warnings);
  });

  it("warns that a result's mark for failure has no place", () => {
    const { lost } = messagesOf([
      { role: "assistant", content: [call] },
      { role: "tool", content: [{ type: "tool-result", id: "call_abc", content: "no", isError: true }] },
    ]);
    expect(lost).toEqual(["unsupported messages.1.content.0.isError"]);
  });
});

describe("a request that Mistral's server half reads", () => {
  const read = (body: unknown) =>
    server.decode({ method: "POST", path: "/v1/chat/completions", headers: {}, body: JSON.stringify(body) });

  it.each(["/v1/chat/completions", "/chat/completions"])("is known by its path: %s", (path) => {
    expect(server.matches({ method: "POST", path })).toBe(true);
    expect(server.matches({ method: "GET", path })).toBe(false);
  });

  it("keeps fields that it does not know as extensions, wherever they stand, and gives them back", () => {
    const body = {
      model: "m",
      safe_prompt: true,
      messages: [{ role: "user", content: [{ type: "text", text: "x", hint: 1 }], tag: "t" }],
      tools: [{ type: "function", shown: true, function: { name: "f", parameters: {}, odd: 1 } }],
    };
    const { request } = read(body);
    expect(request.extensions).toEqual({ "mistral-chat": { safe_prompt: true } });
    expect(JSON.parse(client.encode(request, "unary", { ...target, model: "m" }).http.body ?? "")).toEqual(
      body,
    );
  });

  it("keeps the thinking chunk of Magistral's system prompt", () => {
    const content = [
      { type: "text", text: "First draft: " },
      { type: "thinking", thinking: [{ type: "text", text: "thoughts" }], closed: true },
      { type: "text", text: " Then answer." },
    ];
    const { request } = read({ messages: [{ role: "system", content }, hi] });
    expect(request.messages[0]?.content).toBe("First draft: thoughts Then answer.");
    const again = client.encode(request, "unary", target);
    expect(JSON.parse(again.http.body ?? "").messages[0]).toEqual({ role: "system", content });
  });

  it("tells sound of a bare string by its first bytes", () => {
    const { request } = read({
      messages: [{ role: "user", content: [{ type: "input_audio", input_audio: "UklGRgAA" }] }],
    });
    expect(request.messages[0]?.content).toEqual([
      { type: "audio", data: "UklGRgAA", mediaType: "audio/wav" },
    ]);
  });

  it.each<[string, unknown]>([
    ["no object", []],
    ["no messages", { model: "m" }],
    ["an unknown role", { messages: [{ role: "robot", content: "x" }] }],
    ["an unknown chunk", { messages: [{ role: "user", content: [{ type: "hologram" }] }] }],
    [
      "thinking of the user's",
      { messages: [{ role: "user", content: [{ type: "thinking", thinking: [] }] }] },
    ],
    ["a temperature in words", { messages: [hi], temperature: "hot" }],
    ["several answers", { messages: [hi], n: 2 }],
    ["a tool without a name", { messages: [hi], tools: [{ type: "function", function: {} }] }],
    ["an unknown tool choice", { messages: [hi], tool_choice: "maybe" }],
    ["a call without a function", { messages: [{ role: "assistant", tool_calls: [{}] }] }],
  ])("is refused with %s", (_, body) => {
    expect(caught(() => read(body)).code).toBe("INVALID_REQUEST");
  });
});

function firstCallId(message: JsonObject | undefined): unknown {
  return asObject(asArray(message?.["tool_calls"])[0])?.["id"];
}

function caught(run: () => unknown): AiLibError {
  try {
    run();
  } catch (error) {
    if (AiLibError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
