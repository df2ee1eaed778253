import { expect, it } from "vitest";
import type { DialectId } from "../../src/core/contract/dialect.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import { memoryTransport } from "../support/memory-transport.js";
import { bodyBytes, type Case, canonical, type Outcome } from "../support/recordings.js";
import { replyHeaders } from "../support/replay-server.js";
import { providerFor, run } from "./replay.js";
import { splices } from "./splices.js";

const CUTS = 20;

/** An outcome without what differs from run to run. */
function comparable(outcome: Outcome): string {
  const answer = (response: ChatResponse | undefined) => {
    if (response === undefined) return undefined;
    const { attempts: _attempts, id: _id, rateLimits: _limits, ...rest } = response;
    return rest;
  };
  return canonical(
    "response" in outcome
      ? answer(outcome.response)
      : { code: outcome.error.code, message: outcome.error.message, partial: answer(outcome.error.partial) },
  );
}

function inMemory({ recording }: Case, dialect: DialectId, change: object = {}): Promise<Outcome> {
  const { status } = recording.response;
  const reply = { status, headers: replyHeaders(recording), body: bodyBytes(recording), ...change };
  return run(recording, providerFor(recording, dialect, "http://127.0.0.1:1", memoryTransport(reply)));
}

/** Replays the streams among exchanges through the public API, in other segments, cut, and with additions. */
export function describeReplay(cases: readonly Case[], dialect: DialectId): void {
  const streamed = cases.filter(({ recording }) => recording.stream);

  it("give the same result whole, in 7-byte and in 1-byte segments", async () => {
    const different: string[] = [];
    for (const one of streamed) {
      const whole = comparable(await inMemory(one, dialect));
      if (comparable(await inMemory(one, dialect, { segment: 7 })) !== whole)
        different.push(`${one.recording.id} by 7`);
      if (comparable(await inMemory(one, dialect, { segment: 1 })) !== whole)
        different.push(`${one.recording.id} by 1`);
    }
    expect(different).toEqual([]);
  }, 240_000);

  it("are never a success when cut, unless the terminator had come and the answer is whole", async () => {
    const wrong: string[] = [];
    for (const one of streamed) {
      const bytes = bodyBytes(one.recording);
      const whole = await inMemory(one, dialect);
      for (let i = 0; i < CUTS; i++) {
        const cutAt = Math.floor((bytes.length * (i + 0.5)) / CUTS);
        const outcome = await inMemory(one, dialect, { cutAt });
        if ("response" in outcome && "response" in whole) {
          const same =
            canonical(outcome.response.content) === canonical(whole.response.content) &&
            outcome.response.finishReason === whole.response.finishReason;
          if (!same) wrong.push(`${one.recording.id} cut at ${cutAt} of ${bytes.length}`);
        } else if ("response" in outcome)
          wrong.push(`${one.recording.id} cut at ${cutAt}: a success of a failure`);
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  it("are not changed by an unknown event type, an unknown field or a comment", async () => {
    const different: string[] = [];
    for (const one of streamed) {
      const whole = comparable(await inMemory(one, dialect));
      for (const [name, body] of splices(one.recording, dialect)) {
        if (comparable(await inMemory(one, dialect, { body })) !== whole)
          different.push(`${one.recording.id}: ${name}`);
      }
    }
    expect(different).toEqual([]);
  }, 120_000);
}
