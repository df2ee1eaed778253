import { describe, expect, it } from "vitest";
import { replayFrames, targetFor } from "../../../../test/support/halves.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { client } from "../client/index.js";
import { server } from "./index.js";

const target = targetFor("openai");

function run(...events: unknown[]) {
  return replayFrames(
    client,
    target,
    events.map((event) => (typeof event === "string" ? event : JSON.stringify(event))),
  );
}

function answer(...events: unknown[]): ChatResponse {
  const { outcome } = run(...events);
  if (outcome === undefined) throw new Error("no ending");
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

const created = { type: "response.created", response: { id: "resp_1", model: "m" } };

const completed = {
  type: "response.completed",
  response: { id: "resp_1", model: "m", status: "completed", output: [] },
};

describe("what a server writes", () => {
  it("names items as their source did from the start, and ends them when the next begins", () => {
    const frames: { type: string; item_id?: string; item?: { id: string } }[] = [];
    const sink = server.encoder((frame) => frames.push(JSON.parse(frame.data)), { id: "resp_1", created: 0 });
    const state = { origin: { family: "openai", data: { type: "message", id: "msg_up" } } };
    sink.event({ type: "part-start", index: 0, part: { type: "text" }, ...state });
    sink.event({ type: "text-delta", index: 0, text: "Hi" });
    sink.event({ type: "part-end", index: 0, ...state });
    expect(frames.at(-1)?.type).toBe("response.output_text.delta");
    sink.event({ type: "part-start", index: 1, part: { type: "tool-call", id: "call_1", name: "f" } });
    expect(frames.map(({ type }) => type).slice(-5)).toEqual([
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.output_item.added",
    ]);
    const ids = frames.slice(2, -1).map((frame) => frame.item_id ?? frame.item?.id);
    expect(new Set(ids)).toEqual(new Set(["msg_up"]));
  });

  it("carries another family's state to a client and back, and never from a provider", () => {
    const origin = { family: "anthropic", provider: "anthropic", data: { signature: "s" } };
    const content = [
      { type: "reasoning" as const, text: "Hm.", origin },
      { type: "text" as const, text: "Hi", origin },
      { type: "tool-call" as const, id: "c", name: "f", arguments: {}, origin },
    ];
    const sent: string[] = [];
    const sink = server.encoder((frame) => sent.push(frame.data), { id: "resp_1", created: 0 });
    content.forEach((part, index) => {
      sink.event({ type: "part", index, part });
    });
    sink.finish({
      ...answer(created, completed),
      content,
    });
    const { outcome } = replayFrames(client, target, sent);
    if (outcome === undefined || "error" in outcome) throw new Error("must be an answer");
    expect(outcome.response.content.map((part) => part.origin?.family)).toEqual([
      "openai",
      "openai",
      "openai",
    ]);
    const again = client.encode(
      { messages: [{ role: "user", content: "x" }, outcome.response.message] },
      "unary",
      target,
    );
    const { request } = server.decode(again.http);
    expect(request.messages[1]?.content).toEqual(content);
  });
});
