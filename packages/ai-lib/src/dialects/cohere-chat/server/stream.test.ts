import { describe, expect, it } from "vitest";
import { framesFor, replayFrames, responseOf, targetFor } from "../../../../test/support/halves.js";
import type { AiLibError } from "../../../core/errors/error.js";
import { client } from "../client/index.js";
import { server } from "./index.js";

const target = targetFor("cohere");

const DONE = "[DONE]";

function failure(...frames: string[]): AiLibError {
  const { outcome } = replayFrames(client, target, frames);
  if (outcome === undefined || "response" in outcome) throw new Error("no failure");
  return outcome.error;
}

const origin = { family: "cohere", provider: "cohere", model: "asked", data: { field: "tool_plan" } };

describe("a stream that Cohere's server half writes", () => {
  function served(run: (sink: ReturnType<typeof server.encoder>) => void): string[] {
    const frames: string[] = [];
    run(server.encoder(({ data }) => frames.push(data), { id: "served", created: 0 }));
    return frames;
  }

  it("closes with [DONE], after the ending that counts", () => {
    const response = responseOf([{ type: "text", text: "x" }], { finishReason: "stop" });
    const frames = framesFor(server, response);
    expect(frames.map(({ event: type }) => type).slice(-2)).toEqual(["message-end", undefined]);
    expect(frames.at(-1)?.data).toBe(DONE);
  });

  it("ends in an error of the dialect's own shape, once", () => {
    const frames = served((sink) => {
      sink.event({ type: "start" });
      sink.event({ type: "part-start", index: 0, part: { type: "text" } });
      sink.event({ type: "text-delta", index: 0, text: "x" });
      sink.fail(client.error({ status: 429, headers: {}, body: "" }, target));
      sink.finish(responseOf([], { finishReason: "stop" }));
    });
    const error = failure(...frames);
    expect([error.code, error.partial?.text]).toEqual(["RATE_LIMIT", "x"]);
  });

  it("writes a plan as it arrives, if the source says at its start that it is one", () => {
    const frames = served((sink) => {
      sink.event({ type: "part-start", index: 0, part: { type: "reasoning" }, origin });
      sink.event({ type: "reasoning-delta", index: 0, text: "p" });
    });
    expect(frames.map((data) => (JSON.parse(data) as { type: string }).type)).toEqual([
      "message-start",
      "tool-plan-delta",
    ]);
  });
});
