import { callOf, contextOf } from "../../src/core/contract/call.js";
import type { ClientHalf, DialectTarget, ServerFacts, ServerHalf } from "../../src/core/contract/dialect.js";
import type { Frame } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { chatLaws } from "../../src/core/kinds/chat/laws.js";
import { provideChatStreams } from "../../src/core/kinds/chat/provide-streams.js";
import { replayEvents } from "../../src/core/kinds/chat/replay.js";
import { buildResponse } from "../../src/core/kinds/chat/response.js";
import type { ReplyFrame } from "../../src/core/kinds/laws.js";
import type { AttemptRun } from "../../src/core/run/attempt.js";
import { openAttempt } from "../../src/core/run/open-attempt.js";
import type { ChatEvent } from "../../src/core/values/chat-event.js";
import type { ChatResponse, EndFacts } from "../../src/core/values/chat-response.js";
import type { ContentPart } from "../../src/core/values/message.js";
import { scripted } from "../../src/testing/scripted.js";
import { IDLE_FLOW } from "./calls.js";
import type { Outcome } from "./recordings.js";

// Attempts begin without a load.
provideChatStreams();

/** A target without quirks. */
export function targetFor(provider: string, quirks: DialectTarget["quirks"] = {}): DialectTarget {
  return { provider, model: "asked", quirks, now: 1_760_000_000_000 };
}

/** Runs frames through a client half and the attempt that a provider would run it in; all that it emitted, and how it ended. */
export function replayFrames(
  half: ClientHalf,
  target: DialectTarget,
  frames: readonly (Frame | string)[],
  end = true,
): { readonly events: readonly ChatEvent[]; readonly outcome: Outcome | undefined } {
  const events: ChatEvent[] = [];
  let outcome: Outcome | undefined;
  let run: AttemptRun | undefined;
  openAttempt<"chat">(
    { provider: scripted(target.provider), target: { provider: target.provider, model: target.model } },
    callOf(chatLaws, { messages: [{ role: "user", content: "x" }] }, "stream", contextOf()),
    {
      event: (event) => events.push(event),
      finish: (response) => {
        outcome = { response };
      },
      fail: (error) => {
        outcome = { error };
      },
    },
    (opened) => {
      run = opened;
      return IDLE_FLOW;
    },
  );
  if (run === undefined) throw new Error("not opened");
  const decoder = half.decoder(target, run);
  for (const frame of frames) decoder.frame(typeof frame === "string" ? { data: frame } : frame);
  if (end) decoder.end();
  return { events, outcome };
}

/** Decodes a whole reply as a provider would. */
export function replayBody(half: ClientHalf, target: DialectTarget, body: unknown): Outcome {
  const frame: ReplyFrame = {
    provider: target.provider,
    model: target.model,
    id: "made",
    attempts: [],
    estimateInput: () => 0,
  };
  try {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const reply = half.decode({ status: 200, headers: {}, body: text }, target);
    return { response: chatLaws.respond(reply, reply.warnings ?? [], frame) };
  } catch (error) {
    return { error: AiLibError.from(error) };
  }
}

/** A response as a provider would have built it. */
export function responseOf(content: readonly ContentPart[], facts: EndFacts): ChatResponse {
  return buildResponse(content, facts, [], {
    provider: "upstream",
    model: "model",
    id: "id",
    attempts: [],
    estimateInput: () => 0,
  });
}

/** The frames that a server half writes for a response. */
export function framesFor(
  server: ServerHalf,
  response: ChatResponse,
  facts: ServerFacts = { id: "served", created: 0 },
): Frame[] {
  const frames: Frame[] = [];
  const sink = server.encoder((frame) => frames.push(frame), facts);
  for (const event of replayEvents(response.content, response)) sink.event(event);
  sink.finish(response);
  return frames;
}
