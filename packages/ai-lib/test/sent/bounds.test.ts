import { describe, expect, it } from "vitest";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { Message, UserPart } from "../../src/core/values/message.js";
import { ask, TARGETS } from "./ask.js";

const hello = { messages: [{ role: "user" as const, content: "q" }] };
const targets = Object.entries(TARGETS);

/** The sequences that end the answer, in the words of any dialect. */
function stopsOf(body: any): readonly string[] | undefined {
  return (
    body.stop ??
    body.stop_sequences ??
    body.generationConfig?.stopSequences ??
    body.inferenceConfig?.stopSequences ??
    body.options?.stop
  );
}

describe.each(targets)("sequences that end an answer of %s", (dialect, spec) => {
  const has = dialect !== "openai-responses";
  it("are left out if they are empty, with a warning", async () => {
    const mixed = await ask(spec, { ...hello, stop: ["", "END"] });
    expect(stopsOf(mixed.sent[0]?.body)).toEqual(has ? ["END"] : undefined);
    const empty = await ask(spec, { ...hello, stop: [""] });
    expect(stopsOf(empty.sent[0]?.body)).toBeUndefined();
    for (const { response } of [mixed, empty])
      expect(response?.warnings).toContainEqual(expect.objectContaining({ field: "stop" }));
  });

  it("are no more than it takes", async () => {
    const most: Readonly<Record<string, number>> = { "openai-chat": 4, gemini: 5, "cohere-chat": 5 };
    const stop = [..."abcdefghi"];
    const { sent, response } = await ask(spec, { ...hello, stop });
    expect(stopsOf(sent[0]?.body)).toEqual(has ? stop.slice(0, most[dialect] ?? stop.length) : undefined);
    const cut = !has || most[dialect] !== undefined;
    expect(response?.warnings.some(({ field }) => field === "stop")).toBe(cut);
  });

  it("are no field if there are none", async () => {
    const { sent } = await ask(spec, { ...hello, stop: [] });
    expect(stopsOf(sent[0]?.body)).toBeUndefined();
  });
});

describe.each(targets)("a number that no vendor takes, to %s", (_, spec) => {
  it.each<Partial<ChatRequest>>([
    { topP: 1.1 },
    { topP: -0.1 },
    { temperature: -1 },
    { presencePenalty: 2.5 },
    { frequencyPenalty: -3 },
    { topP: Number.NaN },
  ])("is refused with its field: %j", async (fields) => {
    const { sent, error } = await ask(spec, { ...hello, ...fields });
    expect(sent).toEqual([]);
    expect(error).toMatchObject({ code: "INVALID_REQUEST" });
    expect(error?.message).toContain(`\`${Object.keys(fields)[0]}\` must be`);
  });
});

describe.each(targets)("a file to %s", (dialect, spec) => {
  const asking = (part: UserPart): ChatRequest => ({
    messages: [{ role: "user", content: [{ type: "text", text: "what is it?" }, part] }],
  });
  it.each([
    ["video/mp4", ["gemini"]],
    ["audio/mpeg", ["gemini"]],
  ])("is refused if it is %s and no model reads that", async (mediaType, takers) => {
    const part = { type: "file", data: "aGk=", mediaType, name: "a" } as const;
    for (const request of [asking(part), inResult(part)]) {
      const { sent, error } = await ask(spec, request);
      if (takers.includes(dialect)) {
        expect(sent).toHaveLength(1);
        continue;
      }
      // Bedrock has blocks for videos and for sound.
      if (dialect === "bedrock-converse" && sent.length > 0) {
        expect(JSON.stringify(sent[0]?.body)).toMatch(/"(video|audio)":/);
        continue;
      }
      expect(sent).toEqual([]);
      expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
      expect(error?.message).toMatch(/messages\.\d/);
    }
  });
});

function inResult(part: UserPart): ChatRequest {
  return {
    messages: [
      { role: "user", content: "q" },
      { role: "assistant", content: [{ type: "tool-call", id: "c", name: "f", arguments: {} }] },
      { role: "tool", content: [{ type: "tool-result", id: "c", name: "f", content: [part] }] },
    ],
    tools: [{ type: "function", name: "f", parameters: { type: "object", properties: {} } }],
  };
}

describe.each(targets)("a turn of the user to %s", (dialect, spec) => {
  it("that is a text file alone is no empty turn", async () => {
    const part = { type: "file", data: "aGk=", mediaType: "text/plain", name: "a.txt" } as const;
    const { sent, error } = await ask(spec, { messages: [{ role: "user", content: [part] }] });
    if (dialect === "ollama-chat") expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    else expect(JSON.stringify(sent[0]?.body)).not.toMatch(/"(content|parts)":(\[\]|"")/);
  });

  it.each<[string, Message["content"]]>([
    ["text", " \n"],
    ["parts", [{ type: "text", text: " " }]],
  ])("that is blank %s at the end is refused by Claude in words that say so", async (_, content) => {
    const messages = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
      { role: "user", content },
    ] as Message[];
    const { sent, error } = await ask(spec, { messages });
    if (dialect !== "anthropic-messages" && dialect !== "bedrock-converse") {
      expect(sent).toHaveLength(1);
      return;
    }
    expect(sent).toEqual([]);
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    expect(error?.message).toContain("`messages.2`: it is blank");
  });

  it("that is blank behind results of tools goes without it", async () => {
    const { messages, tools } = inResult({ type: "text", text: "r" } as never);
    const { sent } = await ask(spec, { messages: [...messages, { role: "user", content: " " }], tools });
    expect(sent).toHaveLength(1);
  });
});

it.each(["openai/gpt-4.1", "openai-responses/gpt-4.1"])(
  "metadata of %s are texts within its limits",
  async (spec) => {
    const metadata = {
      long: "v".repeat(600),
      number: 5,
      ["k".repeat(65)]: "x",
      ...Object.fromEntries([...Array(20).keys()].map((i) => [`k${i}`, "v"])),
    };
    const { sent, response } = await ask(spec, { ...hello, metadata, store: true });
    const written = sent[0]?.body.metadata as Record<string, unknown>;
    expect(Object.keys(written)).toHaveLength(16);
    expect(written).toMatchObject({ long: "v".repeat(512), number: "5" });
    const warned = response?.warnings.map(({ field }) => field);
    expect(warned).toEqual(expect.arrayContaining(["metadata.long", "metadata.number", "metadata.k19"]));
  },
);

it("more tools than OpenAI takes are refused", async () => {
  const tools = [...Array(129).keys()].map((i) => ({
    type: "function" as const,
    name: `f${i}`,
    parameters: { type: "object", properties: {} },
  }));
  const { sent, error } = await ask("openai/gpt-4.1", { ...hello, tools });
  expect(sent).toEqual([]);
  expect(error).toMatchObject({
    code: "UNSUPPORTED_FEATURE",
    message: expect.stringContaining("at most 128"),
  });
  expect((await ask("openai/gpt-4.1", { ...hello, tools: tools.slice(1) })).sent).toHaveLength(1);
});
