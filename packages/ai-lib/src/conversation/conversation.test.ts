import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/calls.js";
import { answer, calling, clientOf, tool } from "../../test/support/tool-calls.js";
import { AiClient } from "../client/ai-client.js";
import { estimateChat } from "../core/kinds/chat/estimate.js";
import { repairHistory } from "../core/kinds/chat/repair-history.js";
import { checkMessages } from "../core/kinds/chat/validate-messages.js";
import type { Message } from "../core/values/message.js";
import { scripted } from "../testing/scripted.js";
import { append, fork, handOver, readConversation, startConversation, summarize, trim } from "./index.js";

const call = (id: string): Message => ({
  role: "assistant",
  content: [{ type: "tool-call", id, name: "t", arguments: {} }],
});
const result = (id: string): Message => ({
  role: "tool",
  content: [{ type: "tool-result", id, name: "t", content: "x".repeat(40) }],
});
const user = (text: string): Message => ({ role: "user", content: text });
const said = (text: string): Message => ({ role: "assistant", content: text });

/** Histories with turns of every shape. */
const histories = fc
  .array(
    fc.record({ asks: fc.integer({ min: 1, max: 2 }), rounds: fc.nat({ max: 3 }), answered: fc.boolean() }),
    { minLength: 1, maxLength: 6 },
  )
  .map((turns) => [
    { role: "system", content: "Be brief." } as Message,
    ...turns.flatMap(({ asks, rounds, answered }, i) => [
      ...Array.from({ length: asks }, (_, n) => user(`question ${i}.${n}`)),
      ...Array.from({ length: rounds }, (_, n) => [call(`${i}.${n}`), result(`${i}.${n}`)]).flat(),
      ...(answered ? [said(`answer ${i}`)] : []),
    ]),
  ]);

const isWhole = (messages: readonly Message[]) => {
  checkMessages(messages, false);
  return repairHistory(messages) === messages;
};

describe("a conversation", () => {
  it("grows by texts, messages, answers and runs of tools", async () => {
    const { client } = clientOf({ text: "Hi" }, calling(["t"]), answer);
    let conversation = append(startConversation({ system: "Be brief." }), "Hello");
    conversation = append(conversation, await client.chat({ messages: conversation.messages }), user("And?"));
    conversation = append(
      conversation,
      await client.runTools({ messages: conversation.messages }, [tool("t", () => 1)]),
    );
    expect(conversation.messages.map(({ role }) => role)).toEqual([
      ...["system", "user", "assistant", "user", "assistant", "tool", "assistant"],
    ]);
    expect(readConversation(JSON.parse(JSON.stringify(conversation)))).toEqual(conversation);
  });

  it("refuses a run of tools that began elsewhere, and anything that is not a message", async () => {
    const { client } = clientOf(answer);
    const run = await client.runTools("elsewhere", []);
    const conversation = append(startConversation(), "here");
    expect(() => append(conversation, run)).toThrow(/did not go on/);
    expect(() => append(conversation, { role: "robot" } as never)).toThrow(/role/);
    expect(() => append(conversation, result("none"))).toThrow(/no earlier message/);
  });

  it("is read from every format that was ever written, and repaired", () => {
    const messages = [user("?"), call("1"), said("done")];
    const repaired = [
      messages[0],
      messages[1],
      { role: "tool", content: [{ id: "1", isError: true }] },
      messages[2],
    ];
    const version1 = {
      type: "conversation",
      version: 1,
      id: "a",
      createdAt: 5,
      messages,
      metadata: { user: 7 },
    };
    expect(readConversation(version1)).toMatchObject({ ...version1, messages: repaired });
    expect(readConversation(messages)).toMatchObject({ type: "conversation", messages: repaired });
    const ofCli = { version: 1, model: "openai/m", messages, updatedAt: "2026-01-01T00:00:00Z" };
    expect(readConversation(ofCli)).toMatchObject({ type: "conversation", messages: repaired });
  });

  it.each([
    ["nothing", null],
    ["a later version", { type: "conversation", version: 2, messages: [] }],
    ["another object", { type: "tool-run", version: 1, messages: [] }],
    ["one without an id", { type: "conversation", version: 1, messages: [] }],
    [
      "one whose messages are none",
      { type: "conversation", version: 1, id: "a", createdAt: 1, messages: [7] },
    ],
  ])("is not read from %s", (_, stored) => {
    expect(() => readConversation(stored)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });

  it("is forked at any message, without breaking a call from its result", () => {
    fc.assert(
      fc.property(histories, fc.nat(), (messages, n) => {
        const conversation = startConversation({ messages });
        const at = n % (messages.length + 1);
        const copy = fork(conversation, { at });
        expect(copy.messages.length).toBeLessThanOrEqual(at);
        expect(copy.messages).toEqual(messages.slice(0, copy.messages.length));
        expect(copy.forkOf).toEqual({ id: conversation.id, messages: copy.messages.length });
        expect(copy.id).not.toBe(conversation.id);
        if (copy.messages.length > 1) expect(isWhole(copy.messages)).toBe(true);
      }),
    );
    expect(() => fork(startConversation(), { at: 1 })).toThrow(/at/);
  });

  it("is handed over without the state of the vendor that answered", () => {
    const origin = { family: "anthropic", data: { signature: "s" } };
    const conversation = startConversation({
      messages: [
        user("?"),
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "hm", origin },
            { type: "text", text: "!", origin },
          ],
        },
      ],
    });
    expect(handOver(conversation).messages[1]?.content).toEqual([{ type: "text", text: "!" }]);
    expect(handOver(conversation, { reasoning: "text" }).messages[1]?.content).toHaveLength(2);
  });
});

describe("a trimmed conversation", () => {
  it("has as many tokens as allowed, keeps its instructions and its last question, and is whole", async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1, max: 300 }), async (messages, maxTokens) => {
        const conversation = startConversation({ messages });
        const tokens = (some: readonly Message[]) => estimateChat({ messages: some }).inputTokens;
        const lastUser = messages.findLast(({ role }) => role === "user");
        const trimmed = await trim(conversation, { maxTokens }).catch((error: unknown) => error);
        if (trimmed instanceof Error) {
          expect(trimmed).toMatchObject({ code: "CONTEXT_TOO_LONG" });
          return;
        }
        const { messages: left } = trimmed as typeof conversation;
        expect(tokens(left)).toBeLessThanOrEqual(maxTokens);
        expect(left[0]).toBe(messages[0]);
        expect(left[1]?.role).toBe("user");
        expect(left).toContain(lastUser);
        expect(isWhole(left)).toBe(true);
      }),
    );
  });

  it("removes no more than needed, by the given counter", async () => {
    const messages = [user("one"), said("1"), user("two"), said("2"), user("three")];
    let counted = 0;
    const count = async (some: readonly Message[]) => {
      counted++;
      return some.length;
    };
    const { messages: left } = await trim(startConversation({ messages }), { maxTokens: 3, count });
    expect(left).toEqual(messages.slice(2));
    expect(counted).toBeLessThan(5);
    const whole = startConversation({ messages });
    expect(await trim(whole, { maxTokens: 5, count })).toBe(whole);
    const rounds = [user("?"), call("1"), result("1"), call("2"), result("2")];
    const last = await trim(startConversation({ messages: rounds }), { maxTokens: 3, count });
    expect(last.messages).toEqual([rounds[0], rounds[3], rounds[4]]);
  });
});

describe("a summarized conversation", () => {
  const messages = [
    { role: "system", content: "Be brief." } as Message,
    ...[user("one"), call("1"), result("1"), said("first"), user("two"), said("second"), user("three")],
  ];

  it("has a summary in place of its older turns, and later one that includes it", async () => {
    const model = scripted({ name: "m", replies: [{ text: "they spoke" }] });
    const { conversation, response } = await summarize(startConversation({ messages }), model, {
      model: "small",
    });
    expect(response?.text).toBe("they spoke");
    expect(conversation.messages).toEqual([
      messages[0],
      { role: "system", content: expect.stringContaining("they spoke") },
      ...messages.slice(5),
    ]);
    const [asked] = model.requests;
    expect(asked).toMatchObject({ model: "small", messages: { length: 2 } });
    expect(asked?.messages[1]?.content).toMatch(
      /user: one\n\nassistant: \(calls t: \{\}\)\n\ntool: \(result of t/,
    );
    const again = await summarize(append(conversation, said("third"), user("four")), model);
    expect(model.requests[1]?.messages[1]?.content).toContain("they spoke");
    expect(again.conversation.messages.filter(({ role }) => role === "system")).toHaveLength(2);
    expect(again.conversation.messages.at(-1)).toEqual(user("four"));
    const kept = await trim(again.conversation, { maxTokens: 4, count: (some) => some.length });
    expect(kept.messages[kept.summaryAt ?? -1]?.content).toContain("they spoke");
  });

  it("is unchanged if it is short, and fails as the call does", async () => {
    const model = scripted({ name: "m", replies: [{ text: " " }] });
    const short = startConversation({ messages: messages.slice(0, 5) });
    expect(await summarize(short, model)).toEqual({ conversation: short, response: undefined });
    expect(model.calls).toBe(0);
    const empty = summarize(startConversation({ messages }), new AiClient(model));
    expect((await errorOf(empty)).code).toBe("INVALID_RESPONSE");
  });
});
