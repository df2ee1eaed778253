import { describe, expect, it } from "vitest";
import type { Message } from "../../values/message.js";
import { handoff, mendHistory } from "./handoff.js";

const user: Message = { role: "user", content: "weather?" };
const call = (id: string) => ({ type: "tool-call" as const, id, name: "weather", arguments: {} });
const result = (id: string) => ({ type: "tool-result" as const, id, content: "sunny" });

describe("mendHistory", () => {
  it("gives back the same array where there is nothing to mend", () => {
    const messages: Message[] = [
      user,
      { role: "assistant", content: [call("a")] },
      { role: "tool", content: [result("a")] },
    ];
    expect(mendHistory(messages)).toBe(messages);
  });

  it("answers a call that nobody answered with an error, right after its turn", () => {
    const messages: Message[] = [
      user,
      { role: "assistant", content: [call("a"), call("b")] },
      { role: "tool", content: [result("b")] },
      user,
    ];
    const mended = mendHistory(messages);
    expect(mended.map((message) => message.role)).toEqual(["user", "assistant", "tool", "tool", "user"]);
    expect(mended[2]?.content).toMatchObject([{ id: "a", isError: true }]);
  });

  it("does not take an answer to a later turn's call of the same id for an answer", () => {
    const messages: Message[] = [
      { role: "assistant", content: [call("a")] },
      { role: "assistant", content: [call("a")] },
      { role: "tool", content: [result("a")] },
    ];
    expect(mendHistory(messages).map((message) => message.role)).toEqual([
      "assistant",
      "tool",
      "assistant",
      "tool",
    ]);
  });

  it("leaves out a turn that broke off, and the results of its calls with it", () => {
    const messages: Message[] = [
      user,
      { role: "assistant", content: [call("a")], incomplete: true },
      { role: "tool", content: [result("a")] },
      user,
    ];
    expect(mendHistory(messages)).toEqual([user, user]);
  });

  it("leaves a provider's own calls alone", () => {
    const messages: Message[] = [
      user,
      { role: "assistant", content: [{ ...call("s"), executedBy: "provider" }] },
    ];
    expect(mendHistory(messages)).toBe(messages);
  });
});

describe("handoff", () => {
  const history: Message[] = [
    user,
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "hm", origin: { family: "anthropic", data: { signature: "s" } } },
        { type: "reasoning", text: "", redacted: true, origin: { family: "anthropic", data: { data: "x" } } },
        { type: "text", text: "Sunny.", origin: { family: "google", data: { thoughtSignature: "t" } } },
      ],
    },
  ];

  it("drops reasoning and state", () => {
    expect(handoff(history)[1]?.content).toEqual([{ type: "text", text: "Sunny." }]);
  });

  it("keeps readable reasoning as text where asked to, and never what was redacted", () => {
    expect(handoff(history, { reasoning: "text" })[1]?.content).toEqual([
      { type: "text", text: "hm" },
      { type: "text", text: "Sunny." },
    ]);
  });

  it("leaves out a turn of which nothing is left", () => {
    expect(handoff([user, { role: "assistant", content: [{ type: "reasoning", text: "hm" }] }])).toEqual([
      user,
    ]);
  });
});
