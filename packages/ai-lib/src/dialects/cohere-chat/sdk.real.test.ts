import { CohereClient, CohereClientV2, CohereError } from "cohere-ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ChatRequest } from "../../core/values/chat-request.js";
import { type SimulatedAnswer, type Simulator, startSimulator } from "../../testing/index.js";

let simulator: Simulator;
let answer: SimulatedAnswer = { content: [] };
let asked: ChatRequest | undefined;

beforeAll(async () => {
  simulator = await startSimulator({
    models: ["command-x"],
    answer: (request) => {
      asked = request;
      return answer;
    },
  });
});
afterAll(() => simulator.close());

function sdk(place: string): CohereClientV2 {
  return new CohereClientV2({ token: "k", environment: simulator.baseUrl(place, "cohere-chat") });
}

const hi = { model: "command-x", messages: [{ role: "user" as const, content: "Hi" }] };

const rich: SimulatedAnswer = {
  content: [
    { type: "reasoning", text: "I will look.", origin: { family: "cohere", data: { field: "tool_plan" } } },
    { type: "reasoning", text: "Hm." },
    { type: "text", text: "Sunny" },
    { type: "source", documentId: "d1", quote: "It is sunny.", cites: { index: 2, start: 0, end: 5 } },
    { type: "tool-call", id: "w_1", name: "weather", arguments: { city: "Oslo" } },
  ],
  finishReason: "tool-calls",
};

const citation = {
  start: 0,
  end: 5,
  text: "Sunny",
  type: "TEXT_CONTENT",
  contentIndex: 1,
  sources: [{ type: "document", id: "d1", document: { id: "d1", text: "It is sunny." } }],
};

describe("Cohere's own client, talking to the server half", () => {
  it("reads a plain answer, and is understood in whatever it asks", async () => {
    answer = { content: [{ type: "text", text: "Hello" }] };
    const reply = await sdk("plain").chat({
      model: "command-x",
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", imageUrl: { url: "data:image/png;base64,aGk=" } },
          ],
        },
        {
          role: "assistant",
          toolPlan: "I will look.",
          toolCalls: [{ id: "f_1", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
        },
        { role: "tool", toolCallId: "f_1", content: "done" },
      ],
      tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }],
      toolChoice: "REQUIRED",
      strictTools: true,
      p: 0.5,
      k: 3,
      stopSequences: ["x"],
      thinking: { type: "enabled", tokenBudget: 5 },
      documents: [{ data: { text: "t" } }],
    });
    expect(reply).toMatchObject({
      finishReason: "COMPLETE",
      message: { content: [{ type: "text", text: "Hello" }] },
    });
    expect(asked).toMatchObject({
      topP: 0.5,
      topK: 3,
      stop: ["x"],
      toolChoice: "required",
      reasoning: { budgetTokens: 5 },
      tools: [{ name: "f", strict: true }],
      extensions: { "cohere-chat": { documents: [{ data: { text: "t" } }] } },
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", data: "aGk=", mediaType: "image/png" },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "I will look." },
            { type: "tool-call", id: "f_1", name: "f", arguments: { a: 1 } },
          ],
        },
        { role: "tool", content: [{ type: "tool-result", id: "f_1", content: "done" }] },
      ],
    });
  });

  it("reads plans, thinking, citations and calls", async () => {
    answer = rich;
    const { message, finishReason } = await sdk("rich").chat(hi);
    expect(finishReason).toBe("TOOL_CALL");
    expect(message).toMatchObject({
      toolPlan: "I will look.",
      content: [
        { type: "thinking", thinking: "Hm." },
        { type: "text", text: "Sunny" },
      ],
      citations: [citation],
      toolCalls: [
        { id: "w_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } },
      ],
    });
  });

  it("reads the same from a stream", async () => {
    answer = rich;
    const read = { plan: "", thinking: "", text: "", given: "", citations: [] as unknown[], finish: "" };
    for await (const event of await sdk("stream").chatStream(hi)) {
      if (event.type === "tool-plan-delta") read.plan += event.delta?.message?.toolPlan ?? "";
      else if (event.type === "content-delta") {
        read.thinking += event.delta?.message?.content?.thinking ?? "";
        read.text += event.delta?.message?.content?.text ?? "";
      } else if (event.type === "tool-call-delta")
        read.given += event.delta?.message?.toolCalls?.function?.arguments ?? "";
      else if (event.type === "citation-start") read.citations.push(event.delta?.message?.citations);
      else if (event.type === "message-end") read.finish = event.delta?.finishReason ?? "";
    }
    expect(read).toMatchObject({
      plan: "I will look.",
      thinking: "Hm.",
      text: "Sunny",
      given: '{"city":"Oslo"}',
      citations: [citation],
      finish: "TOOL_CALL",
    });
  });

  it.each([
    [401, "UnauthorizedError"],
    [404, "NotFoundError"],
    [429, "TooManyRequestsError"],
    [503, "ServiceUnavailableError"],
  ])("raises its own class of error for %i", async (status, name) => {
    simulator.script("failing", [{ status }]);
    const error: unknown = await sdk("failing")
      .chat(hi, { maxRetries: 0 })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CohereError);
    expect(error).toMatchObject({ name, statusCode: status });
  });

  it("lists models", async () => {
    const environment = simulator.baseUrl("models", "cohere-chat");
    const { models } = await new CohereClient({ token: "k", environment }).models.list();
    expect(models.map(({ name }) => name)).toEqual(["command-x"]);
  });
});
