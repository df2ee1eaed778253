import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventSink } from "../../src/core/contract/sink.js";
import type { Frame } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { replayEvents } from "../../src/core/kinds/chat/replay.js";
import { type ChatEvent, isContent } from "../../src/core/values/chat-event.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import type { ContentPart } from "../../src/core/values/message.js";
import { chatResponse } from "../support/arbitrary.js";
import { framesFor, replayBody, replayFrames, responseOf } from "../support/halves.js";
import { FACTS, hold, responseFrom, said, scopeOf, targetOf } from "./cases.js";
import type { LawSubject } from "./subject.js";

/** Laws of streams: what the streams of all dialects have in common. */
export function describeStreams(subject: LawSubject): void {
  const { client, server, cannot } = subject;
  const target = targetOf(subject);
  const answers = chatResponse(scopeOf(subject));
  const text = responseOf([{ type: "text", text: "Hello" }], { finishReason: "stop", id: "one", model: "m" });

  function written(use: (sink: EventSink) => void): Frame[] {
    const frames: Frame[] = [];
    use(server.encoder((frame) => frames.push(frame), FACTS));
    return frames;
  }

  function read(frames: readonly Frame[]): ChatResponse {
    return responseFrom(replayFrames(client, target, frames).outcome);
  }

  function failureIn(frames: readonly Frame[]): AiLibError {
    const { outcome } = replayFrames(client, target, frames);
    if (outcome === undefined || "response" in outcome) throw new Error("no failure");
    return outcome.error;
  }

  const eventsOf = (answer: ChatResponse): ChatEvent[] => replayEvents(answer.content, answer);

  describe(`${client.id}: a stream`, () => {
    it("of any answer is read back by the client half, whole and streamed", () => {
      hold(
        fc.property(answers, (answer) => {
          responseFrom(replayBody(client, target, server.encode(answer, FACTS).body));
          read(framesFor(server, answer));
        }),
      );
    });

    it("holds the whole answer where no events came, or only a start, warnings and empty parts", () => {
      hold(
        fc.property(answers, (answer) => {
          const expected = said(read(framesFor(server, answer)), cannot);
          const alone = written((sink) => sink.finish(answer));
          expect(said(read(alone), cannot)).toEqual(expected);
          const begun = written((sink) => {
            sink.event({ type: "start", id: answer.id, model: answer.model });
            for (const warning of answer.warnings) sink.event({ type: "warning", warning });
            sink.event({ type: "part-start", index: 0, part: { type: "text" } });
            sink.event({ type: "text-delta", index: 0, text: "" });
            sink.finish(answer);
          });
          expect(begun).toEqual(alone);
        }),
      );
    });

    it("shows nothing of a restart before content", () => {
      hold(
        fc.property(answers, (answer) => {
          const events = eventsOf(answer);
          const restarted = written((sink) => {
            sink.event({ type: "start", id: "first", model: "first" });
            sink.event({ type: "part-start", index: 0, part: { type: "reasoning" } });
            sink.event({ type: "restart", id: answer.id, model: answer.model });
            for (const event of events.slice(1)) sink.event(event);
            sink.finish(answer);
          });
          expect(restarted).toEqual(framesFor(server, answer));
        }),
      );
    });

    it("fails where the answer restarts after content, and says nothing more", () => {
      hold(
        fc.property(answers, (answer) => {
          const events = eventsOf(answer);
          const from = events.findIndex(isContent);
          if (from < 0) return;
          const frames = written((sink) => {
            for (const event of events.slice(0, from + 1)) sink.event(event);
            sink.event({ type: "restart" });
            for (const event of events) sink.event(event);
            sink.finish(answer);
          });
          const { code, message } = failureIn(frames);
          expect(message).toContain("restarted");
          expect(["STREAM_TRUNCATED", "PROVIDER_ERROR"]).toContain(code);
        }),
      );
    });

    it("ends the part that its source left open", () => {
      hold(
        fc.property(answers, (answer) => {
          // The end of a part brings its state, so that a part without an end has none.
          const content = answer.content.map(({ origin: _state, ...part }) => part as ContentPart);
          const plain = responseOf(content, answer);
          const events = eventsOf(plain);
          const frames = written((sink) => {
            for (const event of events.at(-1)?.type === "part-end" ? events.slice(0, -1) : events)
              sink.event(event);
            sink.finish(plain);
          });
          expect(frames).toEqual(framesFor(server, plain));
        }),
      );
    });

    it("says nothing after its end", () => {
      const frames = written((sink) => {
        sink.finish(text);
      });
      const more = written((sink) => {
        sink.finish(text);
        for (const event of eventsOf(text)) sink.event(event);
        sink.fail(new AiLibError({ code: "TIMEOUT", message: "late" }));
        sink.finish(text);
      });
      expect(more).toEqual(frames);
    });
  });
}
