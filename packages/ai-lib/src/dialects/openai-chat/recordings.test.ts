import { describe, expect, it } from "vitest";
import { deviations } from "../../../test/recordings/deviations.js";
import { framesFor } from "../../../test/support/halves.js";
import {
  canonical,
  differences,
  framesOf,
  type Recording,
  recordedCases,
  replayHalf,
} from "../../../test/support/recordings.js";
import type { Frame } from "../../core/contract/transport.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

const cases = recordedCases("openai-chat");
const facts = { id: "served", created: 0 };

/** What a server half must carry: all but the vendor's own usage object and word for the ending. */
function carried(response: ChatResponse): string {
  const { content, finishReason, id, model, serviceTier, usage, text, reasoningText, toolCalls } = response;
  const counts = { ...usage, raw: undefined };
  return canonical({ content, finishReason, id, model, serviceTier, counts, text, reasoningText, toolCalls });
}

/** The same without the order of the parts and the seams between texts, for which a whole reply has no place. */
function unordered(response: ChatResponse): string {
  const parts = response.content.filter((part) => part.type !== "text").map((part) => canonical(part));
  return canonical({ parts: parts.sort(), text: response.text, finish: response.finishReason });
}

function replayed(recording: Recording, written: { body: string } | { frames: Frame[] }): ChatResponse {
  const stream = "frames" in written;
  const body = stream ? "" : written.body;
  const outcome = replayHalf(
    client,
    {
      ...recording,
      stream,
      streamFormat: stream ? "sse" : null,
      response: { status: 200, headers: {}, body, bodyEncoding: "utf8" },
    },
    {},
    stream ? written.frames : undefined,
  );
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

describe("recorded chat completions", () => {
  it.each(cases.map((one) => [one.recording.id, one] as const))("are read as the key says: %s", (id, one) => {
    const excused = deviations.filter((deviation) => deviation.id === id).map(({ field }) => field);
    const found = differences(one.expected, replayHalf(client, one.recording));
    expect(found.filter(({ field }) => !excused.includes(field))).toEqual([]);
  });

  it("are no success when they are cut between two frames, unless all content had come", () => {
    const wrong: string[] = [];
    for (const { recording } of cases.filter((one) => one.recording.stream)) {
      const frames = framesOf(recording);
      const whole = replayHalf(client, recording, {}, frames);
      for (let end = 0; end < frames.length; end++) {
        const cut = replayHalf(client, recording, {}, frames.slice(0, end));
        if ("error" in cut) continue;
        const same =
          "response" in whole &&
          canonical(cut.response.content) === canonical(whole.response.content) &&
          cut.response.finishReason === whole.response.finishReason;
        if (!same) wrong.push(`${recording.id} after frame ${end} of ${frames.length}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("come through the server half and back, streamed and whole", () => {
    const different: string[] = [];
    for (const { recording } of cases) {
      const outcome = replayHalf(client, recording);
      if ("error" in outcome) continue;
      const sent = outcome.response;
      if (carried(replayed(recording, { frames: framesFor(server, sent) })) !== carried(sent))
        different.push(`${recording.id}, streamed`);
      const whole = replayed(recording, server.encode(sent, facts));
      if (unordered(whole) !== unordered(sent)) different.push(`${recording.id}, whole`);
    }
    expect(different).toEqual([]);
  });
});
