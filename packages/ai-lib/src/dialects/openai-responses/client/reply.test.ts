import { describe, expect, it } from "vitest";
import { replayBody, replayFrames, targetFor } from "../../../../test/support/halves.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Origin } from "../../../core/values/message.js";
import { client } from "./index.js";

const target = targetFor("openai");
const usage = {
  input_tokens: 9,
  input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 16,
};

function own(data: JsonObject): { origin: Origin } {
  return { origin: { family: "openai", provider: "openai", model: "m", data } };
}

function response(output: unknown, more: JsonObject = {}): JsonObject {
  return {
    id: "resp_1",
    object: "response",
    model: "m",
    status: "completed",
    output: output as never,
    usage,
    ...more,
  };
}

function unary(output: readonly JsonObject[], more: JsonObject = {}): ChatResponse {
  const outcome = replayBody(client, target, response(output, more));
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

/** What a stream that brings an item whole, and its last event again, ends with. */
function streamed(...events: unknown[]): { response: ChatResponse; events: readonly ChatEvent[] } {
  const { outcome, events: emitted } = replayFrames(
    client,
    target,
    events.map((event) => (typeof event === "string" ? event : JSON.stringify(event))),
  );
  if (outcome === undefined) throw new Error("no ending");
  if ("error" in outcome) throw outcome.error;
  return { response: outcome.response, events: emitted };
}

const created = { type: "response.created", response: { id: "resp_1", model: "m" } };
const completed = { type: "response.completed", response: response([]) };
const added = (item: unknown, output_index = 0) => ({
  type: "response.output_item.added",
  output_index,
  item,
});
const done = (item: unknown, output_index = 0) => ({ type: "response.output_item.done", output_index, item });

const shell = {
  id: "sh_1",
  type: "shell_call",
  call_id: "call_1",
  status: "completed",
  action: { commands: ["ls"] },
};
const hosted = { ...shell, environment: { type: "container_reference", container_id: "c" } };
const output = {
  id: "sho_1",
  type: "shell_call_output",
  call_id: "call_1",
  status: "completed",
  output: [{ stdout: "a" }],
};
const search = {
  id: "ws_1",
  type: "web_search_call",
  status: "completed",
  action: { type: "search", query: "q", sources: [{ url: "u" }] },
};
const files = {
  id: "fs_1",
  type: "file_search_call",
  status: "completed",
  queries: ["q"],
  results: [{ file_id: "f" }],
};
const code = {
  id: "ci_1",
  type: "code_interpreter_call",
  status: "completed",
  container_id: "c",
  code: 'print("é")',
  outputs: [
    { type: "logs", logs: "é" },
    { type: "image", url: "https://a.example/a.png" },
  ],
};
const mcp = {
  id: "mcp_1",
  type: "mcp_call",
  status: "completed",
  server_label: "s",
  name: "ask",
  arguments: '{"q":1}',
  output: "found",
  error: null,
};
const failed = { ...mcp, status: "failed", output: null, error: { type: "http_error", code: 500 } };
const tools = { id: "mcpl_1", type: "mcp_list_tools", server_label: "s", tools: [{ name: "ask" }] };
const approval = {
  id: "mcpr_1",
  type: "mcp_approval_request",
  server_label: "s",
  name: "ask",
  arguments: '{"q":1}',
};
const custom = {
  id: "ctc_1",
  type: "custom_tool_call",
  status: "completed",
  call_id: "call_1",
  name: "patch",
  input: '*** "Begin"\n',
};
const patch = {
  id: "apc_1",
  type: "apply_patch_call",
  status: "completed",
  call_id: "call_1",
  operation: { type: "create_file", path: "a", diff: "+a" },
};
const local = {
  id: "lsh_1",
  type: "local_shell_call",
  status: "completed",
  call_id: "call_1",
  action: { type: "exec", command: ["ls"], env: {} },
};
const computer = {
  id: "cu_1",
  type: "computer_call",
  status: "completed",
  call_id: "call_1",
  action: { type: "click", x: 1 },
  pending_safety_checks: [],
};
const image = {
  id: "ig_1",
  type: "image_generation_call",
  status: "completed",
  output_format: "webp",
  revised_prompt: "a cat",
  result: "aGk=",
};
const find = {
  id: "tsc_1",
  type: "tool_search_call",
  call_id: null,
  execution: "server",
  status: "completed",
  arguments: { paths: ["f"] },
};
const found = {
  id: "tso_1",
  type: "tool_search_output",
  call_id: null,
  execution: "server",
  status: "completed",
  tools: [{ name: "f" }],
};
const tomorrow = {
  id: "x_1",
  type: "x_search_call",
  call_id: "",
  status: "completed",
  name: "x_semantic_search",
  arguments: '{"query":"q"}',
};
const program = { id: "cm_1", type: "program", call_id: "call_1", code: "f()", fingerprint: "p" };
const trigger = { id: "cmp_2", type: "compaction_trigger" };
const compaction = { id: "cmp_1", type: "compaction", encrypted_content: "cipher" };

const ran = { executedBy: "provider" as const };
function call(id: string, name: string, args: JsonObject, item: JsonObject): ContentPart {
  return { type: "tool-call", id, name, arguments: args, ...own(item) };
}
function result(
  id: string,
  name: string,
  content: Extract<ContentPart, { type: "tool-result" }>["content"],
): ContentPart {
  return { type: "tool-result", id, name, content, ...ran };
}

const items: [string, JsonObject[], ContentPart[]][] = [
  [
    "a web search, with what it found",
    [search],
    [
      { ...call("ws_1", "web_search", { type: "search", query: "q" }, search), ...ran },
      result("ws_1", "web_search", '[{"url":"u"}]'),
    ],
  ],
  [
    "a file search, with what it found",
    [files],
    [
      { ...call("fs_1", "file_search", { queries: ["q"] }, files), ...ran },
      result("fs_1", "file_search", '[{"file_id":"f"}]'),
    ],
  ],
  [
    "code, its logs and pictures",
    [code],
    [
      { ...call("ci_1", "code_interpreter", { code: 'print("é")' }, code), ...ran },
      result("ci_1", "code_interpreter", [
        { type: "text", text: "é" },
        { type: "image", url: "https://a.example/a.png" },
      ]),
    ],
  ],
  [
    "a remote server's tool",
    [mcp],
    [{ ...call("mcp_1", "ask", { q: 1 }, mcp), ...ran }, result("mcp_1", "ask", "found")],
  ],
  [
    "a remote server's tool that failed",
    [failed],
    [
      { ...call("mcp_1", "ask", { q: 1 }, failed), ...ran },
      { ...result("mcp_1", "ask", '{"type":"http_error","code":500}'), isError: true } as ContentPart,
    ],
  ],
  [
    "a remote server's list of tools",
    [tools],
    [
      { ...call("mcpl_1", "mcp_list_tools", { server_label: "s" }, tools), ...ran },
      result("mcpl_1", "mcp_list_tools", '[{"name":"ask"}]'),
    ],
  ],
  [
    "a wish for approval, which the caller answers",
    [approval],
    [
      call(
        "mcpr_1",
        "mcp_approval_request",
        { server_label: "s", name: "ask", arguments: '{"q":1}' },
        approval,
      ),
    ],
  ],
  ["a shell that the caller runs", [shell], [call("call_1", "shell", { commands: ["ls"] }, shell)]],
  [
    "a shell in the provider's container, and its output",
    [hosted, output],
    [
      { ...call("call_1", "shell", { commands: ["ls"] }, hosted), ...ran },
      { ...result("call_1", "shell", '[{"stdout":"a"}]'), ...own(output) } as ContentPart,
    ],
  ],
  [
    "a local shell",
    [local],
    [call("call_1", "local_shell", { type: "exec", command: ["ls"], env: {} }, local)],
  ],
  [
    "a patch",
    [patch],
    [call("call_1", "apply_patch", { type: "create_file", path: "a", diff: "+a" }, patch)],
  ],
  [
    "a computer's next step",
    [computer],
    [call("call_1", "computer", { action: { type: "click", x: 1 }, pending_safety_checks: [] }, computer)],
  ],
  [
    "a custom tool, whose input is no JSON",
    [custom],
    [
      {
        type: "tool-call",
        id: "call_1",
        name: "patch",
        input: '*** "Begin"\n',
        ...own({ id: "ctc_1", type: "custom_tool_call", status: "completed" }),
      },
    ],
  ],
  [
    "a picture",
    [image],
    [
      {
        type: "image",
        mediaType: "image/webp",
        data: "aGk=",
        ...own({
          id: "ig_1",
          type: "image_generation_call",
          status: "completed",
          output_format: "webp",
          revised_prompt: "a cat",
        }),
      },
    ],
  ],
  [
    "a search for tools on the provider's side, paired without an id",
    [find, found],
    [
      { ...call("tsc_1", "tool_search", { paths: ["f"] }, find), ...ran },
      { ...result("tsc_1", "tool_search", '[{"name":"f"}]'), ...own(found) } as ContentPart,
    ],
  ],
  ["a program", [program], [{ ...call("call_1", "program", { code: "f()" }, program), ...ran }]],
  [
    "a tool yet to come, by the end of its type",
    [tomorrow],
    [{ ...call("x_1", "x_search", { query: "q" }, tomorrow), ...ran }],
  ],
  ["a compaction", [compaction], [{ type: "compaction", ...own(compaction) }]],
  ["state alone", [trigger], [{ type: "reasoning", text: "", redacted: true, ...own(trigger) }]],
  ["an unknown item", [{ id: "?", type: "something_new" }], []],
];

describe("an item of the output", () => {
  it.each(items)("is read whole and from its events: %s", (_, json, parts) => {
    expect(unary(json).content).toEqual(parts);
    const events = json.flatMap((item, i) => [added({ ...item, status: "in_progress" }, i), done(item, i)]);
    expect(streamed(created, ...events, completed).response.content).toEqual(parts);
  });

  it.each(items)("is taken from the last event if no event of its own came: %s", (_, json, parts) => {
    const last = { type: "response.completed", response: response(json) };
    expect(streamed(created, last).response.content).toEqual(parts);
  });

  it("asks the caller to run its own calls, and not those that the provider ran", () => {
    expect(unary([search, mcp, files])).toMatchObject({ finishReason: "stop", toolCalls: [] });
    expect(unary([search, shell])).toMatchObject({
      finishReason: "tool-calls",
      toolCalls: [{ name: "shell" }],
    });
  });
});

describe("a whole reply", () => {
  it("gives text, refusal, sources, probabilities, usage and what the contract has no word for", () => {
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      status: "completed",
      phase: "final_answer",
      content: [
        {
          type: "output_text",
          text: "Ulm.",
          logprobs: [
            { token: "Ulm", bytes: [85], logprob: -0.5, top_logprobs: [{ token: "Bonn", logprob: -2 }] },
          ],
          annotations: [
            { type: "url_citation", url: "https://a.example", title: "A", start_index: 0, end_index: 3 },
            { type: "file_citation", file_id: "file-1", filename: "a.txt", index: 3 },
            {
              type: "container_file_citation",
              container_id: "c",
              file_id: "cfile_1",
              filename: "b",
              start_index: 0,
              end_index: 1,
            },
          ],
        },
        { type: "refusal", refusal: "No more." },
        { type: "something_new" },
      ],
    };
    const origin = own({ id: "msg_1", type: "message", status: "completed", phase: "final_answer" });
    expect(
      unary([message], { service_tier: "flex", metadata: {}, conversation: { id: "conv_1" } }),
    ).toMatchObject({
      id: "resp_1",
      model: "m",
      text: "Ulm.",
      content: [
        {
          type: "text",
          text: "Ulm.",
          logprobs: [{ token: "Ulm", logprob: -0.5, top: [{ token: "Bonn", logprob: -2 }] }],
          ...origin,
        },
        { type: "source", url: "https://a.example", title: "A", cites: { index: 0, start: 0, end: 3 } },
        {
          type: "source",
          documentId: "file-1",
          title: "a.txt",
          cites: { index: 0 },
          ...own({ type: "file_citation", index: 3 }),
        },
        {
          type: "source",
          documentId: "cfile_1",
          title: "b",
          cites: { index: 0, start: 0, end: 1 },
          ...own({ type: "container_file_citation", container_id: "c" }),
        },
        { type: "refusal", text: "No more.", ...origin },
      ],
      finishReason: "stop",
      rawFinishReason: "completed",
      usage: {
        inputTokens: 9,
        outputTokens: 7,
        cachedInputTokens: 4,
        cacheWriteInputTokens: 2,
        reasoningTokens: 5,
        raw: usage,
      },
      usageStatus: "final",
      serviceTier: "flex",
      extensions: { "openai-responses": { conversation: { id: "conv_1" } } },
    });
  });

  it("gives each summary and each thought as a part, bound by the item's id, the first with its cipher", () => {
    const reasoning = {
      id: "rs_1",
      type: "reasoning",
      encrypted_content: "cipher",
      summary: [
        { type: "summary_text", text: "A" },
        { type: "summary_text", text: "B" },
      ],
      content: [{ type: "reasoning_text", text: "C" }],
      status: null,
    };
    expect(unary([reasoning])).toMatchObject({
      reasoningText: "ABC",
      content: [
        {
          type: "reasoning",
          text: "A",
          ...own({ type: "reasoning", id: "rs_1", encrypted_content: "cipher" }),
        },
        { type: "reasoning", text: "B", ...own({ type: "reasoning", id: "rs_1" }) },
        { type: "reasoning", text: "C", ...own({ type: "reasoning", id: "rs_1", place: "content" }) },
      ],
    });
  });

  it.each<[string, JsonObject, string, string | undefined]>([
    [
      "the token limit",
      { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
      "length",
      "max_output_tokens",
    ],
    [
      "a filter",
      { status: "incomplete", incomplete_details: { reason: "content_filter" } },
      "content-filter",
      "content_filter",
    ],
    ["something else", { status: "incomplete", incomplete_details: { reason: "odd" } }, "other", "odd"],
    ["work in the background", { status: "queued" }, "paused", "queued"],
    ["no status at all", { status: undefined }, "stop", undefined],
  ])("has the reason of its end: %s", (_, more, reason, raw) => {
    const answer = unary([], more);
    expect(answer.finishReason).toBe(reason);
    expect(answer.rawFinishReason).toBe(raw);
  });

  it("keeps calls that the token limit cut from being run", () => {
    const cut = { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
    const calls = [
      {
        id: "fc_1",
        type: "function_call",
        status: "incomplete",
        call_id: "a",
        name: "f",
        arguments: '{"x":',
      },
      { ...custom, status: "incomplete", input: "*** Be" },
    ];
    const expected = [
      { type: "tool-call", id: "a", name: "f", argumentsText: '{"x":' },
      { type: "tool-call", id: "call_1", name: "patch", argumentsText: "*** Be" },
    ];
    expect(unary(calls, cut)).toMatchObject({ finishReason: "length", toolCalls: expected });
    const events = calls.flatMap((item, i) => [
      added({ ...item, arguments: "", input: "" }, i),
      done(item, i),
    ]);
    const last = { type: "response.incomplete", response: response([], cut) };
    expect(streamed(created, ...events, last).response).toMatchObject({
      finishReason: "length",
      toolCalls: expected,
    });
  });

  it("counts tokens by the names of chat completions too", () => {
    const chat = { prompt_tokens: 4, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } };
    expect(unary([], { usage: chat }).usage).toMatchObject({
      inputTokens: 4,
      outputTokens: 2,
      cachedInputTokens: 1,
    });
  });

  it("counts writes to the cache by lifetime, and searches", () => {
    const tokens = {
      input_tokens: 9,
      output_tokens: 1,
      input_tokens_details: {
        cache_write_tokens: 8,
        cache_write_tokens_details: { ttl_30m_tokens: 5, ttl_12h_tokens: 3 },
      },
    };
    const searched = unary([], { usage: tokens, tool_usage: { web_search: { num_requests: 2 } } });
    expect(searched.usage).toMatchObject({
      cacheWriteInputTokens: 8,
      cacheWrites: [
        { ttl: "30m", tokens: 5 },
        { ttl: "12h", tokens: 3 },
      ],
      toolUses: { web_search: 2 },
    });
    const xai = { ...tokens, server_side_tool_usage_details: { x_search_calls: 1, mcp_calls: 0 } };
    expect(unary([], { usage: xai }).usage.toolUses).toEqual({ x_search: 1 });
  });

  it("counts no tokens below nothing", () => {
    const odd = { input_tokens: 0, output_tokens: -9, output_tokens_details: { reasoning_tokens: 448 } };
    expect(unary([], { usage: odd }).usage).toMatchObject({
      inputTokens: 0,
      outputTokens: 448,
      reasoningTokens: 448,
    });
  });

  it("names a call that came without an id after the answer", () => {
    const nameless = { type: "function_call", name: "f", arguments: "{}" };
    expect(unary([nameless, nameless]).toolCalls.map(({ id }) => id)).toEqual([
      "call_resp1_0",
      "call_resp1_1",
    ]);
    const events = [added(nameless), done(nameless), added(nameless, 1), done(nameless, 1)];
    expect(streamed(created, ...events, completed).response.toolCalls.map(({ id }) => id)).toEqual([
      "call_resp1_0",
      "call_resp1_1",
    ]);
  });
});
