import { describe, expect, it } from "vitest";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import { ask } from "./ask.js";

const hello = { messages: [{ role: "user", content: "q" }] };
const user = (part: object) => ({ messages: [{ role: "user", content: [part] }] });
const tool = (fields: object) => ({
  ...hello,
  tools: [{ type: "function", name: "f", parameters: { type: "object" }, ...fields }],
});
const text = { type: "text", text: "x" };
const image = { type: "image", data: "aGk=" };

/** A request with a name that a vendor or another library has, the path of the field, and what to write instead. */
const SLIPS: readonly (readonly [request: object, path: string, instead: string])[] = [
  [{ ...hello, max_tokens: 5 }, "max_tokens", "maxTokens"],
  [{ ...hello, temprature: 1 }, "temprature", "temperature"],
  [{ ...hello, system: "be brief" }, "system", "messages"],
  [{ ...hello, reasoning: { max_tokens: 9 } }, "reasoning.max_tokens", "budgetTokens"],
  [{ ...hello, reasoning: { budget_tokens: 9 } }, "reasoning.budget_tokens", "budgetTokens"],
  [{ ...hello, reasoning: { efort: "low" } }, "reasoning.efort", "effort"],
  [{ ...hello, reasoning: { effort: "hard" } }, "reasoning.effort", "xhigh"],
  [{ ...hello, promptCache: { key: "k" } }, "promptCache.key", "cacheKey"],
  [
    { ...hello, contextManagement: { compact_threshold: 9 } },
    "contextManagement.compact_threshold",
    "compactAt",
  ],
  [{ ...hello, output: { voice: "v" } }, "output.voice", "audio"],
  [{ ...hello, output: { audio: { voise: "v" } } }, "output.audio.voise", "voice"],
  [tool({ defer_loading: true }), "tools.0.defer_loading", "deferLoading"],
  [tool({ input_examples: [] }), "tools.0.input_examples", "examples"],
  [tool({ execute() {} }), "tools.0.execute", "runTools"],
  [tool({ function: { name: "f" } }), "tools.0.function", "parameters"],
  [tool({ input_schema: {} }), "tools.0.input_schema", "parameters"],
  [tool({ nonsense: 1 }), "tools.0.nonsense", "extensions"],
  [{ ...hello, toolChoice: "any" }, "toolChoice", "required"],
  [{ messages: [{ ...hello.messages[0], cache_control: {} }] }, "messages.0.cache_control", "cache"],
  [user({ ...text, cache_control: {} }), "messages.0.content.0.cache_control", "cache"],
  [user({ ...text, providerOptions: {} }), "messages.0.content.0.providerOptions", "extensions"],
  [user({ ...image, mimeType: "image/png" }), "messages.0.content.0.mimeType", "mediaType"],
  [user({ ...image, media_type: "image/png" }), "messages.0.content.0.media_type", "mediaType"],
  [user({ type: "image", image_url: "https://a.example" }), "messages.0.content.0.image_url", "url"],
  [user({ type: "image", url: { url: "https://a.example" } }), "messages.0.content.0", "url"],
  [user({ type: "image", source: {} }), "messages.0.content.0.source", "data"],
  [user({ type: "image_url", image_url: {} }), "messages.0.content.0", "image"],
  [user({ type: "file", url: "https://a.example", filename: "a" }), "messages.0.content.0.filename", "name"],
  [user({ type: "file", file_id: "f" }), "messages.0.content.0.file_id", "uploaded"],
  [{ ...hello, responseFormat: { type: "json_schema" } }, "responseFormat.type", "json-schema"],
];

describe("a name of another API in a request", () => {
  it.each(SLIPS)("%j is refused by its path, with the name to write", async (request, path, instead) => {
    const { sent, error } = await ask("openai/gpt-4.1", request as unknown as ChatRequest);
    expect(sent).toEqual([]);
    expect(error).toMatchObject({ code: "INVALID_REQUEST", local: true });
    expect(error?.message).toContain(path);
    expect(error?.message).toContain(instead);
    // One sentence.
    expect(error?.message.split(". ").length).toBeLessThanOrEqual(2);
  });
});
