import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Message, Origin } from "../../../core/values/message.js";
import { server } from "../server/index.js";
import { client } from "./index.js";

const hi: Message = { role: "user", content: "Hi" };

function encode(
  request: Partial<ChatRequest>,
  quirks: Quirks = {},
  facts: Partial<DialectTarget> = {},
): { body: JsonObject; warnings: readonly Warning[]; path: string } {
  const { http, warnings } = client.encode({ messages: [hi], ...request }, "unary", {
    ...targetFor("openai", quirks),
    ...facts,
  });
  return { body: JSON.parse(http.body ?? "") as JsonObject, warnings, path: http.path };
}

function own(data: JsonObject, family = "openai"): { origin: Origin } {
  return { origin: { family, data } };
}

const thought: ContentPart = {
  type: "reasoning",
  text: "Hm.",
  ...own({ type: "reasoning", id: "rs_1", encrypted_content: "cipher" }),
};

const call: ContentPart = {
  type: "tool-call",
  id: "call_1",
  name: "look",
  arguments: { a: 1 },
  ...own({ type: "function_call", id: "fc_1", status: "completed" }),
};

describe("a request", () => {
  it("asks the target's model, stores nothing, and puts the first system message into instructions", () => {
    const { body, path } = encode({
      model: "another",
      messages: [{ role: "system", content: "Be brief." }, hi, { role: "system", content: "Now be long." }],
    });
    expect(path).toBe("/responses");
    expect(body).toEqual({
      model: "asked",
      instructions: "Be brief.",
      input: [
        { role: "user", content: "Hi" },
        { role: "system", content: "Now be long." },
      ],
      store: false,
    });
  });

  it("streams if asked to", () => {
    const { http } = client.encode({ messages: [hi] }, "stream", targetFor("openai"));
    expect(JSON.parse(http.body ?? "")).toMatchObject({ stream: true });
  });

  it("keeps system messages in the input if instructions are refused", () => {
    const { body } = encode(
      { messages: [{ role: "system", content: "Be brief." }, hi] },
      { noInstructions: true, systemRole: "developer" },
    );
    expect(body["input"]).toEqual([
      { role: "developer", content: "Be brief." },
      { role: "user", content: "Hi" },
    ]);
    expect(body).not.toHaveProperty("instructions");
  });

  it("requests encrypted reasoning if it requests reasoning, if the history has some, or if it always reasons", () => {
    const include = ["reasoning.encrypted_content"];
    const echo: Partial<ChatRequest> = { messages: [hi, { role: "assistant", content: [thought, call] }] };
    expect(encode({}).body).not.toHaveProperty("include");
    expect(encode({ reasoning: { effort: "low" } }).body).toMatchObject({ include });
    expect(encode({ reasoning: { effort: "none" } }).body).not.toHaveProperty("include");
    expect(encode(echo).body).toMatchObject({ include });
    expect(encode({}, { encryptedReasoning: true }).body).toMatchObject({ include });
    expect(encode({ reasoning: { effort: "low" } }, { encryptedReasoning: false }).body).not.toHaveProperty(
      "include",
    );
    const stored = { "openai-responses": { store: true } };
    expect(encode({ reasoning: { effort: "low" }, extensions: stored }).body).not.toHaveProperty("include");
  });

  it("continues from a stored response, which it stores in turn", () => {
    expect(encode({ continues: { provider: "openai", id: "resp_0" } }).body).toMatchObject({
      previous_response_id: "resp_0",
      store: true,
    });
  });

  it("is refused if it continues from another provider's state", () => {
    expect(() => encode({ continues: { provider: "anthropic", id: "x" } })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
    );
  });

  it("writes every parameter that there is", () => {
    const { body, warnings } = encode({
      tools: [
        { type: "function", name: "f", description: "F", parameters: { type: "object" }, strict: true },
        { type: "provider", id: "openai/web_search", options: { search_context_size: "low" } },
        { type: "provider", id: "openai/custom", options: { name: "patch" } },
      ],
      toolChoice: { name: "f" },
      parallelToolCalls: false,
      responseFormat: { type: "json-schema", schema: { type: "object" }, strict: true },
      maxTokens: 20,
      temperature: 0,
      topP: 0,
      logprobs: 3,
      reasoning: { effort: "xhigh", summary: "concise" },
      serviceTier: "flex",
      cacheKey: "k",
      user: "u",
      metadata: { a: "b" },
    });
    expect(warnings).toEqual([]);
    expect(body).toMatchObject({
      tools: [
        { type: "function", name: "f", description: "F", parameters: { type: "object" }, strict: true },
        { type: "web_search", search_context_size: "low" },
        { type: "custom", name: "patch" },
      ],
      tool_choice: { type: "function", name: "f" },
      parallel_tool_calls: false,
      text: { format: { type: "json_schema", name: "response", schema: { type: "object" }, strict: true } },
      max_output_tokens: 20,
      temperature: 0,
      top_p: 0,
      top_logprobs: 3,
      include: ["reasoning.encrypted_content", "message.output_text.logprobs"],
      reasoning: { effort: "xhigh", summary: "concise" },
      service_tier: "flex",
      prompt_cache_key: "k",
      safety_identifier: "u",
      metadata: { a: "b" },
    });
  });

  it.each<[string, Partial<ChatRequest>, Quirks, string[]]>([
    ["top k", { topK: 1 }, {}, ["unsupported topK"]],
    ["stop sequences", { stop: ["x"] }, {}, ["unsupported stop"]],
    ["a seed", { seed: 0 }, {}, ["unsupported seed"]],
    [
      "penalties",
      { presencePenalty: 0, frequencyPenalty: 0 },
      {},
      ["unsupported presencePenalty", "unsupported frequencyPenalty"],
    ],
    ["pictures", { output: { modalities: ["text", "image"] } }, {}, ["unsupported output.modalities"]],
    [
      "speech",
      { output: { modalities: ["audio"], audio: { voice: "v" } } },
      {},
      ["unsupported output.modalities", "unsupported output.audio"],
    ],
    ["a budget of thinking", { reasoning: { budgetTokens: 2_000 } }, {}, ["changed reasoning.budgetTokens"]],
    [
      "a budget beside an effort",
      { reasoning: { effort: "low", budgetTokens: 5 } },
      {},
      ["unsupported reasoning.budgetTokens"],
    ],
    [
      "an effort that is unknown",
      { reasoning: { effort: "minimal" } },
      { reasoningEfforts: ["none", "low"] },
      ["changed reasoning.effort"],
    ],
    ["metadata that is no text", { metadata: { a: 1 } }, {}, ["changed metadata.a"]],
    [
      "a name of a user",
      { messages: [{ role: "user", content: "Hi", name: "Ann" }] },
      {},
      ["unsupported messages.0.name"],
    ],
    [
      "a cache mark",
      { messages: [{ role: "user", content: "Hi", cache: {} }] },
      {},
      ["unsupported messages.0.cache"],
    ],
    [
      "a cache mark on a tool",
      { tools: [{ type: "function", name: "f", parameters: {}, cache: {} }] },
      {},
      ["unsupported tools.0.cache"],
    ],
    [
      "another vendor's tool",
      { tools: [{ type: "provider", id: "anthropic/web_search" }] },
      {},
      ["unsupported tools.0"],
    ],
    [
      "strict tools that are refused",
      { tools: [{ type: "function", name: "f", parameters: {}, strict: true }] },
      { noStrictTools: true },
      ["unsupported tools.0.strict"],
    ],
    [
      "sampling while it reasons",
      { temperature: 1, topP: 1 },
      { noSamplingWithReasoning: true },
      ["unsupported temperature", "unsupported topP"],
    ],
    [
      "fields that the endpoint refuses",
      { user: "u", maxTokens: 5 },
      { omit: ["user", "maxTokens", "store", "include"] },
      ["unsupported maxTokens", "unsupported user"],
    ],
  ])("warns of what it cannot say: %s", (_, request, quirks, fields) => {
    expect(encode(request, quirks).warnings.map((one) => `${one.code} ${one.field}`)).toEqual(fields);
  });

  it("takes sampling if the model does not reason", () => {
    const { body, warnings } = encode(
      { temperature: 0, reasoning: { effort: "none" } },
      { noSamplingWithReasoning: true },
    );
    expect(warnings).toEqual([]);
    expect(body).toMatchObject({ temperature: 0 });
  });

  it("turns a budget of thinking into the effort it comes near to, and never off", () => {
    const efforts = [0, 500, 4_000, 10_000, 90_000].map(
      (budgetTokens) => (encode({ reasoning: { budgetTokens } }).body["reasoning"] as JsonObject)["effort"],
    );
    expect(efforts).toEqual(["none", "minimal", "low", "medium", "high"]);
    const known = { reasoningEfforts: ["none", "high"] };
    expect(encode({ reasoning: { effort: "minimal" } }, known).body["reasoning"]).toEqual({ effort: "high" });
  });

  it("holds quirks of one model alone to that model", () => {
    const quirks = { byModel: [{ match: ["gpt-5*-chat"], quirks: { userField: "user" } }] };
    expect(encode({ user: "u" }, quirks, { model: "gpt-5.9-chat" }).body).toMatchObject({ user: "u" });
    expect(encode({ user: "u" }, quirks, { model: "gpt-5.9" }).body).not.toHaveProperty("user");
  });

  it("carries vendor fields of this dialect and provider, the provider's over the dialect's, and no others", () => {
    const extensions = {
      "openai-responses": { truncation: "auto", text: { verbosity: "low" } },
      openai: { truncation: "disabled" },
      anthropic: { top_k: 3 },
    };
    const fields = { "openai-responses": { vendor: 1 }, anthropic: { other: 2 } };
    const { body } = encode({
      extensions,
      responseFormat: { type: "json" },
      tools: [{ type: "function", name: "f", parameters: {}, extensions: fields }],
      messages: [
        { role: "user", content: [{ type: "text", text: "Hi", extensions: fields }], extensions: fields },
        { role: "assistant", content: [{ ...call, extensions: fields }] },
        { role: "tool", content: [{ type: "tool-result", id: "call_1", content: "x", extensions: fields }] },
      ],
    });
    expect(body).toMatchObject({
      truncation: "disabled",
      text: { verbosity: "low", format: { type: "json_object" } },
      tools: [{ name: "f", vendor: 1 }],
      input: [
        { role: "user", content: [{ type: "input_text", text: "Hi", vendor: 1 }], vendor: 1 },
        { type: "function_call", vendor: 1 },
        { type: "function_call_output", vendor: 1 },
      ],
    });
    expect(JSON.stringify(body)).not.toContain("other");
    expect(body).not.toHaveProperty("top_k");
  });

  it("says how prompts are cached if the model has parameters for it, and is read back", () => {
    const promptCache = { mode: "marks", ttl: "12h", compareWith: "resp_1" } as const;
    const { body, warnings } = encode({ messages: [hi], promptCache }, { cacheBreakpoints: true });
    expect(warnings).toEqual([]);
    expect(body["prompt_cache_options"]).toEqual({
      mode: "explicit",
      ttl: "12h",
      comparison_response_id: "resp_1",
    });
    const http = { method: "POST", path: "/v1/responses", headers: {}, body: JSON.stringify(body) } as const;
    expect(server.decode(http).request.promptCache).toEqual(promptCache);
    const older = encode({ messages: [hi], promptCache });
    expect(older.warnings.map(({ field }) => field)).toEqual([
      "promptCache.mode",
      "promptCache.ttl",
      "promptCache.compareWith",
    ]);
  });
});
