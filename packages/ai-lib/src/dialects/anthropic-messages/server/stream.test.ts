import { describe, expect, it } from "vitest";
import { AiLibError } from "../../../core/errors/error.js";
import { buildResponse } from "../../../core/kinds/chat/response.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { server } from "./index.js";

function reply(content: readonly ContentPart[]) {
  const facts = { finishReason: "stop", usage: { inputTokens: 2, outputTokens: 1 } } as const;
  return buildResponse(content, facts, [], {
    provider: "p",
    model: "m",
    id: "msg_1",
    attempts: [],
    estimateInput: () => 0,
  });
}

/** The frames that a relay of events writes; each is named by its own type. */
function frames(events: readonly ChatEvent[], end: AiLibError | readonly ContentPart[]): JsonObject[] {
  const written: JsonObject[] = [];
  const encoder = server.encoder(
    ({ event, data }) => {
      const fields = JSON.parse(data) as JsonObject;
      expect(fields["type"]).toBe(event);
      written.push(fields);
    },
    { id: "msg_2", created: 0, model: "asked" },
  );
  for (const event of events) encoder.event(event);
  if (AiLibError.is(end)) encoder.fail(end);
  else encoder.finish(reply(end));
  encoder.event({ type: "text-delta", index: 0, text: "late" });
  encoder.finish(reply([]));
  return written;
}

const text: ChatEvent[] = [
  { type: "part-start", index: 0, part: { type: "text" } },
  { type: "text-delta", index: 0, text: "Hi" },
  { type: "part-end", index: 0 },
];

function shape(written: readonly JsonObject[]): string[] {
  return written.map((frame) => {
    const inner = (frame["delta"] ?? frame["content_block"]) as JsonObject | undefined;
    return [frame["type"], frame["index"], inner?.["type"]].filter((each) => each !== undefined).join(" ");
  });
}

describe("the stream that a server writes", () => {
  it("begins with facts of the call if the answer brings none, and ends with message_stop", () => {
    const written = frames(text, [{ type: "text", text: "Hi" }]);
    expect(shape(written)).toEqual([
      "message_start",
      "content_block_start 0 text",
      "content_block_delta 0 text_delta",
      "content_block_stop 0",
      "message_delta",
      "message_stop",
    ]);
    expect(written[0]?.["message"]).toMatchObject({ id: "msg_2", model: "asked", content: [] });
    expect(written[4]).toMatchObject({
      delta: { stop_reason: "end_turn" },
      usage: { input_tokens: 2, output_tokens: 1 },
    });
  });

  it("keeps a text's block open for the citations that follow it", () => {
    const source: ContentPart = { type: "source", url: "https://example.com", cites: { index: 0 } };
    const written = frames([...text, { type: "part", index: 1, part: source }], []);
    expect(shape(written).slice(2, 5)).toEqual([
      "content_block_delta 0 text_delta",
      "content_block_delta 0 citations_delta",
      "content_block_stop 0",
    ]);
  });

  it("closes what a decoder left open, and numbers blocks without gaps", () => {
    const written = frames(
      [
        { type: "part-start", index: 0, part: { type: "refusal" } },
        { type: "part-start", index: 1, part: { type: "tool-call", id: "a", name: "f" } },
        { type: "tool-call-delta", index: 1, text: "{}" },
      ],
      [],
    );
    expect(shape(written).slice(1, 4)).toEqual([
      "content_block_start 0 tool_use",
      "content_block_delta 0 input_json_delta",
      "content_block_stop 0",
    ]);
  });

  it("ends in an error where the call failed, or where the answer restarted", () => {
    const failed = frames(text, new AiLibError({ code: "OVERLOADED", message: "busy" }));
    expect(failed.at(-1)).toMatchObject({
      type: "error",
      error: { type: "overloaded_error", message: "busy" },
    });
    const restarted = frames([...text, { type: "restart" }, ...text], []);
    expect(restarted.at(-1)).toMatchObject({ type: "error", error: { type: "api_error" } });
    expect(restarted).toHaveLength(4);
  });
});
