import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type {
  BaseLanguageModelInput,
  StructuredOutputMethodOptions,
} from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BaseChatModelParams,
  type BindToolsInput,
  type LangSmithParams,
} from "@langchain/core/language_models/chat_models";
import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import type { ModelProfile } from "@langchain/core/language_models/profile";
import {
  assembleStructuredOutputPipeline,
  createContentParser,
  createFunctionCallingParser,
} from "@langchain/core/language_models/structured_output";
import { AIMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk, ChatResult } from "@langchain/core/outputs";
import { type Runnable, RunnableLambda } from "@langchain/core/runnables";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import type { CallOptions } from "../../core/contract/call.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import { requireProvider } from "../../core/contract/require-provider.js";
import { AiLibError, configError } from "../../core/errors/error.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import { isObject, type JsonObject } from "../../core/values/json.js";
import { thrownError } from "./errors.js";
import { readMessages } from "./read-messages.js";
import { ChunkWriter, EventWriter } from "./stream.js";
import { readFormat, readTool, readToolChoice } from "./tools.js";
import { messageFields } from "./write-message.js";

/** Fields of a request that apply to every call of a model. */
export type ChatAiLibDefaults = Omit<
  ChatRequest,
  "messages" | "model" | "tools" | "toolChoice" | "responseFormat"
>;

/** Fields of {@link ChatAiLib}. */
export interface ChatAiLibFields extends BaseChatModelParams {
  /** What answers: a provider, a strategy, a client. */
  readonly provider: ChatProvider;
  /** The model to request. Default: that of the provider that answers. */
  readonly model?: string | undefined;
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
  /** Other fields of every request, such as `reasoning`, `cacheKey` and `extensions`. */
  readonly request?: ChatAiLibDefaults | undefined;
  /** Options of every call: `timeouts`, `observer`, `prices`, and so on. LangChain's own `signal` also ends a call. */
  readonly call?: CallOptions | undefined;
}

/** Options of one call of {@link ChatAiLib}. */
export interface ChatAiLibCallOptions extends BaseChatModelCallOptions {
  readonly tools?: readonly BindToolsInput[] | undefined;
  /** OpenAI's form of a response format: `withStructuredOutput` sets it. */
  readonly response_format?: object | undefined;
  /** Fields of this request. They override those of the model. */
  readonly request?: ChatAiLibDefaults | undefined;
}

/**
 * A provider as a chat model of LangChain: for `invoke`, `stream`, `streamEvents`, `batch`, agents and graphs. It has
 * tools, structured output, usage and `profile`, and streams by LangChain's newest protocol and by the older one.
 *
 * LangChain does not retry: ai-lib repeats and fails over by itself. `response_metadata.ai_lib` of an answer has the
 * provider that answered, the cost and the number of attempts. Opaque state, such as signed thinking, is there too, and
 * returns with the message.
 *
 * @example
 * const model = new ChatAiLib({ provider: failover([provider("groq"), provider("anthropic")]) });
 * // const agent = createAgent({ model, tools });
 */
export class ChatAiLib extends BaseChatModel<ChatAiLibCallOptions> {
  static override lc_name(): string {
    return "ChatAiLib";
  }

  /** Providers hold connections and keys, which cannot be stored. */
  override lc_serializable = false;
  readonly provider: ChatProvider;
  readonly model: string | undefined;
  private readonly defaults: Omit<ChatRequest, "messages">;
  private readonly call: CallOptions | undefined;

  /** @throws {AiLibError} `CONFIG_ERROR` for something that is no provider, and for `midStream: "restart"`. */
  constructor(fields: ChatAiLibFields) {
    super(fields);
    const { provider, model, temperature, maxTokens, request, call } = fields;
    requireProvider("ChatAiLib", provider);
    if ((provider.callOptions?.(call) ?? call)?.midStream === "restart")
      throw configError(
        'A stream of LangChain cannot take back what it sent; use midStream "splice" or "fail"',
      );
    this.provider = provider;
    this.model = model;
    this.call = call;
    this.defaults = {
      ...request,
      ...(model !== undefined && { model }),
      ...(temperature !== undefined && { temperature }),
      ...(maxTokens !== undefined && { maxTokens }),
    };
  }

  _llmType(): string {
    return "ai-lib";
  }

  /** What is known of the model. */
  override get profile(): ModelProfile {
    const { contextWindow, maxOutputTokens, input, output, tools, structuredOutput, reasoning } =
      this.provider.facts?.(this.model) ?? {};
    return {
      ...(contextWindow !== undefined && { maxInputTokens: contextWindow }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
      ...(input !== undefined && {
        imageInputs: input.includes("image"),
        audioInputs: input.includes("audio"),
        videoInputs: input.includes("video"),
        pdfInputs: input.includes("pdf"),
      }),
      ...(output !== undefined && {
        imageOutputs: output.includes("image"),
        audioOutputs: output.includes("audio"),
        videoOutputs: output.includes("video"),
      }),
      ...(tools !== undefined && { toolCalling: tools, toolChoice: tools }),
      ...(structuredOutput !== undefined && { structuredOutput }),
      ...(reasoning !== undefined && { reasoningOutput: reasoning }),
    };
  }

  override getLsParams(options: this["ParsedCallOptions"]): LangSmithParams {
    const { model, temperature, maxTokens } = { ...this.defaults, ...options.request };
    return {
      ls_provider: "ai-lib",
      ls_model_name: model ?? this.provider.target?.model ?? this.provider.name,
      ls_model_type: "chat",
      ...(temperature !== undefined && { ls_temperature: temperature }),
      ...(maxTokens !== undefined && { ls_max_tokens: maxTokens }),
      ...(options.stop !== undefined && { ls_stop: options.stop }),
    };
  }

  override invocationParams(options?: this["ParsedCallOptions"]): Record<string, unknown> {
    const { messages: _messages, ...params } = this.requestOf(
      [],
      options ?? ({} as this["ParsedCallOptions"]),
    );
    return { ...params };
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<ChatAiLibCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, ChatAiLibCallOptions> {
    return this.withConfig({ ...kwargs, tools } as Partial<ChatAiLibCallOptions>) as Runnable<
      BaseLanguageModelInput,
      AIMessageChunk,
      ChatAiLibCallOptions
    >;
  }

  async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    try {
      const response = await this.provider.chat(
        this.requestOf(messages, options),
        this.callOptionsOf(options),
      );
      const message = new AIMessage(messageFields(response));
      const { inputTokens, outputTokens } = response.usage;
      return {
        generations: [{ text: response.text, message }],
        llmOutput: {
          tokenUsage: {
            promptTokens: inputTokens,
            completionTokens: outputTokens,
            totalTokens: inputTokens + outputTokens,
          },
        },
      };
    } catch (error) {
      throw thrownError(error);
    }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const writer = new ChunkWriter();
    try {
      for await (const event of this.provider.stream(
        this.requestOf(messages, options),
        this.callOptionsOf(options),
      )) {
        const chunk = writer.write(event);
        if (chunk === undefined) continue;
        yield chunk;
        await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, {
          chunk,
        });
      }
    } catch (error) {
      throw thrownError(error);
    }
  }

  override async *_streamChatModelEvents(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
  ): AsyncGenerator<ChatModelStreamEvent> {
    const writer = new EventWriter();
    const events: ChatModelStreamEvent[] = [];
    try {
      for await (const event of this.provider.stream(
        this.requestOf(messages, options),
        this.callOptionsOf(options),
      )) {
        writer.write(event, events);
        for (const written of events) yield written;
        events.length = 0;
      }
    } catch (error) {
      throw thrownError(error);
    }
  }

  /**
   * A model whose answers follow a schema. Methods: `"jsonSchema"` (structured output of the provider; the default,
   * unless the model is known to have none), `"functionCalling"` and `"jsonMode"`.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the six overloads of the base class have no common form but this.
  override withStructuredOutput(schema: any, config?: StructuredOutputMethodOptions<boolean>): any {
    const known = this.profile.structuredOutput === false ? "functionCalling" : "jsonSchema";
    const { method = known, name = nameOf(schema), includeRaw, strict } = config ?? {};
    const json = toJsonSchema(schema) as JsonObject;
    const shared = { ls_structured_output_format: { kwargs: { method }, schema: json } };
    if (method === "functionCalling") {
      const tool = {
        type: "function",
        function: { name, parameters: json, ...(strict !== undefined && { strict }) },
      };
      const model = this.bindTools([tool], { tool_choice: name, ...shared });
      const parser = RunnableLambda.from((message: AIMessageChunk) => requireCall(message, name)).pipe(
        createFunctionCallingParser(schema, name),
      );
      return assembleStructuredOutputPipeline(model, parser, includeRaw, "StructuredOutput");
    }
    const format =
      method === "jsonMode"
        ? { type: "json_object" }
        : {
            type: "json_schema",
            json_schema: { name, schema: json, ...(strict !== undefined && { strict }) },
          };
    const model = this.withConfig({
      response_format: format,
      ...shared,
    } as Partial<ChatAiLibCallOptions>) as Runnable<BaseLanguageModelInput>;
    return assembleStructuredOutputPipeline(
      model,
      createContentParser(schema),
      includeRaw,
      "StructuredOutput",
    );
  }

  private requestOf(messages: BaseMessage[], options: this["ParsedCallOptions"]): ChatRequest {
    const { tools = [], tool_choice: choice, response_format: format, stop, request } = options;
    return {
      ...this.defaults,
      ...request,
      ...(tools.length > 0 && { tools: tools.map((tool) => readTool(convertToOpenAITool(tool) as never)) }),
      ...(choice !== undefined && { toolChoice: readToolChoice(choice) }),
      ...(format !== undefined && { responseFormat: readFormat(format) }),
      ...(stop !== undefined && stop.length > 0 && { stop }),
      messages: readMessages(messages),
    };
  }

  private callOptionsOf({ signal }: this["ParsedCallOptions"]): CallOptions {
    return { ...this.call, ...(signal !== undefined && { signal }) };
  }
}

/** LangChain's parser returns nothing for an answer without the call. */
function requireCall(message: AIMessageChunk, name: string): AIMessageChunk {
  if (message.tool_calls?.some((call) => call.name === name) === true) return message;
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The model did not call the tool "${name}", whose arguments were to be the answer`,
  });
}

function nameOf(schema: unknown): string {
  const title = isObject(schema) ? (schema["title"] ?? schema["name"]) : undefined;
  return typeof title === "string" ? title.replace(/[^\w-]/g, "_").slice(0, 64) : "extract";
}
