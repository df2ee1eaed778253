import fc from "fast-check";
import { expect, it } from "vitest";
import { replayBody, replayFrames, targetFor } from "../../../test/support/halves.js";
import { AiLibError } from "../../core/errors/error.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

const target = targetFor("openai");

const TYPES = [
  "response.created",
  "response.output_item.added",
  "response.output_item.done",
  "response.content_part.added",
  "response.content_part.done",
  "response.output_text.delta",
  "response.output_text.done",
  "response.output_text.annotation.added",
  "response.refusal.delta",
  "response.refusal.done",
  "response.reasoning_text.delta",
  "response.reasoning_text.done",
  "response.reasoning_summary_text.delta",
  "response.reasoning_summary_text.done",
  "response.function_call_arguments.delta",
  "response.function_call_arguments.done",
  "response.custom_tool_call_input.delta",
  "response.custom_tool_call_input.done",
  "response.code_interpreter_call_code.delta",
  "response.code_interpreter_call_code.done",
  "response.completed",
  "response.incomplete",
  "response.failed",
  "response.done",
  "error",
];

const ITEMS = [
  "message",
  "reasoning",
  "function_call",
  "custom_tool_call",
  "web_search_call",
  "code_interpreter_call",
  "image_generation_call",
  "mcp_call",
  "mcp_list_tools",
  "shell_call",
  "shell_call_output",
  "tool_search_output",
  "compaction",
  "something_new",
];

const anything = fc.jsonValue({ maxDepth: 2 });
const place = fc.oneof(fc.nat(2), fc.constantFrom(-1, 1.5, 1e9, "0", null));
const piece = fc.oneof(
  anything,
  fc.record({
    type: fc.constantFrom("output_text", "refusal", "reasoning_text", "summary_text"),
    text: anything,
    refusal: anything,
    annotations: fc.oneof(anything, fc.array(anything)),
    logprobs: fc.oneof(anything, fc.array(anything)),
  }),
);
const item = fc.record({
  type: fc.oneof(fc.constantFrom(...ITEMS), anything),
  id: fc.oneof(fc.string(), anything),
  call_id: fc.oneof(fc.string(), anything),
  name: fc.oneof(fc.string(), anything),
  arguments: fc.oneof(fc.constantFrom("", "{}", '{"a":', "null"), anything),
  input: anything,
  code: anything,
  action: anything,
  result: anything,
  output: anything,
  error: anything,
  status: fc.oneof(fc.constantFrom("completed", "incomplete"), anything),
  content: fc.oneof(anything, fc.array(piece)),
  summary: fc.oneof(anything, fc.array(piece)),
  ["__proto__"]: anything,
});
const response = fc.record({
  id: anything,
  model: anything,
  status: fc.oneof(fc.constantFrom("completed", "incomplete", "failed"), anything),
  error: fc.oneof(fc.constant(null), anything),
  incomplete_details: anything,
  usage: anything,
  output: fc.oneof(anything, fc.array(fc.oneof(item, anything), { maxLength: 4 })),
});
const event = fc.record({
  type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...TYPES) }, { weight: 1, arbitrary: anything }),
  output_index: place,
  content_index: place,
  summary_index: place,
  annotation_index: place,
  item: fc.oneof(item, anything),
  part: piece,
  delta: fc.oneof(fc.string(), anything),
  text: fc.oneof(fc.string(), anything),
  arguments: fc.oneof(fc.string(), anything),
  annotation: anything,
  logprobs: anything,
  response: fc.oneof(response, anything),
});

it("ends any stream once, with an answer or a classified error", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(event, anything), { maxLength: 12 }), (events) => {
      const { outcome, events: emitted } = replayFrames(
        client,
        target,
        events.map((one) => JSON.stringify(one)),
      );
      expect(outcome).toBeDefined();
      if (outcome !== undefined && "error" in outcome) {
        // Faults of the decoder's own: an exception comes as the cause, a delta out of place as the fold's complaint.
        expect(outcome.error.cause).toBeUndefined();
        expect(outcome.error.message).not.toContain("had not begun");
      }
      const begun = emitted.flatMap((one) =>
        one.type === "part-start" || one.type === "part" ? [one.index] : [],
      );
      expect(begun).toEqual([...begun.keys()]);
    }),
    { numRuns: 300 },
  );
});

it("reads any whole reply as an answer or a classified error", () => {
  fc.assert(
    fc.property(fc.oneof(response, anything), (body) => {
      const outcome = replayBody(client, target, body);
      if ("error" in outcome) expect(outcome.error.cause).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

it("reads any error reply as a classified error", () => {
  fc.assert(
    fc.property(fc.oneof(response, anything), fc.integer({ min: 300, max: 599 }), (body, status) => {
      expect(client.error({ status, headers: {}, body: JSON.stringify(body) }, target)).toBeInstanceOf(
        AiLibError,
      );
    }),
    // Found by chance: an object that no `String` or `Number` can read.
    { examples: [[{ error: " ", status: { toString: "" } }, 300]] },
  );
});

it("reads any request body as a request or refuses it", () => {
  const body = fc.record({
    input: fc.oneof(anything, fc.array(fc.oneof(item, anything), { maxLength: 4 })),
    instructions: anything,
    tools: fc.oneof(anything, fc.array(fc.oneof(item, anything), { maxLength: 3 })),
    tool_choice: anything,
    text: fc.oneof(anything, fc.record({ format: anything })),
    reasoning: fc.oneof(anything, fc.record({ effort: anything, summary: anything })),
    include: anything,
    metadata: anything,
    store: anything,
    stream: anything,
  });
  fc.assert(
    fc.property(fc.oneof(body, anything), (one) => {
      const http = { method: "POST" as const, path: "/v1/responses", headers: {}, body: JSON.stringify(one) };
      try {
        const { request } = server.decode(http);
        client.encode(request, "unary", target);
      } catch (error) {
        expect(error).toBeInstanceOf(AiLibError);
      }
    }),
    { numRuns: 300 },
  );
});
