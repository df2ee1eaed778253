import { Mistral } from "@mistralai/mistralai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ChatRequest } from "../../core/values/chat-request.js";
import { type SimulatedAnswer, type Simulator, startSimulator } from "../../testing/index.js";

let simulator: Simulator;
let answer: SimulatedAnswer = { content: [] };
let asked: ChatRequest | undefined;

beforeAll(async () => {
  simulator = await startSimulator({
    models: ["mistral-x"],
    answer: (request) => {
      asked = request;
      return answer;
    },
  });
});
afterAll(() => simulator.close());

function sdk(place: string): Mistral {
  return new Mistral({
    apiKey: "k",
    serverURL: simulator.baseUrl(place, "mistral-chat"),
    retryConfig: { strategy: "none" },
  });
}

const hi = { model: "mistral-x", messages: [{ role: "user" as const, content: "Hi" }] };

const rich: SimulatedAnswer = {
  content: [
    { type: "reasoning", text: "Look it up." },
    { type: "text", text: "Sunny" },
    { type: "source", documentId: "3" },
    { type: "tool-call", id: "abcdefghi", name: "weather", arguments: { city: "Oslo" } },
  ],
  finishReason: "tool-calls",
};

describe("Mistral's own client, talking to the server half", () => {
  it("reads a plain answer, and is understood in whatever it asks", async () => {
    answer = { content: [{ type: "text", text: "Hello" }] };
    const reply = await sdk("plain").chat.complete({
      ...hi,
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", imageUrl: "data:image/png;base64,aGk=" },
            { type: "document_url", documentUrl: "https://example.com/a.pdf", documentName: "a.pdf" },
          ],
        },
        { role: "assistant", toolCalls: [{ id: "abcdefghi", function: { name: "f", arguments: { a: 1 } } }] },
        { role: "tool", toolCallId: "abcdefghi", name: "f", content: "done" },
      ],
      tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }],
      toolChoice: "any",
      randomSeed: 3,
      reasoningEffort: "high",
      safePrompt: true,
    });
    expect(reply.choices[0]).toMatchObject({ finishReason: "stop", message: { content: "Hello" } });
    expect(asked).toMatchObject({
      seed: 3,
      toolChoice: "required",
      reasoning: { effort: "high" },
      extensions: { "mistral-chat": { safe_prompt: true } },
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", data: "aGk=", mediaType: "image/png" },
            { type: "file", url: "https://example.com/a.pdf", name: "a.pdf" },
          ],
        },
        {
          role: "assistant",
          content: [{ type: "tool-call", id: "abcdefghi", name: "f", arguments: { a: 1 } }],
        },
        { role: "tool", content: [{ type: "tool-result", id: "abcdefghi", name: "f", content: "done" }] },
      ],
    });
  });

  it("reads thinking, references and calls", async () => {
    answer = rich;
    const { choices } = await sdk("rich").chat.complete(hi);
    expect(choices[0]).toMatchObject({
      finishReason: "tool_calls",
      message: {
        content: [
          { type: "thinking", thinking: [{ type: "text", text: "Look it up." }], closed: true },
          { type: "text", text: "Sunny" },
          { type: "reference", referenceIds: [3] },
        ],
        toolCalls: [{ id: "abcdefghi", function: { name: "weather", arguments: '{"city":"Oslo"}' } }],
      },
    });
  });

  it("reads the same from a stream", async () => {
    answer = rich;
    let text = "";
    let given = "";
    let finish: unknown;
    for await (const { data } of await sdk("stream").chat.stream(hi)) {
      const [choice] = data.choices;
      if (typeof choice?.delta.content === "string") text += choice.delta.content;
      for (const call of choice?.delta.toolCalls ?? []) given += String(call.function.arguments);
      finish = choice?.finishReason ?? finish;
      if (data.usage !== undefined) expect(data.usage.completionTokens).toBeGreaterThan(0);
    }
    expect([text, given, finish]).toEqual(["Sunny", '{"city":"Oslo"}', "tool_calls"]);
  });

  it.each([401, 429, 503])("raises an error with the status %i", async (status) => {
    simulator.script("failing", [{ status }]);
    await expect(sdk("failing").chat.complete(hi)).rejects.toMatchObject({
      name: "SDKError",
      statusCode: status,
    });
  });

  it("lists models", async () => {
    const { data } = await sdk("models").models.list();
    expect(data?.map((model) => ("id" in model ? model.id : undefined))).toEqual(["mistral-x"]);
  });
});
