import { describe, expect, it } from "vitest";
import { replayFrames, responseOf, targetFor } from "../../../../test/support/halves.js";
import type { AiLibError } from "../../../core/errors/error.js";
import { client } from "../client/index.js";
import { server } from "./index.js";

const target = targetFor("mistral");

function streamed(...frames: string[]) {
  return replayFrames(client, target, frames);
}

function failure(...frames: string[]): AiLibError {
  const { outcome } = streamed(...frames);
  if (outcome === undefined || "response" in outcome) throw new Error("no failure");
  return outcome.error;
}

describe("a stream that Mistral's server half writes", () => {
  it("ends in an error of the dialect's own shape, once", () => {
    const frames: string[] = [];
    const sink = server.encoder(({ data }) => frames.push(data), { id: "i", created: 0 });
    sink.event({ type: "start", model: "m" });
    sink.event({ type: "part-start", index: 0, part: { type: "text" } });
    sink.event({ type: "text-delta", index: 0, text: "x" });
    sink.fail(client.error({ status: 429, headers: {}, body: "" }, target));
    sink.finish(responseOf([], { finishReason: "stop" }));
    const error = failure(...frames);
    expect([error.code, error.partial?.text]).toEqual(["RATE_LIMIT", "x"]);
  });
});
