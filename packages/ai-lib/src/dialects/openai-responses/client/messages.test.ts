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

  it("holds cache breakpoints if they are taken, on the last part for a message's mark", () => {
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
  ])("is refused if it cannot be sent, since an answer without it would be wrong: %s", (_, part) => {
    expect(() => encode({ messages: [{ role: "user", content: [part] }] })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE", local: true }),
    );
  });

  it("holds sound if the endpoint takes it", () => {
    const part: UserPart = { type: "audio", data: "aGk=", mediaType: "audio/mpeg" };
    const { body } = encode({ messages: [{ role: "user", content: [part] }] }, { audioInput: true });
    const content = [{ type: "input_audio", input_audio: { data: "aGk=", format: "mp3" } }];
    expect(body["input"]).toEqual([{ role: "user", content }]);
    const http = { method: "POST" as const, path: "/responses", headers: {}, body: JSON.stringify(body) };
    expect(server.decode(http).request.messages).toEqual([{ role: "user", content: [part] }]);
  });
});

describe("an assistant turn in the history", () => {
  it("is sent back as the items that it came from", () => {
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
      { role: "assistant", content: "Hi" },
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
    expect(items).toEqual([{ role: "assistant", content: "Hi" }]);
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
        extensions: { "openai-responses": { licence: "CC0" } },
      },
    ]);
    expect(fields).toEqual([
      "state-dropped messages.1.content.2",
      "state-dropped messages.1.content.3.quote",
      "state-dropped messages.1.content.3.extensions",
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
    expect(items).toEqual([{ role: "assistant", content: "Hi" }]);
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
