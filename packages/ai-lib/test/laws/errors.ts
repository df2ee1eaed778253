import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { REACTIONS } from "../../src/core/errors/reactions.js";
import { replayEvents } from "../../src/core/kinds/chat/replay.js";
import type { ErrorCode } from "../../src/core/values/error-code.js";
import { publicCode } from "../../src/dialects/shared/common/error-table.js";
import { replayFrames, responseOf } from "../support/halves.js";
import { FACTS, targetOf } from "./cases.js";
import type { LawSubject } from "./subject.js";

/** Words that would mean something else if the words decided. */
const MISLEADING =
  "the maximum context is 5 tokens, prompt is too long, your credit balance is low, billing, rate limit, " +
  "invalid api key, no such model, file, not supported (1004)";

/** Laws of errors: what the server half refuses with, the client half reads as the same. */
export function describeErrors(subject: LawSubject): void {
  const { client, server, misread = {}, namesRequests } = subject;
  const target = targetOf(subject);
  const text = responseOf([{ type: "text", text: "Half" }], { finishReason: "stop" });

  describe(`${client.id}: an error`, () => {
    it.each(Object.keys(REACTIONS) as ErrorCode[])(
      "is read as it was written, whatever its words: %s",
      (code) => {
        const error = new AiLibError({ code, message: MISLEADING });
        const reply = server.error(error);
        expect(reply.status).toBeGreaterThanOrEqual(400);
        const early = failureOf((sink) => sink.fail(error));
        const late = failureOf((sink) => {
          for (const event of replayEvents(text.content, text)) sink.event(event);
          sink.fail(error);
          sink.finish(text);
        });
        const expected = misread[publicCode(code)] ?? publicCode(code);
        expect([client.error(reply, target).code, early.code, late.code]).toEqual([
          expected,
          expected,
          expected,
        ]);
        expect([late.partial?.text, late.committed]).toEqual(["Half", true]);
        expect(client.error(reply, target).status).toBe(reply.status);
      },
    );

    it("tells when to come back, as the date that official SDKs read", () => {
      const retryAt = Date.UTC(2026, 0, 1, 12, 0, 0, 1);
      const reply = server.error(new AiLibError({ code: "RATE_LIMIT", message: "slow down", retryAt }));
      expect(reply.headers["retry-after"]).toBe("Thu, 01 Jan 2026 12:00:01 GMT");
      const never = server.error(new AiLibError({ code: "RATE_LIMIT", message: "x", retryAt: Number.NaN }));
      expect(never.headers["retry-after"]).toBeUndefined();
    });

    it("tells which request it was, where the dialect names requests", () => {
      const reply = server.error(new AiLibError({ code: "OVERLOADED", message: "busy", requestId: "req_1" }));
      expect(client.error(reply, target).requestId).toBe(namesRequests === true ? "req_1" : undefined);
    });
  });

  function failureOf(use: (sink: ReturnType<typeof server.encoder>) => void): AiLibError {
    const frames: Frame[] = [];
    use(server.encoder((frame) => frames.push(frame), FACTS));
    const { outcome } = replayFrames(client, target, frames);
    if (outcome === undefined || "response" in outcome) throw new Error("no failure");
    return outcome.error;
  }
}
