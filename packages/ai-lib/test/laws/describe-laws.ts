import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cannot, ClientHalf, ServerHalf } from "../../src/core/contract/dialect.js";
import type { Frame } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { Warning } from "../../src/core/values/answer.js";
import type { ChatEvent } from "../../src/core/values/chat-event.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import type { ContentPart } from "../../src/core/values/message.js";
import { frameWriter } from "../../src/wire/frame-writer.js";
import { bodyFramer } from "../../src/wire/framing.js";
import { chatRequest, chatResponse, contentParts, type Scope, streamOf } from "../support/arbitrary.js";
import { framesFor, replayBody, replayFrames, targetFor } from "../support/halves.js";
import { FACTS, hold, RUNS, responseFrom, SEEDS, said } from "./cases.js";
import {
  type Leaf,
  leavesOf,
  leavesOfParts,
  leavesWithState,
  lost,
  namedBy,
  unsaid,
  within,
} from "./leaves.js";
import { rebuild, told } from "./rebuild.js";

const NO_REASON = ": this dialect has no place for it";

/** Which values of a kind of fact a dialect honours without a word. */
export type Honoured = Readonly<Record<string, (value: unknown, request: ChatRequest) => boolean>>;

/**
 * Holds the two halves of a dialect against each other, over everything that the contract can say. Nothing may be
 * lost in silence: a fact that does not come back was named in a warning, and `cannot` lists it.
 * @param honoured facts, by kind, that every request of this dialect means without saying so.
 * @param tame leaves out of answers what a whole reply can say and a stream cannot.
 */
export function describeLaws(
  id: string,
  client: ClientHalf,
  server: ServerHalf,
  cannot: Cannot,
  honoured: Honoured,
  tame: (content: readonly ContentPart[]) => readonly ContentPart[] = (content) => content,
): void {
  const scope: Scope = { dialect: id, stranger: "elsewhere" };
  // State is read by whoever gave it; of this dialect's, servers read all as OpenAI's.
  const target = targetFor(id === "openai-responses" ? "openai" : "house");

  describe(`${id}: a request`, () => {
    const requests = chatRequest(scope);

    it("comes back whole, less what a warning and `cannot` name", () => {
      let taken = 0;
      hold(
        fc.property(requests, fc.constantFrom("unary" as const, "stream" as const), (request, mode) => {
          const sent = encoded(client, request, mode, target);
          if (sent === undefined) return;
          taken++;
          expect(server.matches(sent.http)).toBe(true);
          const back = server.decode(sent.http);
          expect(back.mode).toBe(mode);
          const before = leavesOf(request);
          const losses = lost(before, leavesWithState(back.request));
          const silently = unsaid(before, losses, (leaf) => warnedOf(leaf, sent.warnings));
          expect(silently.filter(({ kind, value }) => honoured[kind]?.(value, request) !== true)).toEqual([]);
          expect(losses.filter((leaf) => !namedBy(cannot, leaf))).toEqual([]);
        }),
      );
      expect(taken).toBeGreaterThan((SEEDS.length * RUNS) / 4);
    });

    it("is never changed by going through a second time", () => {
      hold(
        fc.property(requests, (request) => {
          const sent = encoded(client, request, "unary", target);
          if (sent === undefined) return;
          const once = server.decode(sent.http).request;
          const again = encoded(client, once, "unary", target);
          const twice = again && server.decode(again.http).request;
          if (twice === undefined) throw new Error("what was decoded was refused");
          expect([
            ...lost(leavesOf(once), leavesOf(twice)),
            ...lost(leavesOf(twice), leavesOf(once)),
          ]).toEqual([]);
        }),
      );
    });

    it("is warned about only at fields that it has, with a reason", () => {
      hold(
        fc.property(requests, (request) => {
          const sent = encoded(client, request, "unary", target);
          const warnings = sent?.warnings ?? [];
          const paths = warnings.flatMap(({ field }) => (field === undefined ? [] : [field]));
          expect(paths.filter((path) => !reaches(request, path))).toEqual([]);
          // What a warning says when it finds no reason in `cannot`.
          expect(warnings.filter(({ message }) => message.endsWith(NO_REASON))).toEqual([]);
        }),
      );
    });
  });

  describe(`${id}: an answer`, () => {
    // What a provider did not count is no fact of the answer.
    const answers = chatResponse(
      scope,
      contentParts(scope).map((parts) => [...tame(parts)]),
    ).map((one): ChatResponse => ({ ...one, usageStatus: "final" }));

    it("says the same whole and streamed, and loses nothing but what `cannot` names", () => {
      hold(
        fc.property(answers, (answer) => {
          const whole = responseFrom(replayBody(client, target, server.encode(answer, FACTS).body));
          const streamed = responseFrom(replayFrames(client, target, framesFor(server, answer)).outcome);
          expect(said(streamed, cannot)).toEqual(said(whole, cannot));
          const losses = lost(facts(answer), facts(whole));
          expect(losses.filter((leaf) => !namedBy(cannot, leaf))).toEqual([]);
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

type Target = ReturnType<typeof targetFor>;

/** A request on the wire; undefined where the dialect refuses it, which it may only do in its two words for that. */
function encoded(client: ClientHalf, request: ChatRequest, mode: "unary" | "stream", target: Target) {
  try {
    return client.encode(request, mode, { ...target, model: request.model ?? target.model });
  } catch (error) {
    if (!AiLibError.is(error)) throw error;
    expect(["UNSUPPORTED_FEATURE", "INVALID_REQUEST"]).toContain(error.code);
    return undefined;
  }
}

function warnedOf({ path, call = path }: Leaf, warnings: readonly Warning[]): boolean {
  // A tool may be forced by offering no other.
  const choice = path.startsWith("tools.") ? "toolChoice" : path;
  return warnings.some(
    ({ field }) => field !== undefined && [path, call, choice].some((one) => within(one, field)),
  );
}

/** Whether a path leads somewhere in a request; a field that is missing altogether may be warned about by its name. */
function reaches(request: ChatRequest, path: string): boolean {
  let value: unknown = request;
  const steps = path.split(".");
  for (const step of steps.slice(0, -1)) {
    if (typeof value !== "object" || value === null) return false;
    value = (value as { [key: string]: unknown })[step];
    if (value === undefined) return steps.length === 2 && step === steps[0];
  }
  return value !== undefined;
}

/** The facts of an answer. Marks and vendor fields are for requests; state of a stranger has no business here. */
function facts({
  content,
  finishReason,
  usage: { raw: _raw, ...usage },
  usageStatus,
  serviceTier,
  model,
  id,
}: ChatResponse) {
  const parts = content.map((part): ContentPart => {
    const bare = unmarked(part);
    return bare.type === "tool-result" && typeof bare.content !== "string"
      ? { ...bare, content: bare.content.map(unmarked) }
      : bare;
  });
  const flat = Object.entries({ finishReason, serviceTier, model, id })
    .filter(([, value]) => value !== undefined)
    .map(([path, value]) => ({ path, kind: path, value }));
  const counts = Object.entries(usageStatus === "final" ? usage : {}).map(([key, value]) => ({
    path: `usage.${key}`,
    kind: `usage.${key}`,
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
