import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "../../src/core/values/message.js";
import { ask, TARGETS } from "./ask.js";
import { history } from "./histories.js";
import { ORDER_RULES } from "./order-of-turns.js";

/** Models that the order of Mistral's template holds for, behind an API of OpenAI's shape. */
const MISTRAL_BEHIND_OPENAI = "openrouter/mistralai/mistral-large-2512";

const targets: readonly (readonly [name: string, spec: string, rule: string])[] = [
  ...Object.entries(TARGETS).map(([dialect, spec]) => [dialect, spec, dialect] as const),
  ["a model of Mistral behind openai-chat", MISTRAL_BEHIND_OPENAI, "mistral-template"],
];

describe.each(targets)("a conversation to %s", (_, spec, rule) => {
  it("has an order that the vendor takes, whatever a program left of it", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (messages) => {
        const { sent, error } = await ask(spec, { messages });
        expect(error).toBeUndefined();
        expect(ORDER_RULES[rule]?.(sent[0]?.body)).toEqual([]);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it("may end with the words of the model", async () => {
    const messages: Message[] = [
      { role: "user", content: "a poem" },
      { role: "assistant", content: "Roses \n" },
    ];
    const { sent, error } = await ask(spec, { messages });
    expect(error).toBeUndefined();
    expect(ORDER_RULES[rule]?.(sent[0]?.body)).toEqual([]);
  });
});

describe("a conversation that ends with the words of the model", () => {
  const messages: Message[] = [
    { role: "user", content: "a poem" },
    { role: "assistant", content: "Roses" },
  ];

  it.each([
    "anthropic/claude-sonnet-4-6",
    "anthropic/claude-opus-4-8",
    "bedrock/us.anthropic.claude-opus-4-6-v1",
    "vertex-anthropic/claude-sonnet-4-6",
  ])("is refused for %s, which continues no answer", async (spec) => {
    const variables = { project: "p", location: "global" };
    const { sent, error } = await ask(spec, { messages }, spec.startsWith("vertex") ? { variables } : {});
    expect(sent).toEqual([]);
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
    expect(error?.message).toContain("`messages.1`");
  });

  it("continues where the model paused among tools of Anthropic", async () => {
    const paused: Message[] = [
      { role: "user", content: "news?" },
      {
        role: "assistant",
        content: [
          {
            type: "tool-call",
            id: "srvtoolu_1",
            name: "web_search",
            arguments: { query: "news" },
            executedBy: "provider",
            origin: { family: "anthropic", data: { type: "server_tool_use" } },
          },
          { type: "text", text: "I searched" },
        ],
      },
    ];
    const { sent, error } = await ask("anthropic/claude-opus-4-8", { messages: paused });
    expect(error).toBeUndefined();
    expect(sent[0]?.body.messages).toHaveLength(2);
  });
});

it.each(Object.entries(TARGETS))(
  "a malformed call and its result stay in a conversation to %s",
  async (_, spec) => {
    const { sent, response } = await ask(spec, {
      messages: [
        { role: "user", content: "go" },
        {
          role: "assistant",
          content: [{ type: "tool-call", id: "c1", name: "look", argumentsText: '{"a":' }],
        },
        { role: "tool", content: [{ type: "tool-result", id: "c1", content: "no JSON", isError: true }] },
      ],
    });
    expect(response).toBeDefined();
    const body = JSON.stringify(sent[0]?.body);
    expect(body).toContain('"look"');
    expect(body).toContain("no JSON");
  },
);
