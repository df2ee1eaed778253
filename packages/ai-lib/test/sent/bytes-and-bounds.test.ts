import { describe, expect, it } from "vitest";
import type { UserPart } from "../../src/core/values/message.js";
import { ask, TARGETS } from "./ask.js";

const asking = (part: UserPart) => ({
  messages: [{ role: "user" as const, content: [part, { type: "text" as const, text: "what is this?" }] }],
});
const hello = { messages: [{ role: "user" as const, content: "q" }] };

describe.each(Object.entries(TARGETS))("bytes of a picture to %s", (_, spec) => {
  it.each([
    ["a data: URI", "data:image/png;base64,iVBORw0K/+8="],
    ["the alphabet of URLs", "iVBORw0K_-8="],
    ["lines", "iVBO\r\nRw0K\n/+8="],
  ])("may be written as %s", async (_written, data) => {
    const plain = await ask(spec, asking({ type: "image", data: "iVBORw0K/+8=", mediaType: "image/png" }));
    const { sent, error } = await ask(spec, asking({ type: "image", data, mediaType: "image/png" }));
    expect(error).toBeUndefined();
    expect(sent[0]?.body).toEqual(plain.sent[0]?.body);
  });
});

describe("the name of an answer's schema", () => {
  const format = { type: "json-schema" as const, schema: { type: "object", properties: {} } };
  it.each(["openai-chat", "openai-responses", "mistral-chat", "bedrock-converse"] as const)(
    "is one that %s takes",
    async (dialect) => {
      for (const name of ["My Report.v1", "отчёт", "x".repeat(80), ""]) {
        const { sent, response } = await ask(TARGETS[dialect], {
          ...hello,
          responseFormat: { ...format, name },
        });
        const { body } = sent[0] ?? {};
        const written =
          body.response_format?.json_schema ??
          body.text?.format ??
          body.outputConfig?.textFormat?.structure.jsonSchema;
        expect(written.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        if (name !== "")
          expect(response?.warnings).toContainEqual(
            expect.objectContaining({ field: "responseFormat.name" }),
          );
      }
    },
  );
});

describe("a medium that is too large", () => {
  const bytes = (size: number) => "A".repeat(Math.ceil((size * 4) / 3 / 4) * 4);
  it.each([
    ["bedrock/us.meta.llama4-maverick-17b-instruct-v1:0", "application/pdf", 5_000_000],
    ["bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "text/plain", 5_000_000],
    ["google/gemini-2.5-flash", "application/pdf", 53_000_000],
    ["openai-responses/gpt-4.1", "application/pdf", 53_000_000],
    ["openai/gpt-4.1", "application/pdf", 53_000_000],
    ["anthropic/claude-sonnet-4-5", "application/pdf", 26_000_000],
    ["bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "image/png", 4_200_000],
  ])("is refused for %s if it is %s of %i bytes", async (spec, mediaType, size) => {
    const { sent, error } = await ask(
      spec,
      asking({ type: "file", data: bytes(size), mediaType, name: "a" }),
    );
    expect(sent).toEqual([]);
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
    expect(error?.message).toContain("`messages.0.content.0`: it has");
  });

  it("is sent if the vendor takes it", async () => {
    const part = { type: "file", data: bytes(5_000_000), mediaType: "application/pdf", name: "a" } as const;
    expect((await ask(TARGETS["bedrock-converse"], asking(part))).sent).toHaveLength(1);
  });
});

it.each([
  ["google/gemini-2.5-flash", { temperature: 3, logprobs: 30 }, { temperature: 2, logprobs: 20 }],
  ["mistral/mistral-large-latest", { temperature: 3 }, { temperature: 1.5 }],
  ["anthropic/claude-sonnet-4-5", { temperature: 3 }, { temperature: 1 }],
  ["openai/gpt-4.1", { temperature: 3, logprobs: 30 }, { temperature: 2, top_logprobs: 20 }],
  ["openai-responses/gpt-4.1", { temperature: 3, logprobs: 30 }, { temperature: 2, top_logprobs: 20 }],
])("%s gets numbers within its bounds, with warnings", async (spec, given, expected) => {
  const { sent, response } = await ask(spec, { ...hello, ...given });
  const { body } = sent[0] ?? {};
  expect(body.generationConfig ?? body).toMatchObject(expected);
  for (const field of Object.keys(given))
    expect(response?.warnings).toContainEqual(expect.objectContaining({ code: "changed", field }));
});

it("instructions at the end leave the start of an answer marked as one for Mistral", async () => {
  const { sent } = await ask("mistral/mistral-large-latest", {
    messages: [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
      { role: "system", content: "s" },
    ],
  });
  expect(sent[0]?.body.messages.at(-1)).toMatchObject({ role: "assistant", prefix: true });
});
