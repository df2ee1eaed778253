import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClientHalf } from "../../src/core/contract/dialect.js";
import type { Frame } from "../../src/core/contract/transport.js";
import { withFunctionCalls } from "../../src/core/kinds/chat/text-tools.js";
import type { ChatEvent } from "../../src/core/values/chat-event.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import type { ContentPart } from "../../src/core/values/message.js";
import { frameWriter } from "../../src/wire/frame-writer.js";
import { bodyFramer, otherFramings } from "../../src/wire/framing.js";
import { framersByKind } from "../../src/wire/other-framings.js";
import { chatResponse, contentParts, streamOf } from "../support/arbitrary.js";
import { framesFor, replayBody, replayFrames } from "../support/halves.js";
import { FACTS, hold, responseFrom, said, scopeOf, type Target, targetOf } from "./cases.js";
import { flatCounts, leavesOfParts, lost, namedBy } from "./leaves.js";
import { rebuild, told } from "./rebuild.js";
import type { LawSubject } from "./subject.js";

otherFramings.provide(framersByKind);

/** Laws of answers: what the server half writes, the client half reads, whole and streamed. */
export function describeAnswers(subject: LawSubject): void {
  const { client, server, cannot, tame = (content) => content } = subject;
  const target = targetOf(subject);
  const scope = scopeOf(subject);

  describe(`${client.id}: an answer`, () => {
    // What a provider did not count is no fact of the answer.
    const answers = chatResponse(
      scope,
      contentParts(scope).map((parts) => [...tame(parts)]),
    ).map((one): ChatResponse => ({ ...one, usageStatus: "final" }));

    const meant = (one: ChatResponse) => (subject.textCalls === true ? one : withFunctionCalls(one));

    it("says the same whole and streamed, and loses nothing but what `cannot` names", () => {
      hold(
        fc.property(answers, (answer) => {
          const whole = responseFrom(replayBody(client, target, server.encode(answer, FACTS).body));
          const streamed = responseFrom(replayFrames(client, target, framesFor(server, answer)).outcome);
          expect(said(streamed, cannot)).toEqual(said(whole, cannot));
          const losses = lost(facts(meant(answer)), facts(whole));
          expect(losses.filter((leaf) => !namedBy(cannot, leaf))).toEqual([]);
        }),
      );
    });

    it("keeps all its words, refusals included", () => {
      hold(
        fc.property(answers, (answer) => {
          const read = responseFrom(replayBody(client, target, server.encode(answer, FACTS).body));
          const all = JSON.stringify(read.content);
          for (const part of answer.content)
            if (part.type === "text" || part.type === "refusal")
              expect(all).toContain(JSON.stringify(part.text).slice(1, -1));
        }),
      );
    });

    it("is never changed by going through a second time", () => {
      hold(
        fc.property(answers, (answer) => {
          const once = responseFrom(replayBody(client, target, server.encode(answer, FACTS).body));
          const again = responseFrom(replayBody(client, target, server.encode(once, FACTS).body));
          expect(said(again, cannot)).toEqual(said(once, cannot));
        }),
      );
    });

    it.each([
      ["one after the other", false],
      ["interleaved", true],
    ])(
      "is the same however its stream was cut, parts %s, and can be rebuilt from deltas alone",
      (_, mixed) => {
        hold(
          fc.property(streamOf(answers, mixed), ({ response, events }) => {
            const frames: Frame[] = [];
            const sink = server.encoder((frame) => frames.push(frame), FACTS);
            for (const event of events) sink.event(event);
            sink.finish(response);
            const read = replayFrames(client, target, frames);
            const answer = responseFrom(read.outcome);
            const whole = responseFrom(replayBody(client, target, server.encode(response, FACTS).body));
            expect(said(answer, cannot)).toEqual(said(whole, cannot));
            expect(rebuild(read.events)).toEqual(answer.content.map(told));
          }),
        );
      },
    );

    it("gives the same events however its bytes are cut", () => {
      hold(
        fc.property(answers, fc.infiniteStream(fc.nat(40)), (answer, lengths) => {
          const frames = framesFor(server, answer);
          const writer = frameWriter(server.framing);
          const bytes = Buffer.concat([
            ...frames.map((frame) => Buffer.from(writer.frame(frame) as string)),
            Buffer.from(writer.end()),
          ]);
          const cut: Frame[] = [];
          const framer = bodyFramer(writer.contentType, client.framing, {
            frame: (frame) => cut.push(frame),
            whole: (_, body) => cut.push({ data: body }),
          });
          for (let at = 0; at < bytes.length; ) {
            const length = 1 + (lengths.next().value ?? 0);
            framer.push(bytes.subarray(at, at + length));
            at += length;
          }
          framer.end();
          expect(eventsIn(client, cut, target)).toEqual(eventsIn(client, frames, target));
        }),
      );
    });
  });
}

/** The facts of an answer. Marks and vendor fields are for requests; state of a stranger has no business here. */
function facts({
  content,
  finishReason,
  usage: { raw: _raw, ...usage },
  usageStatus,
  serviceTier,
  refusal,
  cacheMiss,
  model,
  id,
}: ChatResponse) {
  const parts = content.map((part): ContentPart => {
    const bare = unmarked(part);
    return bare.type === "tool-result" && typeof bare.content !== "string"
      ? { ...bare, content: bare.content.map(unmarked) }
      : bare;
  });
  const flat = Object.entries({
    finishReason,
    serviceTier,
    model,
    id,
    cacheMiss,
    "refusal.category": refusal?.category,
    "refusal.explanation": refusal?.explanation,
  })
    .filter(([, value]) => value !== undefined)
    .map(([path, value]) => ({ path, kind: path, value }));
  const counts = flatCounts(usageStatus === "final" ? usage : {}).map(([path, value]) => ({
    path,
    kind: path,
    value,
  }));
  return [...leavesOfParts(parts, "content"), ...flat, ...counts];
}

function unmarked<P extends ContentPart>(part: P): P {
  const { cache: _cache, extensions: _fields, origin: _state, ...rest } = part;
  return rest as unknown as P;
}

function eventsIn(client: ClientHalf, frames: readonly Frame[], target: Target): readonly ChatEvent[] {
  return JSON.parse(JSON.stringify(replayFrames(client, target, frames).events)) as ChatEvent[];
}
