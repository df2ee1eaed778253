import { describe, expect, it } from "vitest";
import type { DialectId } from "../src/core/contract/dialect.js";
import type { ChatEvent } from "../src/core/values/chat-event.js";
import type { ChatRequest } from "../src/core/values/chat-request.js";
import type { FinishReason } from "../src/core/values/chat-response.js";
import type { JsonObject } from "../src/core/values/json.js";
import type { TextTool } from "../src/core/values/tool.js";
import { aiFetch } from "../src/interop/fetch.js";
import { defineChatProvider } from "../src/providers/own/adapter.js";
import { CustomProviderBuilder } from "../src/providers/own/custom.js";
import { type ScriptedReply, scripted } from "../src/testing/scripted.js";
import { fetchTransport } from "../src/wire/transport-fetch.js";
import { jsonOf, sentBy } from "./support/sent-request.js";

const SHELL: TextTool = { type: "text-tool", name: "shell.run", description: "Runs a command" };
const PATCH: TextTool = {
  type: "text-tool",
  name: "patch",
  grammar: { syntax: "lark", definition: "start: WORD" },
};
const INPUT = 'echo "ä😀"\n\\ end';

/** Targets without tools that take text. */
const PLAIN: readonly DialectId[] = [
  "openai-chat",
  "anthropic-messages",
  "gemini",
  "mistral-chat",
  "cohere-chat",
  "bedrock-converse",
  "ollama-chat",
];

function ask(...tools: TextTool[]): ChatRequest {
  return { model: "m", messages: [{ role: "user", content: "Go" }], tools, maxTokens: 100 };
}

/** The name of the function that a server was offered. */
function offered({ tools = [] }: ChatRequest): string {
  const [tool] = tools;
  return tool?.type === "provider" || tool === undefined ? "" : tool.name;
}

/** A server of a dialect that calls the tool it is offered, and a provider that speaks to it. */
function pair(dialect: DialectId, json: string, finishReason: FinishReason = "tool-calls") {
  const upstream = scripted({
    name: "up",
    replies: (_, call): ScriptedReply => {
      const name = offered(call.request as ChatRequest);
      const events: ChatEvent[] = [
        { type: "start" },
        { type: "part-start", index: 0, part: { type: "tool-call", id: "call12345", name } },
        ...[...json].map((text): ChatEvent => ({ type: "tool-call-delta", index: 0, text })),
        { type: "part-end", index: 0 },
      ];
      return { events, finishReason };
    },
  });
  const provider = new CustomProviderBuilder("labs")
    .withBaseUrl(dialect === "cohere-chat" ? "https://labs.example" : "https://labs.example/v1")
    .withDialect(dialect)
    .withoutApiKey()
    .withEnvironment({})
    .withTransport(fetchTransport(aiFetch(upstream)))
    .buildProvider();
  return { provider, upstream };
}

describe.each(PLAIN)("a text tool towards %s", (dialect) => {
  it("is a function with one text, whose calls are text again", async () => {
    const { provider, upstream } = pair(dialect, JSON.stringify({ input: INPUT }));
    const answer = await provider.chat(ask(SHELL));
    expect(answer.warnings.filter(({ code }) => code !== "other")).toEqual([]);
    expect(answer.toolCalls).toMatchObject([{ name: "shell.run", input: INPUT }]);
    expect(answer.toolCalls[0]).not.toHaveProperty("arguments");
    const stream = provider.stream(ask(SHELL));
    let text = "";
    for await (const event of stream) {
      if (event.type === "part-start") expect(event.part).toMatchObject({ inputEncoding: "text" });
      if (event.type === "tool-call-delta") text += event.text;
    }
    expect(text).toBe(INPUT);
    expect((await stream.response()).toolCalls).toMatchObject([{ name: "shell.run", input: INPUT }]);
    // The call and its result go back as those of a function.
    await provider.chat({
      ...ask(SHELL),
      messages: [
        { role: "user", content: "Go" },
        answer.message,
        {
          role: "tool",
          content: [{ type: "tool-result", id: answer.toolCalls[0]?.id ?? "", content: "done" }],
        },
      ],
    });
    const calls = upstream.requests
      .at(-1)
      ?.messages.flatMap(({ content }) =>
        typeof content === "string" ? [] : content.filter(({ type }) => type === "tool-call"),
      );
    expect(calls).toMatchObject([{ arguments: { input: INPUT } }]);
  });

  it("warns that a grammar becomes a description, and refuses to do so under `strict`", async () => {
    const { provider, upstream } = pair(dialect, '{"input":"a"}');
    const { warnings } = await provider.chat(ask(PATCH));
    expect(warnings).toMatchObject([{ code: "changed", field: "tools.0.grammar" }]);
    expect(JSON.stringify(upstream.requests[0]?.tools)).toContain("start: WORD");
    await expect(provider.chat(ask(PATCH), { strict: true })).rejects.toMatchObject({
      code: "UNSUPPORTED_FEATURE",
    });
  });
});

// Ollama and Gemini have no JSON text, which could be cut.
const withText = PLAIN.filter((dialect) => dialect !== "ollama-chat" && dialect !== "gemini");
it.each(withText)("a text tool of %s has no input that was cut", async (dialect) => {
  const { provider } = pair(dialect, '{"input":"rm -r /tmp', "length");
  for (const answer of [await provider.chat(ask(SHELL)), await provider.stream(ask(SHELL)).response()]) {
    expect(answer.toolCalls).toMatchObject([{ name: "shell.run", argumentsText: expect.any(String) }]);
    expect(answer.toolCalls[0]).not.toHaveProperty("input");
  }
});

describe("a text tool towards OpenAI", () => {
  const openai = (dialect: DialectId) =>
    new CustomProviderBuilder("openai")
      .withBaseUrl("https://api.openai.com/v1")
      .withDialect(dialect)
      .withoutApiKey()
      .withEnvironment({})
      .withQuirks(dialect === "openai-chat" ? { customTools: true, allowedTools: true } : {});
  const history: ChatRequest = {
    ...ask(PATCH, { ...SHELL, name: "sh" }),
    toolChoice: { names: ["patch", "sh"] },
    messages: [
      { role: "user", content: "Go" },
      { role: "assistant", content: [{ type: "tool-call", id: "c1", name: "sh", input: "ls" }] },
      { role: "tool", content: [{ type: "tool-result", id: "c1", content: "a.txt" }] },
    ],
  };

  it("is a custom tool of the responses API", async () => {
    const sent = await sentBy(
      (transport) => openai("openai-responses").withTransport(transport).buildProvider(),
      history,
    );
    expect(jsonOf(sent)).toMatchObject({
      tools: [
        {
          type: "custom",
          name: "patch",
          format: { type: "grammar", syntax: "lark", definition: "start: WORD" },
        },
        { type: "custom", name: "sh", description: "Runs a command", format: { type: "text" } },
      ],
      tool_choice: {
        type: "allowed_tools",
        tools: [
          { type: "custom", name: "patch" },
          { type: "custom", name: "sh" },
        ],
      },
      input: [
        { role: "user" },
        { type: "custom_tool_call", call_id: "c1", name: "sh", input: "ls" },
        { type: "custom_tool_call_output", call_id: "c1", output: "a.txt" },
      ],
    });
  });

  it("is a custom tool of chat completions", async () => {
    const sent = await sentBy(
      (transport) => openai("openai-chat").withTransport(transport).buildProvider(),
      history,
    );
    const grammar = { syntax: "lark", definition: "start: WORD" };
    expect(jsonOf(sent)).toMatchObject({
      tools: [
        { type: "custom", custom: { name: "patch", format: { type: "grammar", grammar } } },
        { type: "custom", custom: { name: "sh", description: "Runs a command", format: { type: "text" } } },
      ],
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: {
          mode: "auto",
          tools: [
            { type: "custom", custom: { name: "patch" } },
            { type: "custom", custom: { name: "sh" } },
          ],
        },
      },
      messages: [
        { role: "user" },
        { tool_calls: [{ id: "c1", type: "custom", custom: { name: "sh", input: "ls" } }] },
        { role: "tool", tool_call_id: "c1", content: "a.txt" },
      ],
    });
  });
});

describe("a text tool of a provider of your own", () => {
  it("may be called as a function", async () => {
    const own = defineChatProvider({
      name: "own",
      chat: () => ({
        content: [{ type: "tool-call", id: "c", name: "patch", arguments: { input: "a" } }],
        finishReason: "tool-calls",
      }),
    });
    expect((await own.chat(ask(PATCH))).toolCalls).toEqual([
      { type: "tool-call", id: "c", name: "patch", input: "a" },
    ]);
  });
});

describe("a text tool of a request", () => {
  const { provider } = pair("openai-chat", "{}");
  it.each<[string, JsonObject]>([
    ["a name", { name: "" }],
    ["a known syntax", { grammar: { syntax: "ebnf", definition: "a" } }],
    ["a definition", { grammar: { syntax: "regex" } }],
  ])("needs %s", async (_, fields) => {
    const tool = { ...SHELL, ...fields } as unknown as TextTool;
    await expect(provider.chat(ask(tool))).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });
});
