import { describe, expect, it } from "vitest";
import type { Message } from "../../values/message.js";
import { handoff } from "./handoff.js";

const user: Message = { role: "user", content: "weather?" };
const _call = (id: string) => ({ type: "tool-call" as const, id, name: "weather", arguments: {} });
const _result = (id: string) => ({ type: "tool-result" as const, id, content: "sunny" });

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

  it("keeps readable reasoning as text if asked to, but never redacted reasoning", () => {
    expect(handoff(history, { reasoning: "text" })[1]?.content).toEqual([
      { type: "text", text: "hm" },
      { type: "text", text: "Sunny." },
    ]);
  });

  it("leaves out a turn that becomes empty", () => {
    expect(handoff([user, { role: "assistant", content: [{ type: "reasoning", text: "hm" }] }])).toEqual([
      user,
    ]);
  });
});
