import { describe, expect, it } from "vitest";
import type { Message } from "../../values/message.js";
import { repairHistory } from "./repair-history.js";

const user: Message = { role: "user", content: "weather?" };
const call = (id: string) => ({ type: "tool-call" as const, id, name: "weather", arguments: {} });
const result = (id: string) => ({ type: "tool-result" as const, id, content: "sunny" });

describe("repairHistory", () => {
  it("returns the same array if there is nothing to repair", () => {
    const messages: Message[] = [
      user,
      { role: "assistant", content: [call("a")] },
      { role: "tool", content: [result("a")] },
    ];
    expect(repairHistory(messages)).toBe(messages);
  });

  it("adds an error as the result of a call without a result, right after its turn", () => {
    const messages: Message[] = [
      user,
      { role: "assistant", content: [call("a"), call("b")] },
      { role: "tool", content: [result("b")] },
      user,
    ];
    const repaired = repairHistory(messages);
    expect(repaired.map((message) => message.role)).toEqual(["user", "assistant", "tool", "user"]);
    expect(repaired[2]?.content).toMatchObject([{ id: "a", isError: true }, { id: "b" }]);
  });

  it("does not use the result of a later turn's call with the same id", () => {
    const messages: Message[] = [
      { role: "assistant", content: [call("a")] },
      { role: "assistant", content: [call("a")] },
      { role: "tool", content: [result("a")] },
    ];
    expect(repairHistory(messages).map((message) => message.role)).toEqual([
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
    expect(repairHistory(messages)).toEqual([user, user]);
  });

  it("does not change a provider's own calls", () => {
    const messages: Message[] = [
      user,
      { role: "assistant", content: [{ ...call("s"), executedBy: "provider" }] },
    ];
    expect(repairHistory(messages)).toBe(messages);
  });

  it("moves a late result to its turn, before what the user said in between", () => {
    const late = { role: "tool" as const, content: [result("b")] };
    const messages: Message[] = [
      { role: "assistant", content: [call("a"), call("b")] },
      { role: "tool", content: [result("a")] },
      user,
      late,
    ];
    const repaired = repairHistory(messages);
    expect(repaired.map((message) => message.role)).toEqual(["assistant", "tool", "user"]);
    expect(repaired[1]?.content).toEqual([result("a"), ...late.content]);
  });

  it("gives a repeated id of a later turn a new id, on the call and on its result", () => {
    const messages: Message[] = [
      { role: "assistant", content: [call("t_0")] },
      { role: "tool", content: [result("t_0")] },
      { role: "assistant", content: [call("t_0"), call("t_0_2")] },
      { role: "tool", content: [result("t_0"), result("t_0_2")] },
    ];
    expect(repairHistory(messages)).toEqual([
      messages[0],
      messages[1],
      { role: "assistant", content: [call("t_0_3"), call("t_0_2")] },
      { role: "tool", content: [result("t_0_3"), result("t_0_2")] },
    ]);
  });

  it("gives repeated ids of one turn new ids, in the order of their results", () => {
    const messages: Message[] = [
      { role: "assistant", content: [call("a"), call("a")] },
      { role: "tool", content: [result("a"), { ...result("a"), content: "rain" }] },
    ];
    expect(repairHistory(messages)).toEqual([
      { role: "assistant", content: [call("a"), call("a_2")] },
      { role: "tool", content: [result("a"), { ...result("a_2"), content: "rain" }] },
    ]);
  });

  it("keeps the result of a turn that uses the id of a broken turn again", () => {
    const good: Message[] = [
      user,
      { role: "assistant", content: [call("t_0")] },
      { role: "tool", content: [result("t_0")] },
    ];
    expect(repairHistory([{ role: "assistant", content: [call("t_0")], incomplete: true }, ...good])).toEqual(
      good,
    );
  });

  it("leaves out a second result of one call and keeps results of unknown calls", () => {
    const messages: Message[] = [
      { role: "tool", content: [result("stored")] },
      { role: "assistant", content: [call("a")] },
      { role: "tool", content: [result("a")] },
      { role: "tool", content: [result("a")] },
    ];
    expect(repairHistory(messages)).toEqual(messages.slice(0, 3));
  });

  it("changes nothing in a history that it repaired", () => {
    const messages: Message[] = [
      { role: "assistant", content: [call("a"), call("a"), call("b")] },
      user,
      { role: "assistant", content: [call("a")] },
      { role: "tool", content: [result("a"), result("b")] },
    ];
    const repaired = repairHistory(messages);
    expect(repairHistory(repaired)).toBe(repaired);
  });

  it("lets calls of async tools wait, for a target that allows it", () => {
    const messages: Message[] = [
      { role: "assistant", content: [call("a"), call("b")] },
      user,
      { role: "tool", content: [result("b")] },
    ];
    const { name } = call("a");
    expect(repairHistory(messages, [], new Set([name]))).toBe(messages);
    expect(repairHistory(messages, [], new Set(["other"]))).toHaveLength(3);
    expect(repairHistory(messages)[1]).toMatchObject({
      role: "tool",
      content: [{ id: "a", isError: true }, { id: "b" }],
    });
  });
});
