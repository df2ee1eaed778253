// LangChain's chat classes.

import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { ChatAnthropic } from "@langchain/anthropic";
import { ChatBedrockConverse } from "@langchain/aws";
import { ChatCohere } from "@langchain/cohere";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatMistralAI } from "@langchain/mistralai";
import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { CohereClient } from "cohere-ai";

function textOf({ content }) {
  if (typeof content === "string") return content;
  return content
    .filter(({ type }) => type === "text")
    .map(({ text }) => text)
    .join("");
}

function reasoningOf(message) {
  const blocks = Array.isArray(message.content) ? message.content : [];
  const thinking = blocks
    .map((block) =>
      block.type === "thinking"
        ? typeof block.thinking === "string"
          ? block.thinking
          : block.thinking?.map(({ text }) => text).join("")
        : (block.reasoningText?.text ?? block.reasoning),
    )
    .filter(Boolean)
    .join("");
  const { reasoning, reasoning_content } = message.additional_kwargs ?? {};
  const summary = reasoning?.summary?.map(({ text }) => text).join("");
  return thinking || summary || reasoning_content || undefined;
}

function sourcesOf(message) {
  const blocks = Array.isArray(message.content) ? message.content : [];
  const found = blocks.flatMap(({ annotations, citations }) => [
    ...(annotations ?? []),
    ...(citations ?? []),
  ]);
  const grounding =
    message.response_metadata?.groundingMetadata ?? message.additional_kwargs?.groundingMetadata;
  return [
    ...found.map((one) => one.url ?? one.source),
    ...(grounding?.groundingChunks ?? []).map(({ web }) => web.uri),
  ];
}

function adapter(make, { reasoning: thinking, method } = {}) {
  return (base) => {
    const run = async (model, messages, stream, { signal, onText } = {}) => {
      if (!stream) return model.invoke(messages, { signal });
      let whole;
      for await (const chunk of await model.stream(messages, { signal })) {
        whole = whole === undefined ? chunk : whole.concat(chunk);
        if (textOf(chunk) !== "") onText?.();
      }
      return whole;
    };
    const resultOf = (message) => {
      const { usage_metadata: usage, response_metadata: facts = {}, additional_kwargs: more = {} } = message;
      const finish = [
        facts.finish_reason,
        facts.stop_reason,
        facts.finishReason,
        facts.stopReason,
        facts.messageStop?.stopReason,
        more.stop_reason,
        facts.incomplete_details?.reason,
      ];
      return {
        text: textOf(message),
        reasoning: reasoningOf(message),
        sources: sourcesOf(message),
        refused:
          finish.some((one) => ["content_filter", "refusal", "SAFETY", "content_filtered"].includes(one)) ||
          more.refusal != null,
        usage: usage && { input: usage.input_tokens, output: usage.output_tokens },
      };
    };
    return {
      async ask(asked) {
        const content = asked.image
          ? [
              { type: "text", text: asked.prompt },
              { type: "image_url", image_url: { url: `data:image/png;base64,${asked.image}` } },
            ]
          : asked.prompt;
        const model = make(base, asked.reasoning ? thinking : {});
        const messages = [new HumanMessage({ content })];
        if (asked.schema)
          return {
            object: await model
              .withStructuredOutput({ title: "answer", ...asked.schema }, method && { method })
              .invoke(messages),
          };
        return resultOf(await run(model, messages, asked.stream, asked));
      },
      async loop({ prompt, tools, stream }) {
        const model = make(base).bindTools(
          tools.map(({ name, description, parameters }) => ({
            type: "function",
            function: { name, description, parameters },
          })),
        );
        const messages = [new HumanMessage(prompt)];
        for (let turn = 0; turn < 5; turn++) {
          const message = await run(model, messages, stream);
          if (!message.tool_calls?.length) return resultOf(message);
          messages.push(message);
          for (const { id, name, args } of message.tool_calls)
            messages.push(
              new ToolMessage({
                tool_call_id: id,
                name,
                content: tools.find((tool) => tool.name === name).run(args),
              }),
            );
        }
        throw new Error("no end");
      },
    };
  };
}

const once = { maxRetries: 0 };

export const clients = [
  {
    name: "LangChain, ChatOpenAI",
    dialect: "openai-chat",
    make: adapter(
      (base, more) =>
        new ChatOpenAI({
          ...once,
          apiKey: "k",
          model: "gpt-5.2",
          configuration: { baseURL: `${base}/v1` },
          ...more,
        }),
      { reasoning: { reasoning: { effort: "high" }, useResponsesApi: false } },
    ),
    lacks: {
      reasoning: "the class reads no reasoning of chat completions",
      citations: "the class reads no citations of chat completions",
    },
  },
  {
    name: "LangChain, ChatOpenAI with responses",
    dialect: "openai-responses",
    make: adapter(
      (base, more) =>
        new ChatOpenAI({
          ...once,
          apiKey: "k",
          model: "gpt-5.2",
          useResponsesApi: true,
          configuration: { baseURL: `${base}/v1` },
          ...more,
        }),
      { reasoning: { reasoning: { effort: "high", summary: "auto" } } },
    ),
  },
  {
    name: "LangChain, ChatAnthropic",
    dialect: "anthropic-messages",
    make: adapter(
      (base, more) =>
        new ChatAnthropic({
          ...once,
          apiKey: "k",
          model: "claude-sonnet-4-5",
          maxTokens: 4_000,
          anthropicApiUrl: base,
          ...more,
        }),
      { reasoning: { thinking: { type: "enabled", budget_tokens: 2_000 } } },
    ),
    lacks: {
      citations: "the class drops citations of a plain text",
      usage:
        "the class counts the input at the start of a stream, which is an estimate over vendors that count at the end",
    },
  },
  {
    name: "LangChain, ChatGoogleGenerativeAI",
    dialect: "gemini",
    make: adapter(
      (base, more) =>
        new ChatGoogleGenerativeAI({ ...once, apiKey: "k", model: "gemini-2.5-pro", baseUrl: base, ...more }),
      { reasoning: { thinkingConfig: { includeThoughts: true, thinkingBudget: 2_000 } } },
    ),
    lacks: { faults: "the class ignores an error in a stream" },
  },
  {
    name: "LangChain, ChatMistralAI",
    dialect: "mistral-chat",
    route: "mistral-chat",
    make: adapter(
      (base, more) =>
        new ChatMistralAI({ ...once, apiKey: "k", model: "mistral-medium-latest", serverURL: base, ...more }),
    ),
    lacks: {
      reasoning: "the class asks for no reasoning",
      abort: "the class does not pass the signal on",
      "opaque state": "the class replaces ids of calls that do not have Mistral's form",
      citations: "references have no URL in Mistral's API",
      refusals: "Mistral's API has no refusal; the text says no",
    },
  },
  {
    name: "LangChain, ChatCohere",
    dialect: "cohere-chat",
    make: adapter(
      (base, more) =>
        new ChatCohere({
          ...once,
          model: "command-a",
          client: new CohereClient({ token: "k", environment: base }),
          ...more,
        }),
    ),
    lacks: Object.fromEntries(
      [
        "unary",
        "stream",
        "usage",
        "tool loop",
        "parallel tools",
        "opaque state",
        "structured output",
        "pictures",
        "reasoning",
        "citations",
        "refusals",
        "faults",
        "abort",
      ].map((feature) => [feature, "the class speaks version 1 of Cohere's API"]),
    ),
  },
  {
    name: "LangChain, ChatOllama",
    dialect: "ollama-chat",
    make: adapter((base, more) => new ChatOllama({ ...once, model: "m", baseUrl: base, ...more }), {
      reasoning: { think: true },
    }),
    lacks: {
      abort: "the class does not pass the signal on",
      "opaque state": "the class replaces ids of calls",
      citations: "Ollama's API has no citations",
      refusals: "Ollama's API has no refusal; the text says no",
    },
  },
  {
    name: "LangChain, ChatBedrockConverse",
    dialect: "bedrock-converse",
    make: adapter(
      (base, more) =>
        new ChatBedrockConverse({
          ...once,
          model: "anthropic.claude-sonnet-4-5-20250929-v1:0",
          region: "us-east-1",
          client: new BedrockRuntimeClient({
            region: "us-east-1",
            endpoint: base,
            token: { token: "k" },
            authSchemePreference: ["httpBearerAuth"],
            maxAttempts: 1,
            requestHandler: new NodeHttpHandler(),
          }),
          ...more,
        }),
      {
        reasoning: { additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2_000 } } },
      },
    ),
    lacks: { citations: "the class reads no citations" },
  },
];
