import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type {
  AssistantMessage,
  ContentPart,
  Message,
  Origin,
  ToolResultPart,
  UserPart,
} from "../../../core/values/message.js";
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

function inputOf(
  content: readonly ContentPart[],
  quirks: Quirks = {},
  extensions?: ChatRequest["extensions"],
) {
  const request = { messages: [hi, { role: "assistant" as const, content }], extensions };
  const { body, warnings } = encode(request, quirks);
  return {
    items: (body["input"] as JsonObject[]).slice(1),
    fields: warnings.map((one) => `${one.code} ${one.field}`),
  };
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

  it("streams where it is asked to", () => {
    const { http } = client.encode({ messages: [hi] }, "stream", targetFor("openai"));
    expect(JSON.parse(http.body ?? "")).toMatchObject({ stream: true });
  });

  it("keeps system messages in the input where instructions are refused", () => {
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

  it("asks for encrypted reasoning where it asks for reasoning, where some comes along, or where it always reasons", () => {
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

  it("goes on from a stored response, which it stores in turn", () => {
    expect(encode({ continues: { provider: "openai", id: "resp_0" } }).body).toMatchObject({
      previous_response_id: "resp_0",
      store: true,
    });
  });

  it("is refused where it goes on from another provider's state", () => {
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
      reasoning: { effort: "max", summary: "concise" },
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

  it("takes sampling where the model does not reason", () => {
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

  it("carries vendor fields of this dialect and provider, the provider's over the dialect's, and nobody else's", () => {
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
});

describe("content of a user or a tool", () => {
  it.each<[UserPart, JsonObject]>([
    [
      { type: "text", text: "a" },
      { type: "input_text", text: "a" },
    ],
    [
      { type: "image", url: "https://a.example/a.png", detail: "high" },
      { type: "input_image", image_url: "https://a.example/a.png", detail: "high" },
    ],
    [
      { type: "image", data: "aGk=", mediaType: "image/png" },
      { type: "input_image", image_url: "data:image/png;base64,aGk=" },
    ],
    [
      { type: "image", uploaded: { provider: "openai", id: "file-1" } },
      { type: "input_image", file_id: "file-1" },
    ],
    [
      { type: "file", data: "aGk=", mediaType: "application/pdf" },
      { type: "input_file", filename: "file.pdf", file_data: "data:application/pdf;base64,aGk=" },
    ],
    [
      { type: "file", url: "https://a.example/a.pdf" },
      { type: "input_file", file_url: "https://a.example/a.pdf" },
    ],
    [
      { type: "file", uploaded: { provider: "openai", id: "file-1" }, name: "a.pdf" },
      { type: "input_file", file_id: "file-1", filename: "a.pdf" },
    ],
  ])("is written and read: %j", (part, json) => {
    const { body, warnings } = encode({ messages: [{ role: "user", content: [part] }] });
    expect(warnings).toEqual([]);
    expect(body["input"]).toEqual([{ role: "user", content: [json] }]);
  });

  it("holds cache breakpoints where they are taken, on the last part for a message's mark", () => {
    const text = (value: string): UserPart => ({ type: "text", text: value });
    const { body, warnings } = encode(
      {
        messages: [
          { role: "system", content: "Rules", cache: { ttl: "30m" } },
          { role: "user", content: [text("a"), text("b")], cache: {} },
        ],
      },
      { cacheBreakpoints: true },
    );
    const prompt_cache_breakpoint = { mode: "explicit" };
    expect(warnings).toEqual([]);
    expect(body).toMatchObject({ prompt_cache_options: { ttl: "30m" } });
    expect(body["input"]).toEqual([
      { role: "system", content: [{ type: "input_text", text: "Rules", prompt_cache_breakpoint }] },
      {
        role: "user",
        content: [
          { type: "input_text", text: "a" },
          { type: "input_text", text: "b", prompt_cache_breakpoint },
        ],
      },
    ]);
  });

  it.each<[string, UserPart]>([
    ["sound", { type: "audio", data: "aGk=", mediaType: "audio/wav" }],
    ["another provider's file", { type: "file", uploaded: { provider: "anthropic", id: "file_1" } }],
  ])("is refused where it cannot be sent, since an answer without it would be wrong: %s", (_, part) => {
    expect(() => encode({ messages: [{ role: "user", content: [part] }] })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE", local: true }),
    );
  });

  it("holds sound where the endpoint takes it", () => {
    const part: UserPart = { type: "audio", data: "aGk=", mediaType: "audio/mpeg" };
    const { body } = encode({ messages: [{ role: "user", content: [part] }] }, { audioInput: true });
    const content = [{ type: "input_audio", input_audio: { data: "aGk=", format: "mp3" } }];
    expect(body["input"]).toEqual([{ role: "user", content }]);
    const http = { method: "POST" as const, path: "/responses", headers: {}, body: JSON.stringify(body) };
    expect(server.decode(http).request.messages).toEqual([{ role: "user", content: [part] }]);
  });
});

describe("an assistant turn in the history", () => {
  it("goes back as the items it came from", () => {
    const { items, fields } = inputOf([
      thought,
      { type: "reasoning", text: "And so.", ...own({ type: "reasoning", id: "rs_1" }) },
      { type: "text", text: "One ", ...own({ type: "message", id: "msg_1", phase: "commentary" }) },
      { type: "refusal", text: "moment.", ...own({ type: "message", id: "msg_1", phase: "commentary" }) },
      call,
    ]);
    expect(fields).toEqual([]);
    expect(items).toEqual([
      {
        type: "reasoning",
        id: "rs_1",
        encrypted_content: "cipher",
        summary: [
          { type: "summary_text", text: "Hm." },
          { type: "summary_text", text: "And so." },
        ],
      },
      {
        type: "message",
        role: "assistant",
        id: "msg_1",
        phase: "commentary",
        content: [
          { type: "output_text", text: "One ", annotations: [] },
          { type: "refusal", refusal: "moment." },
        ],
      },
      {
        type: "function_call",
        id: "fc_1",
        status: "completed",
        call_id: "call_1",
        name: "look",
        arguments: '{"a":1}',
      },
    ]);
  });

  it("drops reasoning that has no cipher while nothing is stored, and then the ids of what followed it", () => {
    const bare: ContentPart = { type: "reasoning", text: "Hm.", ...own({ type: "reasoning", id: "rs_1" }) };
    const { items, fields } = inputOf([bare, call]);
    expect(fields).toEqual(["state-dropped messages.1.content.0"]);
    expect(items).toEqual([
      { type: "function_call", status: "completed", call_id: "call_1", name: "look", arguments: '{"a":1}' },
    ]);
    const stored = inputOf([bare, call], {}, { "openai-responses": { store: true } });
    expect(stored.fields).toEqual([]);
    expect(stored.items).toMatchObject([{ type: "reasoning", id: "rs_1" }, { id: "fc_1" }]);
  });

  it("sends an open model's thinking back as its content", () => {
    const { items } = inputOf([
      { type: "reasoning", text: "Hm.", ...own({ type: "reasoning", id: "rs_1", place: "content" }) },
    ]);
    expect(items).toEqual([
      { type: "reasoning", id: "rs_1", summary: [], content: [{ type: "reasoning_text", text: "Hm." }] },
    ]);
  });

  it("leaves other families' state out, and of their reasoning everything", () => {
    const { items, fields } = inputOf([
      { type: "reasoning", text: "Hm.", ...own({ signature: "s" }, "anthropic") },
      { type: "reasoning", text: "Hm." },
      { type: "text", text: "Hi", ...own({ type: "message", id: "msg_1" }, "xai") },
      { ...call, ...own({ type: "function_call", id: "fc_1" }, "xai") },
    ]);
    expect(fields).toEqual([
      "state-dropped messages.1.content.0",
      "state-dropped messages.1.content.1",
      "state-dropped messages.1.content.2.origin",
      "state-dropped messages.1.content.3.origin",
    ]);
    expect(items).toEqual([
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi", annotations: [] }] },
      { type: "function_call", call_id: "call_1", name: "look", arguments: '{"a":1}' },
    ]);
  });

  it("echoes state only to the account that it is bound to", () => {
    const bound: ContentPart = { ...thought, origin: { ...(thought.origin as Origin), account: "a" } };
    const request = { messages: [hi, { role: "assistant" as const, content: [bound] }] };
    expect(encode(request, {}, { account: "a" }).warnings).toEqual([]);
    expect(encode(request, {}, { account: "b" }).warnings).toMatchObject([{ code: "state-dropped" }]);
  });

  it("reads another dialect's state of its own family as none", () => {
    const { items, fields } = inputOf([{ type: "text", text: "Hi", ...own({ audio: { id: "a" } }) }]);
    expect(items).toMatchObject([{ type: "message" }]);
    expect(fields).toEqual(["state-dropped messages.1.content.0.origin"]);
  });

  it("keeps back ids that are too long, or unwanted, and shortens those of calls", () => {
    const long = "x".repeat(80);
    const content: ContentPart[] = [{ ...call, id: long, ...own({ type: "function_call", id: long }) }];
    const [item] = inputOf(content).items;
    expect(item).not.toHaveProperty("id");
    const short = String(item?.["call_id"]);
    expect(short).toHaveLength(64);
    const result: Message = { role: "tool", content: [{ type: "tool-result", id: long, content: "ok" }] };
    const { body } = encode({ messages: [hi, { role: "assistant", content }, result] });
    expect(body["input"]).toMatchObject([{}, { call_id: short }, { call_id: short }]);
    expect(inputOf([call], { noItemIds: true }).items[0]).not.toHaveProperty("id");
  });

  it("sends sources back that are whole, and warns of the rest", () => {
    const text: ContentPart = { type: "text", text: "Ulm" };
    const { items, fields } = inputOf([
      text,
      { type: "source", url: "https://a.example", title: "A", cites: { index: 0, start: 0, end: 3 } },
      { type: "source", url: "https://b.example", cites: { index: 0 } },
      {
        type: "source",
        url: "https://a.example",
        title: "A",
        quote: "q",
        cites: { index: 0, start: 0, end: 3 },
      },
    ]);
    expect(fields).toEqual([
      "state-dropped messages.1.content.2",
      "state-dropped messages.1.content.3.quote",
    ]);
    const annotation = {
      type: "url_citation",
      url: "https://a.example",
      title: "A",
      start_index: 0,
      end_index: 3,
    };
    expect(items).toMatchObject([{ content: [{ annotations: [annotation, annotation] }] }]);
  });

  it("is skipped where it broke off, and warns of media and of what other providers ran", () => {
    const { body, warnings } = encode({
      messages: [hi, { role: "assistant", content: "Hal", incomplete: true }],
    });
    expect(body["input"]).toHaveLength(1);
    expect(warnings).toMatchObject([{ code: "state-dropped", field: "messages.1" }]);
    const { items, fields } = inputOf([
      { type: "image", url: "https://a.example/a.png" },
      { type: "tool-call", id: "s1", name: "web_search", arguments: {}, executedBy: "provider" },
      { type: "tool-result", id: "s1", content: "found", executedBy: "provider" },
      { type: "text", text: "Hi", logprobs: [{ token: "Hi", logprob: 0 }], cache: {} },
    ]);
    expect(items).toMatchObject([{ type: "message" }]);
    expect(fields).toEqual([
      "state-dropped messages.1.content.0",
      "state-dropped messages.1.content.1",
      "unsupported messages.1.content.3.cache",
      "state-dropped messages.1.content.3.logprobs",
    ]);
  });
});

describe("the result of a call", () => {
  function answered(
    type: string,
    part: Partial<ToolResultPart>,
    quirks: Quirks = {},
  ): JsonObject | undefined {
    const asked: AssistantMessage = {
      role: "assistant",
      content: [{ type: "tool-call", id: "call_1", name: "t", arguments: {}, ...own({ type, id: "i" }) }],
    };
    const result: ToolResultPart = { type: "tool-result", id: "call_1", content: "done", ...part };
    const { body } = encode({ messages: [hi, asked, { role: "tool", content: [result] }] }, quirks);
    return (body["input"] as JsonObject[])[2];
  }

  it.each<[string, Partial<ToolResultPart>, JsonObject]>([
    ["function_call", {}, { type: "function_call_output", call_id: "call_1", output: "done" }],
    [
      "function_call",
      { content: [{ type: "text", text: "a" }] },
      { type: "function_call_output", call_id: "call_1", output: [{ type: "input_text", text: "a" }] },
    ],
    ["custom_tool_call", {}, { type: "custom_tool_call_output", call_id: "call_1", output: "done" }],
    ["local_shell_call", {}, { type: "local_shell_call_output", call_id: "call_1", output: "done" }],
    [
      "shell_call",
      {},
      {
        type: "shell_call_output",
        call_id: "call_1",
        output: [{ stdout: "done", stderr: "", outcome: { type: "exit", exit_code: 0 } }],
      },
    ],
    [
      "shell_call",
      { content: '[{"stdout":"x"}]' },
      { type: "shell_call_output", call_id: "call_1", output: [{ stdout: "x" }] },
    ],
    [
      "apply_patch_call",
      {},
      { type: "apply_patch_call_output", call_id: "call_1", status: "completed", output: "done" },
    ],
    [
      "apply_patch_call",
      { isError: true },
      { type: "apply_patch_call_output", call_id: "call_1", status: "failed", output: "done" },
    ],
    [
      "computer_call",
      { content: [{ type: "image", data: "aGk=", mediaType: "image/png" }] },
      {
        type: "computer_call_output",
        call_id: "call_1",
        output: { type: "computer_screenshot", image_url: "data:image/png;base64,aGk=" },
      },
    ],
    [
      "mcp_approval_request",
      {},
      { type: "mcp_approval_response", approval_request_id: "call_1", approve: true },
    ],
    [
      "mcp_approval_request",
      { content: "false" },
      { type: "mcp_approval_response", approval_request_id: "call_1", approve: false },
    ],
    [
      "mcp_approval_request",
      { content: "no", isError: true },
      { type: "mcp_approval_response", approval_request_id: "call_1", approve: false, reason: "no" },
    ],
    [
      "tool_search_call",
      { content: '[{"type":"function","name":"f"}]' },
      {
        type: "tool_search_output",
        call_id: "call_1",
        execution: "client",
        status: "completed",
        tools: [{ type: "function", name: "f" }],
      },
    ],
  ])("answers a %s with its own item: %j", (type, part, item) => {
    expect(answered(type, part)).toEqual(item);
  });

  it("answers a call of a custom tool that another model made", () => {
    const { body } = encode({
      tools: [{ type: "provider", id: "openai/custom", options: { name: "patch" } }],
      messages: [
        hi,
        {
          role: "assistant",
          content: [{ type: "tool-call", id: "c", name: "patch", arguments: { input: "+a" } }],
        },
        { role: "tool", content: [{ type: "tool-result", id: "c", content: "ok" }] },
      ],
    });
    expect(body["input"]).toMatchObject([
      {},
      { type: "custom_tool_call", call_id: "c", name: "patch", input: "+a" },
      { type: "custom_tool_call_output", call_id: "c", output: "ok" },
    ]);
  });

  it("warns that a failure has no mark of its own", () => {
    const result: ToolResultPart = { type: "tool-result", id: "call_1", content: "no", isError: true };
    const { warnings } = encode({
      messages: [hi, { role: "assistant", content: [call] }, { role: "tool", content: [result] }],
    });
    expect(warnings).toMatchObject([{ code: "unsupported", field: "messages.2.content.0.isError" }]);
  });
});

describe("a request body that a server reads", () => {
  function decode(body: JsonObject): ChatRequest {
    return server.decode({ method: "POST", path: "/v1/responses", headers: {}, body: JSON.stringify(body) })
      .request;
  }

  it("stores where it does not say otherwise, as OpenAI does", () => {
    expect(decode({ input: "Hi" }).extensions).toEqual({ "openai-responses": { store: true } });
    expect(decode({ input: "Hi", store: false }).extensions).toBeUndefined();
  });

  it("gathers the model's items into one turn, and the results that follow into another", () => {
    const { messages } = decode({
      store: false,
      input: [
        { role: "developer", content: "Rules" },
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "c" },
        { type: "function_call", call_id: "a", name: "f", arguments: "{}" },
        { type: "function_call", call_id: "b", name: "g", arguments: '{"x":' },
        { type: "function_call_output", call_id: "a", output: "1" },
        { type: "function_call_output", call_id: "b", output: "2" },
        { role: "assistant", content: "Done" },
      ],
    });
    expect(messages).toEqual([
      { role: "system", content: "Rules", extensions: { "openai-responses": { role: "developer" } } },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "", ...own({ type: "reasoning", id: "rs_1", encrypted_content: "c" }) },
          { type: "tool-call", id: "a", name: "f", arguments: {} },
          { type: "tool-call", id: "b", name: "g", argumentsText: '{"x":' },
        ],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "a", name: "f", content: "1" },
          { type: "tool-result", id: "b", name: "g", content: "2" },
        ],
      },
      { role: "assistant", content: "Done" },
    ]);
  });

  it("keeps what the contract has no word for", () => {
    const allowed = { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "f" }] };
    const request = decode({
      store: false,
      input: "Hi",
      tool_choice: allowed,
      text: { verbosity: "low" },
      background: null,
    });
    expect(request).toEqual({
      messages: [{ role: "user", content: "Hi" }],
      extensions: { "openai-responses": { tool_choice: allowed, text: { verbosity: "low" } } },
    });
  });

  it("keeps items that it does not know as state", () => {
    const item = { type: "item_of_tomorrow", id: "i_1", payload: [1] };
    const request = decode({ store: false, input: [{ role: "user", content: "Hi" }, item] });
    const { body, warnings } = encode(request);
    expect(warnings).toEqual([]);
    expect(body["input"]).toMatchObject([{}, item]);
  });

  it.each<[string, JsonObject]>([
    ["no input", {}],
    ["input that is no list", { input: 5 }],
    ["an item that is no object", { input: ["Hi"] }],
    ["an item without a type", { input: [{ content: "Hi" }] }],
    ["a role that nobody has", { input: [{ role: "judge", content: "Hi" }] }],
    ["content that nobody could answer", { input: [{ role: "user", content: [{ type: "input_smell" }] }] }],
    ["a call without a name", { input: [{ type: "function_call", call_id: "a", arguments: "{}" }] }],
    ["a result without its call", { input: [{ type: "function_call_output", output: "x" }] }],
    ["a schema that is missing", { input: "Hi", text: { format: { type: "json_schema", name: "x" } } }],
  ])("is refused: %s", (_, body) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });

  it("is one of this dialect's by its method and path", () => {
    expect(server.matches({ method: "POST", path: "/v1/responses" })).toBe(true);
    expect(server.matches({ method: "POST", path: "/responses" })).toBe(true);
    expect(server.matches({ method: "GET", path: "/v1/responses" })).toBe(false);
    expect(server.matches({ method: "POST", path: "/v1/responses/resp_1/cancel" })).toBe(false);
  });
});
