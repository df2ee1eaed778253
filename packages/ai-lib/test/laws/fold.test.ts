import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fold } from "../../src/core/kinds/chat/fold.js";
import { replayEvents } from "../../src/core/kinds/chat/replay.js";
import type { ChatResponse, EndFacts } from "../../src/core/values/chat-response.js";
import { ANYWHERE, chatResponse, streamOf } from "../support/arbitrary.js";
import { rebuild, told } from "./rebuild.js";

/** An answer that had malformed content and nothing else is an error, so that no fold builds one. */
const responses = chatResponse(ANYWHERE).filter(
  ({ content, warnings }) => content.length > 0 || warnings.every(({ code }) => code !== "malformed"),
);

/** The facts that a decoder would have ended with. */
function factsOf(response: ChatResponse): EndFacts {
  const { finishReason, usage, id, model } = response;
  const { serviceTier, refusal, cacheMiss, extensions, rawFinishReason } = response;
  return {
    finishReason,
    usage,
    id,
    model,
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(cacheMiss === undefined ? {} : { cacheMiss }),
    ...(extensions === undefined ? {} : { extensions }),
    ...(rawFinishReason === undefined ? {} : { rawFinishReason }),
  };
}

function folded(events: Parameters<Fold["add"]>[0][], response: ChatResponse): ChatResponse {
  const fold = new Fold();
  for (const event of events) fold.add(event);
  return fold.build(factsOf(response), { ...response, estimateInput: () => 0 });
}

/** What the fold makes; price, limits and trust come from the leaf around it. */
function made(response: ChatResponse) {
  const {
    usageStatus: _status,
    cost: _cost,
    cached: _cached,
    rateLimits: _limits,
    requestId: _requestId,
    headers: _headers,
    raw: _raw,
    warnings: _told,
    ...rest
  } = response;
  return rest;
}

describe("a fold", () => {
  it("is undone by the events of a whole reply, and undoes them", () => {
    fc.assert(
      fc.property(responses, (response) => {
        expect(made(folded(replayEvents(response.content, response), response))).toEqual(made(response));
      }),
    );
  });

  it.each([false, true])(
    "builds the same answer however its parts are cut (interleaved: %s)",
    (interleaved) => {
      fc.assert(
        fc.property(streamOf(responses, interleaved), ({ response, events }) => {
          const built = folded([...events], response);
          expect(made(built)).toEqual(made(response));
          expect(built.warnings).toEqual(response.warnings);
          expect(rebuild(events)).toEqual(response.content.map(told));
        }),
      );
    },
  );
});
