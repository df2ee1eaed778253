import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moderateLaws } from "../../src/core/kinds/moderate.js";
import type { ModerateInput, ModerateReply, ModerateRequest } from "../../src/core/values/moderation.js";
import { client } from "../../src/dialects/openai-chat/client/index.js";
import { server } from "../../src/dialects/openai-chat/server/index.js";
import { openAiKindServers, openAiKinds } from "../../src/dialects/shared/openai/kinds.js";

const codec = client.kinds?.moderate;
const half = server.kinds?.moderate;
if (codec === undefined || half === undefined) throw new Error("no moderation");
const target = { provider: "p", model: "m", quirks: {}, now: 0 };

const text = fc.string({ maxLength: 20 });
const part = fc.oneof(
  text.map((each) => ({ type: "text" as const, text: each })),
  fc.constant({ type: "image" as const, mediaType: "image/png", data: "aGk=" }),
  fc.webUrl().map((url) => ({ type: "image" as const, url })),
);
const parts = fc.array(part, { minLength: 1, maxLength: 3 });
const request: fc.Arbitrary<ModerateRequest> = fc.oneof(
  fc.record({ inputs: fc.array(text, { minLength: 1, maxLength: 4 }) }),
  fc.record({ inputs: parts.map((each): ModerateInput[] => [each]) }),
);
const words = fc.string({ minLength: 1, maxLength: 12 });
const verdict = fc.record({
  flagged: fc.boolean(),
  categories: fc.dictionary(words, fc.boolean(), { noNullPrototype: true }),
  scores: fc.dictionary(
    words,
    fc.integer({ min: 0, max: 8 }).map((n) => n / 8),
    { noNullPrototype: true },
  ),
});

describe("moderation of OpenAI", () => {
  it("is asked for by requests that the server half reads as they were meant", () => {
    fc.assert(
      fc.property(request, (asked) => {
        const { http, warnings } = codec.encode(asked, target);
        expect([half.matches(http), warnings]).toEqual([true, []]);
        expect(half.decode(http)).toEqual({ model: "m", ...asked });
      }),
    );
  });

  it("comes back from the server half as it was given", () => {
    const frame = { provider: "p", model: "m", id: "x", attempts: [], estimateInput: () => 0 };
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1, maxLength: 3 }), (verdicts) => {
        const reply: ModerateReply = { verdicts, id: "j1", model: "m2" };
        const response = moderateLaws.respond(reply, [], frame);
        const asked = { inputs: verdicts.map(() => "x") };
        expect(codec.decode(half.encode(response, asked), target, asked)).toEqual(reply);
      }),
    );
  });

  it("joins the texts of one input, and refuses a picture beside other inputs", () => {
    const texts = [
      { type: "text" as const, text: "a" },
      { type: "text" as const, text: "b" },
    ];
    const body = (inputs: readonly ModerateInput[]) =>
      JSON.parse(codec.encode({ inputs }, target).http.body as string).input;
    expect(body([texts, "c"])).toEqual(["a\n\nb", "c"]);
    expect(() => body([[{ type: "image", url: "http://a/b.png" }], "c"])).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE", local: true }),
    );
    expect(() => body([[{ type: "image", data: "aGk=" }]])).toThrow("a picture needs a URL");
  });

  it.each(["", "null", "[]", "{}", '{"results":[]}', '{"results":[3]}'])("is no reply: %s", (body) => {
    expect(() => codec.decode({ status: 200, headers: {}, body }, target, { inputs: ["x"] })).toThrow(
      expect.objectContaining({ code: "INVALID_RESPONSE" }),
    );
  });

  it.each(["{}", '{"input":[]}', '{"input":[1]}', '{"input":["a",{}]}', '{"input":[{"type":"text"}]}'])(
    "is no request: %s",
    (body) => {
      expect(() => half.decode({ method: "POST", path: "/moderations", headers: {}, body })).toThrow(
        expect.objectContaining({ code: "INVALID_REQUEST" }),
      );
    },
  );

  it.each([
    [{}, "`inputs` is empty"],
    [{ inputs: [[]] }, "`inputs.0` must be a text"],
    [{ inputs: [[{ type: "audio" }]] }, "`inputs.0` must be a text"],
    [{ input: "a" }, 'Unknown request field "input"'],
  ])("is refused before it is sent: %j", (asked, message) => {
    expect(() => moderateLaws.validate(asked as never)).toThrow(message);
  });
});

it("has a server's side of every kind of OpenAI's API", () => {
  expect(Object.keys(openAiKindServers)).toEqual(Object.keys(openAiKinds));
});
