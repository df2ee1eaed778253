import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameTools } from "../../src/core/kinds/chat/tool-names.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import {
  DOTTED_NAMES,
  IDENTIFIERS,
  LONG_NAMES,
  PLAIN_NAMES,
} from "../../src/dialects/shared/common/tool-names.js";
import { provider } from "../../src/providers/spec.js";
import { ask, REPLIES, recorder, TARGETS } from "./ask.js";

/** What each vendor documents; see `dialects/shared/common/tool-names.ts`. */
const ACCEPTED: Readonly<Record<string, RegExp>> = {
  "openai-chat": /^[a-zA-Z0-9_-]{1,64}$/,
  "openai-responses": /^[a-zA-Z0-9_-]{1,64}$/,
  "anthropic-messages": /^[a-zA-Z0-9_-]{1,128}$/,
  gemini: /^[a-zA-Z_][a-zA-Z0-9_.-]{0,63}$/,
  "mistral-chat": /^[a-zA-Z0-9_-]{1,64}$/,
  "cohere-chat": /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/,
  "bedrock-converse": /^[a-zA-Z0-9_-]{1,64}$/,
  "ollama-chat": /^[a-zA-Z0-9_-]{1,64}$/,
};

const NAMES = [
  "calendar.update",
  "files/read",
  "my tool",
  "größe",
  "天気",
  "9lives",
  "a-b",
  `mcp__${"x".repeat(130)}`,
  "calendar_update",
];

const tool = (name: string) => ({
  type: "function" as const,
  name,
  parameters: { type: "object", properties: {} },
});

/** Every text in a body that a key `name` or `allowedFunctionNames` holds. */
function namesIn(body: unknown, found: string[] = []): string[] {
  if (typeof body !== "object" || body === null) return found;
  for (const [key, value] of Object.entries(body)) {
    if ((key === "name" || key === "tool_name") && typeof value === "string") found.push(value);
    if (key === "allowedFunctionNames") found.push(...(value as string[]));
    namesIn(value, found);
  }
  return found;
}

describe.each(Object.entries(TARGETS))("names of tools to %s", (dialect, spec) => {
  it("are accepted, in tools, choice, calls and results alike, and never collide", async () => {
    const calls = NAMES.map((name, i) => ({
      type: "tool-call" as const,
      id: `c${i}`,
      name,
      arguments: {},
    }));
    const { sent, error } = await ask(spec, {
      messages: [
        { role: "user", content: "q" },
        { role: "assistant", content: calls },
        {
          role: "tool",
          content: calls.map(({ id, name }) => ({ type: "tool-result", id, name, content: "r" })),
        },
      ],
      tools: NAMES.map(tool),
      toolChoice: { name: "files/read" },
    });
    expect(error).toBeUndefined();
    const names = namesIn(sent[0]?.body);
    for (const name of names) expect(name).toMatch(ACCEPTED[dialect] as RegExp);
    // Cohere sends the chosen tool alone.
    expect(new Set(names).size).toBe(NAMES.length);
  });

  it.each(NAMES)("come back as the caller wrote them: %s", async (name) => {
    let used = "";
    const request: ChatRequest = { messages: [{ role: "user", content: "q" }], tools: NAMES.map(tool) };
    const asked = await ask(spec, request);
    const index = NAMES.indexOf(name);
    used = namesIn(asked.sent[0]?.body).at(index) ?? "";
    const reply = REPLIES[dialect]?.({ id: "c1", name: used, args: { a: 1 } }) ?? {};
    const { response } = await ask(spec, request, { replies: [reply] });
    expect(response?.toolCalls.map((call) => call.name)).toEqual([name]);
    expect(response?.message.content).toEqual(response?.content);
  });
});

it("streams calls under the caller's names", async () => {
  const { transport } = recorder([REPLIES["openai-chat"]?.({ id: "c1", name: "a_b", args: {} }) ?? {}]);
  const asked = provider("openai/gpt-4.1", { apiKey: "k", transport });
  const stream = asked.stream({ messages: [{ role: "user", content: "q" }], tools: [tool("a.b")] });
  const heads: string[] = [];
  for await (const event of stream)
    if (event.type === "part-start" && event.part.type === "tool-call") heads.push(event.part.name);
  expect(heads).toEqual(["a.b"]);
  expect((await stream.response()).toolCalls[0]?.name).toBe("a.b");
});

it("gives each call of a reply an id of its own", async () => {
  const call = (args: string) => ({ id: "t_0", type: "function", function: { name: "f", arguments: args } });
  const message = { role: "assistant", content: null, tool_calls: [call('{"a":1}'), call('{"a":2}')] };
  const replies = [{ id: "c", choices: [{ index: 0, message, finish_reason: "tool_calls" }] }];
  const request: ChatRequest = { messages: [{ role: "user", content: "q" }], tools: [tool("f")] };
  const { response } = await ask("openai/gpt-4.1", request, { replies });
  expect(response?.toolCalls.map(({ id, arguments: args }) => [id, args])).toEqual([
    ["t_0", { a: 1 }],
    ["t_0_2", { a: 2 }],
  ]);
});

it("warns with the field and the name that is sent, and does not fail a strict call", async () => {
  const { response } = await ask("openai/gpt-4.1", {
    messages: [{ role: "user", content: "q" }],
    tools: [tool("a.b")],
  });
  expect(response?.warnings).toEqual([
    { code: "other", field: "tools.0.name", message: expect.stringContaining('"a_b"') },
  ]);
});

it.each([PLAIN_NAMES, LONG_NAMES, DOTTED_NAMES, IDENTIFIERS])(
  "maps any names to as many accepted ones, and back",
  (form) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, unit: "grapheme" }), { maxLength: 8 }),
        (names) => {
          const request: ChatRequest = { messages: [{ role: "user", content: "q" }], tools: names.map(tool) };
          const { request: sent, names: back } = nameTools(request, form);
          const made = (sent.tools ?? []).map((one) => (one.type === "function" ? one.name : ""));
          for (const name of made) expect(name).toMatch(form.fits);
          expect(made.map((name) => back?.get(name) ?? name)).toEqual(names);
        },
      ),
    );
  },
);
