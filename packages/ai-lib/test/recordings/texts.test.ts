import { describe, expect, it } from "vitest";
import type { ClientHalf } from "../../src/core/contract/dialect.js";
import { client as anthropic } from "../../src/dialects/anthropic-messages/client/index.js";
import { client as openai } from "../../src/dialects/openai-chat/client/index.js";
import { DecoderTexts } from "../../src/providers/endpoint/decoder-texts.js";
import { sseFramer } from "../../src/wire/sse.js";
import {
  bodyBytes,
  canonical,
  type Outcome,
  type Recording,
  recordedCases,
  replayHalf,
} from "../support/recordings.js";

/** The dialects whose decoders learn frames of text. */
const HALVES: readonly (readonly [api: string, half: ClientHalf])[] = [
  ["openai-chat", openai],
  ["anthropic-messages", anthropic],
];

/** Reads the body as the library does. @returns the outcome, and how many texts needed no frame */
function read(half: ClientHalf, recording: Recording, joins: boolean | undefined, size: number) {
  let texts = 0;
  const outcome = replayHalf(half, recording, {}, (decoder) => {
    const reader = new DecoderTexts(decoder, { joins: joins === true });
    const counted = {
      get frames() {
        return reader.frames;
      },
      add(text: string) {
        texts++;
        reader.add(text);
      },
      end: () => reader.end(),
    };
    const framer = sseFramer((frame) => decoder.frame(frame), {}, joins === undefined ? undefined : counted);
    const body = bodyBytes(recording);
    for (let at = 0; at < body.length; at += size) framer.push(body.subarray(at, at + size));
    framer.end();
  });
  return { outcome, texts };
}

/** All that an outcome says, but for an id that the recording does not have. */
function facts(outcome: Outcome): string {
  if ("error" in outcome)
    return canonical({ code: outcome.error.code, partial: outcome.error.partial?.content });
  const { content, finishReason, rawFinishReason, usage, usageStatus, model, warnings } = outcome.response;
  return canonical({ content, finishReason, rawFinishReason, usage, usageStatus, model, warnings });
}

describe.each(HALVES)("recorded streams of %s", (api, half) => {
  it("say the same whether each event is a frame or texts in a row are read at a time", () => {
    const different: string[] = [];
    let runs = 0;
    for (const { recording } of recordedCases(api)) {
      const { stream, streamFormat, response, id } = recording;
      if (!stream || streamFormat !== "sse" || response.status !== 200) continue;
      const expected = facts(read(half, recording, undefined, 65_536).outcome);
      for (const joins of [true, false])
        for (const size of [65_536, 700]) {
          const { outcome, texts } = read(half, recording, joins, size);
          runs += texts;
          if (facts(outcome) !== expected) different.push(`${id}, joins: ${joins}, pieces of ${size} bytes`);
        }
    }
    expect(different).toEqual([]);
    expect(runs).toBeGreaterThan(0);
  });
});
