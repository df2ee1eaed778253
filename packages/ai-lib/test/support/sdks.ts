import { createOpenAI } from "@ai-sdk/openai";
import { APICallError } from "@ai-sdk/provider";
import Anthropic from "@anthropic-ai/sdk";
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  ThrottlingException,
} from "@aws-sdk/client-bedrock-runtime";
import { ApiError, GoogleGenAI } from "@google/genai";
import { AIMessage, type AIMessageChunk, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { Mistral } from "@mistralai/mistralai";
import { HTTPClient } from "@mistralai/mistralai/lib/http";
import { MistralError } from "@mistralai/mistralai/models/errors";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { generateText, jsonSchema, streamText, type ToolSet, tool } from "ai";
import { CohereClientV2, CohereError } from "cohere-ai";
import Groq from "groq-sdk";
import { Ollama } from "ollama";
import OpenAI from "openai";
import type { DialectId } from "../../src/core/contract/dialect.js";

/** What each vendor's own client made of an answer, in words that all of them have. */
export interface Heard {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly city: unknown }[];
}

/** Where a client finds its server. */
export interface Place {
  /** The base URL, for clients of a dialect that shares its paths with another. */
  base(dialect?: DialectId): string;
  /** Replaces the client's own fetch. */
  readonly fetch?: typeof globalThis.fetch;
}

/** One vendor's own client, told nothing but where its server is. */
export interface Sdk {
  /** A turn of the user, with the tool where `tools` says so. */
  chat(prompt: string, tools?: boolean): Promise<Heard>;
  stream(prompt: string, tools?: boolean): AsyncIterable<string>;
  /** Tells the model what its tool found. */
  results(found: string): Promise<Heard>;
  /** The vendor's own class of the error for too many requests. */
  readonly tooMany: new (
    ...args: never[]
  ) => Error;
  /** A status on that error, where it has one. */
  status?(error: unknown): unknown;
}

function fetchOf({ fetch }: Place) {
  return fetch === undefined ? {} : { fetch };
}

const CITY = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] };
const WEATHER = { name: "weather", description: "The weather in a city", parameters: CITY };
const ID = "abcdefghi";

type OpenAiMessages = OpenAI.Chat.Completions.ChatCompletionMessageParam[];

function openAiChat(place: Place): Sdk {
  const sdk = new OpenAI({ apiKey: "k", baseURL: `${place.base()}/v1`, maxRetries: 0, ...fetchOf(place) });
  return chatCompletions(sdk, OpenAI.RateLimitError);
}

/** Groq's client has the methods of OpenAI's, and paths below `/openai`. */
function groq(place: Place): Sdk {
  const sdk = new Groq({ apiKey: "k", baseURL: place.base(), maxRetries: 0, ...fetchOf(place) });
  return chatCompletions(sdk as unknown as OpenAI, Groq.RateLimitError);
}

function chatCompletions(sdk: OpenAI, tooMany: Sdk["tooMany"]): Sdk {
  const tools = [{ type: "function" as const, function: WEATHER }];
  const ask = async (messages: OpenAiMessages, offered: boolean): Promise<Heard> => {
    const { choices } = await sdk.chat.completions.create({
      model: "m",
      messages,
      ...(offered ? { tools } : {}),
    });
    const message = choices[0]?.message;
    const calls = (message?.tool_calls ?? []).flatMap((call) =>
      call.type === "function"
        ? [{ name: call.function.name, city: JSON.parse(call.function.arguments).city }]
        : [],
    );
    return { text: message?.content ?? "", calls };
  };
  return {
    chat: (content, offered = false) => ask([{ role: "user", content }], offered),
    async *stream(content, offered = false) {
      const stream = await sdk.chat.completions.create({
        model: "m",
        stream: true,
        messages: [{ role: "user", content }],
        ...(offered ? { tools } : {}),
      });
      for await (const { choices } of stream) {
        const delta = choices[0]?.delta;
        yield delta?.content ?? delta?.tool_calls?.[0]?.function?.arguments ?? "";
      }
    },
    results: (found) =>
      ask(
        [
          { role: "user", content: "Weather?" },
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: ID, type: "function", function: { name: "weather", arguments: "{}" } }],
          },
          { role: "tool", tool_call_id: ID, content: found },
        ],
        true,
      ),
    tooMany,
    status: (error) => (error as InstanceType<typeof OpenAI.APIError>).status,
  };
}

function openAiResponses(place: Place): Sdk {
  const sdk = new OpenAI({ apiKey: "k", baseURL: `${place.base()}/v1`, maxRetries: 0, ...fetchOf(place) });
  const tools = [{ type: "function" as const, strict: false, ...WEATHER }];
  const ask = async (input: OpenAI.Responses.ResponseInput, offered: boolean): Promise<Heard> => {
    const { output, output_text } = await sdk.responses.create({
      model: "m",
      input,
      ...(offered ? { tools } : {}),
    });
    const calls = output.flatMap((item) =>
      item.type === "function_call" ? [{ name: item.name, city: JSON.parse(item.arguments).city }] : [],
    );
    return { text: output_text, calls };
  };
  return {
    chat: (content, offered = false) => ask([{ role: "user", content }], offered),
    async *stream(content, offered = false) {
      const stream = await sdk.responses.create({
        model: "m",
        stream: true,
        input: content,
        ...(offered ? { tools } : {}),
      });
      for await (const event of stream)
        if (
          event.type === "response.output_text.delta" ||
          event.type === "response.function_call_arguments.delta"
        )
          yield event.delta;
    },
    results: (found) =>
      ask(
        [
          { role: "user", content: "Weather?" },
          { type: "function_call", call_id: ID, name: "weather", arguments: "{}" },
          { type: "function_call_output", call_id: ID, output: found },
        ],
        true,
      ),
    tooMany: OpenAI.RateLimitError,
    status: (error) => (error as InstanceType<typeof OpenAI.APIError>).status,
  };
}

function anthropic(place: Place): Sdk {
  const sdk = new Anthropic({ apiKey: "k", baseURL: place.base(), maxRetries: 0, ...fetchOf(place) });
  const { parameters, ...named } = WEATHER;
  const tools = [{ ...named, input_schema: parameters }];
  const ask = async (messages: Anthropic.MessageParam[], offered: boolean): Promise<Heard> => {
    const { content } = await sdk.messages.create({
      model: "m",
      max_tokens: 1000,
      messages,
      ...(offered ? { tools } : {}),
    });
    return {
      text: content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join(""),
      calls: content.flatMap((block) =>
        block.type === "tool_use"
          ? [{ name: block.name, city: (block.input as Record<string, unknown>)["city"] }]
          : [],
      ),
    };
  };
  return {
    chat: (content, offered = false) => ask([{ role: "user", content }], offered),
    async *stream(content, offered = false) {
      const stream = sdk.messages.stream({
        model: "m",
        max_tokens: 1000,
        messages: [{ role: "user", content }],
        ...(offered ? { tools } : {}),
      });
      for await (const event of stream) {
        if (event.type !== "content_block_delta") continue;
        if (event.delta.type === "text_delta") yield event.delta.text;
        if (event.delta.type === "input_json_delta") yield event.delta.partial_json;
      }
    },
    results: (found) =>
      ask(
        [
          { role: "user", content: "Weather?" },
          { role: "assistant", content: [{ type: "tool_use", id: ID, name: "weather", input: {} }] },
          { role: "user", content: [{ type: "tool_result", tool_use_id: ID, content: found }] },
        ],
        true,
      ),
    tooMany: Anthropic.RateLimitError,
    status: (error) => (error as InstanceType<typeof Anthropic.APIError>).status,
  };
}

type Contents = Parameters<GoogleGenAI["models"]["generateContent"]>[0]["contents"];

function google(place: Place): Sdk {
  const sdk = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: place.base(), ...fetchOf(place) } });
  const { parameters, ...named } = WEATHER;
  const config = { tools: [{ functionDeclarations: [{ ...named, parametersJsonSchema: parameters }] }] };
  const ask = async (contents: Contents, offered: boolean): Promise<Heard> => {
    const reply = await sdk.models.generateContent({ model: "m", contents, ...(offered ? { config } : {}) });
    return {
      text: reply.candidates?.[0]?.content?.parts?.map((part) => part.text ?? "").join("") ?? "",
      calls: (reply.functionCalls ?? []).map(({ name, args }) => ({
        name: name ?? "",
        city: args?.["city"],
      })),
    };
  };
  return {
    chat: (prompt, offered = false) => ask(prompt, offered),
    async *stream(contents, offered = false) {
      const stream = await sdk.models.generateContentStream({
        model: "m",
        contents,
        ...(offered ? { config } : {}),
      });
      for await (const { candidates } of stream)
        for (const part of candidates?.[0]?.content?.parts ?? [])
          yield part.text ?? (part.functionCall === undefined ? "" : JSON.stringify(part.functionCall.args));
    },
    results: (found) =>
      ask(
        [
          { role: "user", parts: [{ text: "Weather?" }] },
          { role: "model", parts: [{ functionCall: { name: "weather", args: {} } }] },
          { role: "user", parts: [{ functionResponse: { name: "weather", response: { output: found } } }] },
        ],
        true,
      ),
    tooMany: ApiError,
    status: (error) => (error as ApiError).status,
  };
}

function bedrock(place: Place): Sdk {
  const sdk = new BedrockRuntimeClient({
    region: "us-east-1",
    endpoint: place.base(),
    credentials: { accessKeyId: "k", secretAccessKey: "k" },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
  const { parameters, ...named } = WEATHER;
  const toolConfig = { tools: [{ toolSpec: { ...named, inputSchema: { json: parameters } } }] };
  const ask = async (
    messages: ConstructorParameters<typeof ConverseCommand>[0]["messages"],
    offered: boolean,
  ): Promise<Heard> => {
    const command = new ConverseCommand({ modelId: "m", messages, ...(offered ? { toolConfig } : {}) });
    const { output } = await sdk.send(command);
    const content = output?.message?.content ?? [];
    return {
      text: content.map(({ text }) => text ?? "").join(""),
      calls: content.flatMap(({ toolUse }) =>
        toolUse === undefined
          ? []
          : [
              {
                name: toolUse.name ?? "",
                city: (toolUse.input as unknown as Record<string, unknown>)["city"],
              },
            ],
      ),
    };
  };
  return {
    chat: (text, offered = false) => ask([{ role: "user", content: [{ text }] }], offered),
    async *stream(text, offered = false) {
      const messages = [{ role: "user" as const, content: [{ text }] }];
      const { stream } = await sdk.send(
        new ConverseStreamCommand({ modelId: "m", messages, ...(offered ? { toolConfig } : {}) }),
      );
      for await (const { contentBlockDelta } of stream ?? [])
        yield contentBlockDelta?.delta?.text ?? contentBlockDelta?.delta?.toolUse?.input ?? "";
    },
    results: (found) =>
      ask(
        [
          { role: "user", content: [{ text: "Weather?" }] },
          { role: "assistant", content: [{ toolUse: { toolUseId: ID, name: "weather", input: {} } }] },
          {
            role: "user",
            content: [{ toolResult: { toolUseId: ID, content: [{ text: found }] } }],
          },
        ],
        true,
      ),
    tooMany: ThrottlingException,
    status: (error) => (error as ThrottlingException).$metadata.httpStatusCode,
  };
}

function mistral(place: Place): Sdk {
  const sdk = new Mistral({
    apiKey: "k",
    serverURL: place.base("mistral-chat"),
    retryConfig: { strategy: "none" },
    ...(place.fetch !== undefined && { httpClient: new HTTPClient({ fetcher: place.fetch }) }),
  });
  const tools = [{ type: "function" as const, function: WEATHER }];
  const ask = async (
    messages: Parameters<Mistral["chat"]["complete"]>[0]["messages"],
    offered: boolean,
  ): Promise<Heard> => {
    const { choices } = await sdk.chat.complete({ model: "m", messages, ...(offered ? { tools } : {}) });
    const message = choices[0]?.message;
    return {
      text: typeof message?.content === "string" ? message.content : "",
      calls: (message?.toolCalls ?? []).map(({ function: { name, arguments: given } }) => ({
        name,
        city: (typeof given === "string" ? JSON.parse(given) : given).city,
      })),
    };
  };
  return {
    chat: (content, offered = false) => ask([{ role: "user", content }], offered),
    async *stream(content, offered = false) {
      const stream = await sdk.chat.stream({
        model: "m",
        messages: [{ role: "user", content }],
        ...(offered ? { tools } : {}),
      });
      for await (const { data } of stream) {
        const delta = data.choices[0]?.delta;
        const given = delta?.toolCalls?.[0]?.function.arguments;
        if (typeof given === "string") yield given;
        else if (given !== undefined) yield JSON.stringify(given);
        else if (typeof delta?.content === "string") yield delta.content;
      }
    },
    results: (found) =>
      ask(
        [
          { role: "user", content: "Weather?" },
          {
            role: "assistant",
            toolCalls: [{ id: ID, function: { name: "weather", arguments: "{}" } }],
          },
          { role: "tool", toolCallId: ID, name: "weather", content: found },
        ],
        true,
      ),
    tooMany: MistralError,
    status: (error) => (error as MistralError).statusCode,
  };
}

function cohere(place: Place): Sdk {
  const sdk = new CohereClientV2({
    token: "k",
    environment: place.base("cohere-chat"),
    maxRetries: 0,
    ...fetchOf(place),
  });
  const tools = [{ type: "function" as const, function: WEATHER }];
  const ask = async (
    messages: Parameters<CohereClientV2["chat"]>[0]["messages"],
    offered: boolean,
  ): Promise<Heard> => {
    const { message } = await sdk.chat({ model: "m", messages, ...(offered ? { tools } : {}) });
    return {
      text: (message.content ?? []).map((block) => (block.type === "text" ? block.text : "")).join(""),
      calls: (message.toolCalls ?? []).map((call) => ({
        name: call.function?.name ?? "",
        city: JSON.parse(call.function?.arguments ?? "{}").city,
      })),
    };
  };
  return {
    chat: (content, offered = false) => ask([{ role: "user", content }], offered),
    async *stream(content, offered = false) {
      const stream = await sdk.chatStream({
        model: "m",
        messages: [{ role: "user", content }],
        ...(offered ? { tools } : {}),
      });
      for await (const event of stream) {
        if (event.type === "content-delta") yield event.delta?.message?.content?.text ?? "";
        if (event.type === "tool-call-delta")
          yield event.delta?.message?.toolCalls?.function?.arguments ?? "";
      }
    },
    results: (found) =>
      ask(
        [
          { role: "user", content: "Weather?" },
          {
            role: "assistant",
            toolCalls: [{ id: ID, type: "function", function: { name: "weather", arguments: "{}" } }],
          },
          { role: "tool", toolCallId: ID, content: found },
        ],
        true,
      ),
    tooMany: CohereError,
    status: (error) => (error as CohereError).statusCode,
  };
}

function ollama(place: Place): Sdk {
  const sdk = new Ollama({ host: place.base(), ...fetchOf(place) });
  const tools = [{ type: "function", function: WEATHER }];
  const ask = async (
    messages: { role: string; content: string; tool_name?: string }[],
    offered: boolean,
  ): Promise<Heard> => {
    const { message } = await sdk.chat({ model: "m", messages, ...(offered ? { tools } : {}) });
    return {
      text: message.content,
      calls: (message.tool_calls ?? []).map((call) => ({
        name: call.function.name,
        city: call.function.arguments["city"],
      })),
    };
  };
  return {
    chat: (content, offered = false) => ask([{ role: "user", content }], offered),
    async *stream(content, offered = false) {
      const stream = await sdk.chat({
        model: "m",
        stream: true,
        messages: [{ role: "user", content }],
        ...(offered ? { tools } : {}),
      });
      for await (const { message } of stream) {
        const [call] = message.tool_calls ?? [];
        yield call === undefined ? message.content : JSON.stringify(call.function.arguments);
      }
    },
    results: (found) =>
      ask(
        [
          { role: "user", content: "Weather?" },
          Object.assign(
            { role: "assistant", content: "" },
            { tool_calls: [{ function: { name: "weather", arguments: {} } }] },
          ),
          { role: "tool", content: found, tool_name: "weather" },
        ],
        true,
      ),
    // Its class is not exported; the name is all that tells it from any other.
    tooMany: Error,
    status: (error) =>
      (error as Error).name === "ResponseError" ? (error as { status_code?: number }).status_code : undefined,
  };
}

/** Every vendor's own client, by the name of its package. */
export const SDKS = {
  "openai (chat)": openAiChat,
  "openai (responses)": openAiResponses,
  "@anthropic-ai/sdk": anthropic,
  "@google/genai": google,
  "@aws-sdk/client-bedrock-runtime": bedrock,
  "@mistralai/mistralai": mistral,
  "cohere-ai": cohere,
  ollama,
};

/** The AI SDK with its own provider for OpenAI, by chat completions. */
function aiSdkOpenAi(place: Place): Sdk {
  const model = createOpenAI({ apiKey: "k", baseURL: `${place.base()}/v1`, ...fetchOf(place) }).chat("m");
  const tools: ToolSet = {
    weather: tool({ inputSchema: jsonSchema<{ city: string }>(CITY as never) }) as never,
  };
  const shared = { model, maxRetries: 0 };
  return {
    async chat(prompt, offered = false) {
      const { text, toolCalls } = await generateText({ ...shared, prompt, ...(offered && { tools }) });
      return {
        text,
        calls: toolCalls.map(({ toolName, input }) => ({
          name: toolName,
          city: (input as { city: string }).city,
        })),
      };
    },
    async *stream(prompt, offered = false) {
      const { fullStream } = streamText({ ...shared, prompt, onError() {}, ...(offered && { tools }) });
      for await (const part of fullStream) {
        if (part.type === "text-delta") yield part.text;
        else if (part.type === "tool-input-delta") yield part.delta;
        else if (part.type === "error") throw part.error;
      }
    },
    async results(found) {
      const { text } = await generateText({
        ...shared,
        tools,
        messages: [
          { role: "user", content: "Weather?" },
          {
            role: "assistant",
            content: [{ type: "tool-call", toolCallId: ID, toolName: "weather", input: {} }],
          },
          {
            role: "tool",
            content: [
              {
                type: "tool-result",
                toolCallId: ID,
                toolName: "weather",
                output: { type: "text", value: found },
              },
            ],
          },
        ],
      });
      return { text, calls: [] };
    },
    tooMany: APICallError,
    status: (error) => (error as APICallError).statusCode,
  };
}

/** LangChain with its own model for OpenAI, by chat completions. */
function langChainOpenAi(place: Place): Sdk {
  const model = new ChatOpenAI({
    apiKey: "k",
    model: "m",
    maxRetries: 0,
    useResponsesApi: false,
    configuration: { baseURL: `${place.base()}/v1`, ...fetchOf(place) },
  });
  const bound = model.bindTools([{ type: "function", function: WEATHER }]);
  const heard = (message: AIMessageChunk): Heard => ({
    text: message.text,
    calls: (message.tool_calls ?? []).map(({ name, args }) => ({ name, city: args["city"] })),
  });
  return {
    chat: async (prompt, offered = false) => heard(await (offered ? bound : model).invoke(prompt)),
    async *stream(prompt, offered = false) {
      for await (const chunk of await (offered ? bound : model).stream(prompt))
        yield chunk.text + (chunk.tool_call_chunks ?? []).map(({ args }) => args ?? "").join("");
    },
    results: async (found) =>
      heard(
        await bound.invoke([
          new HumanMessage("Weather?"),
          new AIMessage({ content: "", tool_calls: [{ id: ID, name: "weather", args: {} }] }),
          new ToolMessage({ content: found, tool_call_id: ID }),
        ]),
      ),
    tooMany: OpenAI.RateLimitError,
    status: (error) => (error as InstanceType<typeof OpenAI.RateLimitError>).status,
  };
}

/** Clients that take a `fetch` and whose dialect another client of {@link SDKS} speaks. */
export const MORE_SDKS = {
  "groq-sdk": groq,
  "ai with @ai-sdk/openai": aiSdkOpenAi,
  "@langchain/openai": langChainOpenAi,
};
