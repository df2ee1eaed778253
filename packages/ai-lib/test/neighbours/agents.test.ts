import { Agent, handoff, Runner, setTracingDisabled, tool } from "@openai/agents-core";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type AiLibErrorInit, type ChatEvent, type ChatProvider, failover } from "../../src/index.js";
import { agentModels } from "../../src/interop/agents/index.js";
import { scripted } from "../../src/testing/index.js";

beforeAll(() => setTracingDisabled(true));

const USAGE = { inputTokens: 10, outputTokens: 4, cachedInputTokens: 3, reasoningTokens: 1 };
const say = (text: string | readonly string[]) =>
  scripted({ name: "mine", replies: [{ text, usage: USAGE }] });
const failing = (error: AiLibErrorInit) => scripted({ name: "down", replies: [{ error }] });

const call = (name: string, args: string): ChatEvent[] => [
  { type: "part-start", index: 0, part: { type: "reasoning" } },
  { type: "reasoning-delta", index: 0, text: "Look it up" },
  { type: "part-end", index: 0, origin: { family: "anthropic", data: { signature: "s1" } } },
  { type: "part-start", index: 1, part: { type: "tool-call", id: "c1", name } },
  { type: "tool-call-delta", index: 1, text: args },
  { type: "part-end", index: 1 },
];

const looksUp = (name = "weather", args = '{"city":"Bern"}') =>
  scripted({
    name: "mine",
    replies: [
      { events: call(name, args), finishReason: "tool-calls", usage: USAGE },
      { text: ["22 ", "degrees"], usage: USAGE },
    ],
  });

const weather = tool({
  name: "weather",
  description: "The weather",
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `22 in ${city}`,
});

const runner = (provider: ChatProvider) =>
  new Runner({ modelProvider: agentModels(provider), tracingDisabled: true });

const agent = new Agent({ name: "helper", instructions: "Be brief", model: "auto", tools: [weather] });

describe("OpenAI Agents", () => {
  it("a run: instructions, answer, usage", async () => {
    const provider = say("Hello");
    const result = await runner(provider).run(new Agent({ name: "helper", instructions: "Be brief" }), "Hi");
    expect(result.finalOutput).toBe("Hello");
    expect(result.rawResponses[0]?.providerData?.["ai-lib"]).toMatchObject({ provider: "mine", attempts: 1 });
    expect(result.runContext.usage).toMatchObject({
      requests: 1,
      inputTokens: 10,
      outputTokens: 4,
      totalTokens: 14,
    });
    expect(provider.requests[0]?.messages).toEqual([
      { role: "system", content: "Be brief" },
      { role: "user", content: [{ type: "text", text: "Hi" }] },
    ]);
  });

  it("tools; state of the provider comes back with the next request", async () => {
    const provider = looksUp();
    const result = await runner(provider).run(agent, "Weather?");
    expect(result.finalOutput).toBe("22 degrees");
    expect(result.runContext.usage).toMatchObject({ requests: 2, inputTokens: 20 });
    expect(provider.requests[0]?.tools).toMatchObject([{ type: "function", name: "weather", strict: true }]);
    expect(provider.requests[1]?.messages.slice(2)).toMatchObject([
      {
        role: "assistant",
        content: [
          {
            type: "reasoning",
            text: "Look it up",
            origin: { family: "anthropic", data: { signature: "s1" } },
          },
          { type: "tool-call", id: "c1", arguments: { city: "Bern" } },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "c1", name: "weather", content: "22 in Bern" }] },
    ]);
  });

  it("a streamed run with tools", async () => {
    const result = await runner(looksUp()).run(agent, "Weather?", { stream: true });
    const text: string[] = [];
    const items: string[] = [];
    for await (const event of result) {
      if (event.type === "raw_model_stream_event" && event.data.type === "output_text_delta")
        text.push(event.data.delta);
      if (event.type === "run_item_stream_event") items.push(event.name);
    }
    await result.completed;
    expect(text).toEqual(["22 ", "degrees"]);
    expect(items).toEqual(["reasoning_item_created", "tool_called", "tool_output", "message_output_created"]);
    expect(result.finalOutput).toBe("22 degrees");
    expect(result.runContext.usage).toMatchObject({ requests: 2, outputTokens: 8 });
  });

  it("handoffs", async () => {
    const other = new Agent({ name: "Weather man", instructions: "Forecast" });
    const first = new Agent({ name: "first", handoffs: [handoff(other)] });
    const provider = looksUp("transfer_to_Weather_man", "{}");
    const result = await runner(provider).run(first, "Weather?");
    expect(result.finalOutput).toBe("22 degrees");
    expect(result.lastAgent?.name).toBe("Weather man");
    expect(provider.requests[0]?.tools).toMatchObject([
      { type: "function", name: "transfer_to_Weather_man" },
    ]);
    expect(provider.requests[1]?.messages[0]).toEqual({ role: "system", content: "Forecast" });
  });

  it("structured output", async () => {
    const provider = say('{"city":"Bern"}');
    const typed = new Agent({ name: "helper", outputType: z.object({ city: z.string() }) });
    expect((await runner(provider).run(typed, "Capital?")).finalOutput).toEqual({ city: "Bern" });
    expect(provider.requests[0]?.responseFormat).toMatchObject({
      type: "json-schema",
      strict: true,
      schema: { properties: { city: { type: "string" } } },
    });
  });

  it("settings, pictures and hosted tools", async () => {
    const provider = say("Hello");
    const settled = new Agent({
      name: "helper",
      model: "m",
      tools: [
        { type: "hosted_tool", name: "web_search", providerData: { type: "web_search", user_location: {} } },
      ],
      modelSettings: {
        temperature: 0.5,
        maxTokens: 9,
        toolChoice: "required",
        reasoning: { effort: "low" },
        text: { verbosity: "low" },
        providerData: { "ai-lib": { cacheKey: "k" }, safety_identifier: "u" },
      },
    });
    await runner(provider).run(settled, [
      { role: "user", content: [{ type: "input_image", image: "data:image/png;base64,iVBORw0KGgo=" }] },
    ]);
    expect(provider.requests[0]).toMatchObject({
      model: "m",
      temperature: 0.5,
      maxTokens: 9,
      toolChoice: "required",
      reasoning: { effort: "low" },
      verbosity: "low",
      cacheKey: "k",
      extensions: { openai: { safety_identifier: "u" } },
      tools: [{ type: "provider", id: "openai/web_search", options: { user_location: {} } }],
      messages: [
        { role: "user", content: [{ type: "image", data: "iVBORw0KGgo=", mediaType: "image/png" }] },
      ],
    });
  });

  it("a failover behind it", async () => {
    const down = failing({ code: "OVERLOADED", message: "no" });
    const result = await runner(failover([down, say("Hello")])).run(agent, "Hi");
    expect(result.finalOutput).toBe("Hello");
    expect(down.calls).toBe(1);
  });

  it("an error is that of ai-lib, and the SDK's retries repeat nothing", async () => {
    const down = failing({ code: "RATE_LIMIT", message: "slow down" });
    const retrying = new Agent({
      name: "helper",
      modelSettings: {
        retry: { maxRetries: 3, policy: ({ providerAdvice }) => providerAdvice?.suggested ?? true },
      },
    });
    const models = agentModels(down, { call: { maxRepeats: 0 } });
    const run = new Runner({ modelProvider: models, tracingDisabled: true }).run(retrying, "Hi");
    await expect(run).rejects.toMatchObject({ code: "RATE_LIMIT" });
    expect(down.calls).toBe(1);
  });

  it("advice says whether an answer had begun, and when to come back", async () => {
    const cut = scripted({ name: "cut", replies: [{ text: ["Hel"], cut: true }] });
    const model = agentModels(cut).getModel();
    const request = { input: "Hi", modelSettings: {}, tools: [], outputType: "text", handoffs: [] } as const;
    const read = async () => {
      for await (const event of model.getStreamedResponse(request)) void event;
    };
    const error: unknown = await read().catch((thrown: unknown) => thrown);
    expect(model.getRetryAdvice({ error })).toMatchObject({
      suggested: false,
      replaySafety: "unsafe",
      responseStarted: true,
      normalized: { errorCode: "STREAM_TRUNCATED" },
    });
    expect(model.getRetryAdvice({ error: new Error("theirs") })).toBeUndefined();
  });

  it("an abort ends the provider's call", async () => {
    const slow = scripted({ name: "slow", replies: [{ silent: true }] });
    const abort = new AbortController();
    const done = runner(slow)
      .run(agent, "Hi", { signal: abort.signal })
      .catch((error: unknown) => error);
    await expect.poll(() => slow.running).toBe(1);
    abort.abort();
    expect(await done).toBeInstanceOf(Error);
    await expect.poll(() => slow.aborted).toBe(1);
  });

  it("refuses what only OpenAI has", async () => {
    const model = agentModels(say("Hello")).getModel();
    const base = { input: "Hi", modelSettings: {}, tools: [], outputType: "text", handoffs: [] } as const;
    for (const more of [
      { prompt: { promptId: "p" } },
      { tools: [{ type: "computer", name: "c" }] },
      { input: [{ type: "computer_call", callId: "c" }] },
    ])
      await expect(model.getResponse({ ...base, ...more })).rejects.toMatchObject({
        code: "UNSUPPORTED_FEATURE",
      });
  });
});
