// Vercel's AI SDK, in each major version that is installed, with its providers.
import { z } from "zod";

const MAJORS = { 5: "-5", 6: "", 7: "" };
const next = process.argv.includes("--next");

/** How each provider package makes a model. */
const PROVIDERS = [
  {
    name: "openai, responses",
    packageName: "@ai-sdk/openai",
    dialect: "openai-responses",
    model: ({ createOpenAI }, base) =>
      createOpenAI({ apiKey: "k", baseURL: `${base}/v1` }).responses("gpt-5.2"),
    options: {
      openai: {
        store: false,
        reasoningSummary: "auto",
        reasoningEffort: "high",
        include: ["reasoning.encrypted_content"],
      },
    },
    always: { openai: { store: false } },
    lacksIn: {
      5: {
        "refusals over anthropic-messages": "the provider's schema has no refusals",
        "refusals over openai-chat": "the provider's schema has no refusals",
      },
    },
  },
  {
    // The default: OpenAI keeps the items, and the provider refers to them.
    name: "openai, responses, stored",
    packageName: "@ai-sdk/openai",
    dialect: "openai-responses",
    model: ({ createOpenAI }, base) =>
      createOpenAI({ apiKey: "k", baseURL: `${base}/v1` }).responses("gpt-5.2"),
    options: { openai: { reasoningSummary: "auto", reasoningEffort: "high" } },
    lacksIn: {
      5: {
        "refusals over anthropic-messages": "the provider's schema has no refusals",
        "refusals over openai-chat": "the provider's schema has no refusals",
      },
    },
  },
  {
    name: "openai, chat",
    packageName: "@ai-sdk/openai",
    dialect: "openai-chat",
    model: ({ createOpenAI }, base) => createOpenAI({ apiKey: "k", baseURL: `${base}/v1` }).chat("gpt-5.2"),
    options: { openai: { reasoningEffort: "high" } },
    lacks: {
      reasoning: "the provider reads no reasoning of chat completions",
      refusals: "the provider shows no refusals",
    },
  },
  {
    name: "openai-compatible",
    packageName: "@ai-sdk/openai-compatible",
    dialect: "openai-chat",
    model: ({ createOpenAICompatible }, base) =>
      createOpenAICompatible({
        name: "house",
        apiKey: "k",
        baseURL: `${base}/v1`,
        includeUsage: true,
        supportsStructuredOutputs: true,
      })("m"),
    options: { house: { reasoningEffort: "high" } },
    lacks: { citations: "the provider reads no citations" },
  },
  {
    name: "open-responses",
    packageName: "@ai-sdk/open-responses",
    dialect: "openai-responses",
    since: 6,
    model: ({ createOpenResponses }, base) =>
      createOpenResponses({ name: "house", apiKey: "k", url: `${base}/v1/responses` })("m"),
    options: { house: { reasoningEffort: "high", reasoningSummary: "auto" } },
    lacks: {
      citations: "the provider reads no citations",
      reasoning: "the provider reads no summaries of a whole answer",
      "refusals over anthropic-messages": "the provider fails on a refusal",
      "refusals over openai-chat": "the provider fails on a refusal",
    },
  },
  {
    name: "anthropic",
    packageName: "@ai-sdk/anthropic",
    dialect: "anthropic-messages",
    model: ({ createAnthropic }, base) =>
      createAnthropic({ apiKey: "k", baseURL: `${base}/v1` })("claude-opus-4-6"),
    options: { anthropic: { thinking: { type: "enabled", budgetTokens: 2_000 } } },
    lacksIn: { 5: { citations: "the provider reads citations of documents alone" } },
  },
  {
    name: "google",
    packageName: "@ai-sdk/google",
    dialect: "gemini",
    model: ({ createGoogleGenerativeAI }, base) =>
      createGoogleGenerativeAI({ apiKey: "k", baseURL: `${base}/v1beta` })("gemini-3-pro-preview"),
    options: { google: { thinkingConfig: { includeThoughts: true, thinkingBudget: 2_000 } } },
  },
  {
    name: "mistral",
    packageName: "@ai-sdk/mistral",
    dialect: "mistral-chat",
    route: "mistral-chat",
    model: ({ createMistral }, base) =>
      createMistral({ apiKey: "k", baseURL: `${base}/v1` })("mistral-medium-latest"),
    options: { mistral: { reasoningEffort: "high" } },
    lacksIn: { 5: { reasoning: "the provider asks for no reasoning" } },
    lacks: {
      citations: "references have no URL in Mistral's API",
      refusals: "Mistral's API has no refusal; the text says no",
    },
  },
  {
    name: "cohere",
    packageName: "@ai-sdk/cohere",
    dialect: "cohere-chat",
    model: ({ createCohere }, base) => createCohere({ apiKey: "k", baseURL: `${base}/v2` })("command-a"),
    options: { cohere: { thinking: { type: "enabled" } } },
    lacks: {
      refusals: "Cohere's API has no refusal; the text says no",
      citations: "the provider shows citations without their URL",
    },
  },
  {
    name: "bedrock",
    packageName: "@ai-sdk/amazon-bedrock",
    dialect: "bedrock-converse",
    model: ({ createAmazonBedrock }, base) =>
      createAmazonBedrock({ apiKey: "k", region: "us-east-1", baseURL: base })(
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
      ),
    options: { bedrock: { reasoningConfig: { type: "enabled", budgetTokens: 2_000 } } },
    lacks: { citations: "the provider reads no citations of answers" },
    lacksIn: {
      5: Object.fromEntries(
        ["tool loop", "parallel tools", "opaque state"].map((feature) => [
          feature,
          "in a stream, the provider demands an input at the start of a call, which Bedrock does not send",
        ]),
      ),
    },
  },
];

function adapter(ai, { model: make, options, always }, module, major) {
  return (base) => {
    const model = make(module, base);
    const common = { model, maxRetries: 0, ...(always && { providerOptions: always }) };
    const result = async (answer, failure) => {
      const usage = await answer.totalUsage;
      if ((await answer.finishReason) === "error") throw new Error("the finish reason is error");
      return {
        text: await answer.text,
        reasoning: (await answer.reasoningText) || undefined,
        sources: (await answer.sources).map(({ url }) => url),
        refused: (await answer.finishReason) === "content-filter",
        usage: { input: usage.inputTokens, output: usage.outputTokens },
        failure,
      };
    };
    const run = async (settings, stream, onText) => {
      if (!stream) return result(await ai.generateText(settings));
      const answer = ai.streamText({ ...settings, onError() {} });
      for await (const piece of answer.fullStream) {
        if (piece.type === "error") throw piece.error;
        if (piece.type === "abort") throw new Error("aborted");
        if (piece.type === "text-delta") onText?.();
      }
      return result(answer);
    };
    return {
      async ask({ prompt, stream, schema, image, reasoning, signal, onText }) {
        const settings = { ...common, abortSignal: signal, ...(reasoning && { providerOptions: options }) };
        if (image) {
          const picture =
            major < 7
              ? { type: "image", image, mediaType: "image/png" }
              : { type: "file", data: image, mediaType: "image/png" };
          settings.messages = [{ role: "user", content: [{ type: "text", text: prompt }, picture] }];
        } else settings.prompt = prompt;
        if (!schema) return run(settings, stream, onText);
        const shape = z.object({ city: z.string(), people: z.number().int() });
        if (major < 7) return { object: (await ai.generateObject({ ...settings, schema: shape })).object };
        return {
          object: (await ai.generateText({ ...settings, output: ai.Output.object({ schema: shape }) }))
            .output,
        };
      },
      loop({ prompt, tools, stream }) {
        const offered = Object.fromEntries(
          tools.map(({ name, description, run: execute }) => [
            name,
            ai.tool({ description, inputSchema: z.object({ city: z.string() }), execute }),
          ]),
        );
        return run(
          { ...common, prompt, tools: offered, stopWhen: (ai.isStepCount ?? ai.stepCountIs)(5) },
          stream,
        );
      },
    };
  };
}

const load = (name) => import(name);

export const clients = [];
for (const major of next ? [7] : [5, 6]) {
  const ai = await load(`ai${MAJORS[major]}`);
  for (const provider of PROVIDERS) {
    if (major < (provider.since ?? 0)) continue;
    const module = await load(`${provider.packageName}${MAJORS[major]}`);
    clients.push({
      name: `AI SDK ${major}, ${provider.name}`,
      dialect: provider.dialect,
      route: provider.route,
      lacks: { ...provider.lacks, ...provider.lacksIn?.[major] },
      make: adapter(ai, provider, module, major),
    });
  }
}
