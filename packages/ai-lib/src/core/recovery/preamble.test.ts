import { describe, expect, it } from "vitest";
import { request } from "../../../test/support/calls.js";
import { callOf, contextOf } from "../contract/call.js";
import { chatLaws } from "../kinds/chat/laws.js";
import type { ChatEvent } from "../values/chat-event.js";
import { Preamble } from "./preamble.js";

const preamble = () => new Preamble(callOf(chatLaws, request, "stream", contextOf()));
const warning = (message: string): ChatEvent => ({ type: "warning", warning: { code: "other", message } });
const head = (index: number): ChatEvent => ({ type: "part-start", index, part: { type: "text" } });

describe("a preamble", () => {
  it("holds events and returns them once, in order", () => {
    const held = preamble();
    const events = [warning("a"), head(0), warning("b")];
    for (const event of events) expect(held.hold(event)).toBe(true);
    expect(held.take()).toEqual(events);
    expect(held.take()).toEqual([]);
  });

  it("holds no notice beyond 64 events, and still what a reader needs", () => {
    const held = preamble();
    for (let i = 0; i < 64; i++) expect(held.hold(warning(`${i}`))).toBe(true);
    expect(held.hold(warning("one more"))).toBe(false);
    expect(held.hold({ type: "text-delta", index: 0, text: "" })).toBe(false);
    expect(held.hold(head(0))).toBe(true);
    expect(held.take()).toHaveLength(65);
    expect(held.hold(warning("after"))).toBe(true);
  });

  it("holds no more than 256 KiB, whatever it is", () => {
    const held = preamble();
    const data = { state: "x".repeat(200_000) };
    const large = (index: number): ChatEvent => ({ type: "part-end", index, origin: { family: "f", data } });
    expect([held.hold(large(0)), held.hold(large(1)), held.hold(head(2))]).toEqual([true, false, true]);
  });

  it("distinguishes notices from what a reader needs", () => {
    const held = preamble();
    expect(held.isNotice(warning("a"))).toBe(true);
    expect(held.isNotice({ type: "reasoning-delta", index: 0, text: "" })).toBe(true);
    expect(held.isNotice({ type: "media-delta", index: 0 })).toBe(true);
    for (const event of [{ type: "start" } as const, head(0), { type: "part-end", index: 0 } as const])
      expect(held.isNotice(event)).toBe(false);
  });
});
