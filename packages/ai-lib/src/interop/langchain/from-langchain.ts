import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  type ContentBlock,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { AiLibError, configError } from "../../core/errors/error.js";
import { refuseUnknown } from "../../core/errors/options.js";
import type { Warning } from "../../core/values/answer.js";
import type { ChatEvent } from "../../core/values/chat-event.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { FinishReason } from "../../core/values/chat-response.js";
import { asObject } from "../../core/values/json.js";
import { type ContentPart, type Message, partsOf, textOf } from "../../core/values/message.js";
import type { ModelFacts } from "../../core/values/model.js";
import { tokenCount, type Usage } from "../../core/values/usage.js";
import { codeOfMessage, codeOfReply } from "../../dialects/shared/common/errors.js";
import { AdapterProvider, type CustomCall, type CustomEnd } from "../../providers/own/adapter.js";
import { readMessages } from "./read-messages.js";
import { blocksOf, invalidCall } from "./write-message.js";

/** Models of LangChain that make one provider. */
export interface LangChainModels {
  readonly chat?: BaseChatModel | undefined;
  readonly embed?: EmbeddingsInterface | undefined;
}

/** Options of {@link fromLangChain}; all but `name` are optional. */
export interface FromLangChainOptions {
  /** The name of the provider in attempt logs and errors. */
  readonly name: string;
  readonly facts?: ModelFacts | undefined;
  /**
   * The meaning of a stream that ends without a finish reason: most models of LangChain report a cut connection in this
   * way. Default `"truncated"`, an error; `"finished"` is for models that never give a reason.
   */
  readonly unknownEnd?: "truncated" | "finished" | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set([
  "name",
  "facts",
  "unknownEnd",
] satisfies (keyof FromLangChainOptions)[]);

/**
 * Makes a provider of a chat model and of embeddings of LangChain. Errors are classified by their status and message.
 * LangChain's own retries (`maxRetries` of a model) multiply with those of ai-lib; set them to 0.
 *
 * @example
 * // import { ChatOllama } from "@langchain/ollama";
 * // const local = fromLangChain({ chat: new ChatOllama({ model: "phi4", maxRetries: 0 }) }, { name: "local" });
 * @throws {AiLibError} `CONFIG_ERROR` without a model, and for an unknown option.
 */
export function fromLangChain(models: LangChainModels, options: FromLangChainOptions): AdapterProvider {
  refuseUnknown("option of fromLangChain", options, OPTIONS);
  const { name, facts, unknownEnd = "truncated" } = options;
  const { chat, embed } = models;
  if (chat === undefined && embed === undefined)
    throw configError("fromLangChain takes { chat: model }, { embed: embeddings } or both");
  if (unknownEnd !== "truncated" && unknownEnd !== "finished")
    throw configError(`unknownEnd must be "truncated" or "finished", not ${String(unknownEnd)}`);
  return new AdapterProvider({
    name,
    ...(facts !== undefined && { facts }),
    ...(chat !== undefined && {
      stream: (request: ChatRequest, call: CustomCall) =>
        streamOf(chat, request, call, name, unknownEnd === "finished"),
    }),
    ...(embed !== undefined && {
      kinds: {
        embed: async ({ inputs, purpose }) => {
          const texts = inputs.map((input) => (typeof input === "string" ? input : textOf(input)));
          try {
            if (purpose !== "query") return { embeddings: await embed.embedDocuments(texts) };
            return { embeddings: await Promise.all(texts.map((text) => embed.embedQuery(text))) };
          } catch (error) {
            throw classify(error, name);
          }
        },
      },
    }),
  });
}

async function* streamOf(
  model: BaseChatModel,
  request: ChatRequest,
  call: CustomCall,
  name: string,
  acceptsUnknownEnd: boolean,
): AsyncGenerator<ChatEvent, CustomEnd> {
  const { tools = [], toolChoice, stop } = request;
  for (const warning of warningsOf(request)) yield { type: "warning", warning };
  const choice = typeof toolChoice === "object" && "name" in toolChoice ? toolChoice.name : toolChoice;
  const functions = tools.flatMap((tool) =>
    tool.type === "function"
      ? [
          {
            type: "function" as const,
            function: {
              name: tool.name,
              parameters: tool.parameters,
              ...(tool.description !== undefined && { description: tool.description }),
            },
          },
        ]
      : [],
  );
  const asked =
    functions.length === 0
      ? model
      : (model.bindTools?.(functions, typeof choice === "string" ? { tool_choice: choice } : {}) ?? model);
  const options = { signal: call.signal, ...(stop !== undefined && { stop: [...stop] }) };
  const reader = new ChunkReader();
  try {
    for await (const chunk of await asked.stream(writeMessages(request.messages), options)) {
      yield* reader.read(chunk as AIMessageChunk);
    }
  } catch (error) {
    throw classify(error, name);
  }
  yield* reader.close();
  const { end } = reader;
  if (end.finishReason === undefined && !acceptsUnknownEnd)
    throw new AiLibError({
      code: "STREAM_TRUNCATED",
      message: `The stream of ${name} ended without a finish reason: its connection was cut`,
    });
  return { ...end, ...(reader.calls && { finishReason: "tool-calls" as const }) };
}

/** Fields that a model of LangChain takes in its constructor, not with a call. */
const FIXED = [
  "temperature",
  "maxTokens",
  "topP",
  "reasoning",
  "responseFormat",
  "seed",
  "extensions",
] as const;

function warningsOf(request: ChatRequest): Warning[] {
  return FIXED.flatMap((field) =>
    request[field] === undefined
      ? []
      : [
          {
            code: "unsupported" as const,
            field,
            message: `Set ${field} where the model of LangChain is made`,
          },
        ],
  );
}

/** Reads chunks: pieces of text, reasoning and calls become parts, in the order in which they begin. */
class ChunkReader {
  end: NonNullable<CustomEnd> = {};
  calls = false;
  private next = 0;
  private current: { readonly type: "text" | "reasoning"; readonly index: number } | undefined;
  private readonly open = new Map<number | string, number>();

  *read(chunk: AIMessageChunk): Generator<ChatEvent> {
    for (const part of readMessages([new AIMessage({ content: chunk.content as string })]).flatMap(partsOf)) {
      if (part.type === "text" || part.type === "reasoning") yield* this.piece(part.type, part.text);
      else if (part.type !== "tool-call") {
        yield* this.closeText();
        yield { type: "part", index: this.next++, part };
      }
    }
    for (const { id, name, args, index } of chunk.tool_call_chunks ?? []) {
      this.calls = true;
      const key = index ?? id ?? "";
      let at = this.open.get(key);
      if (at === undefined) {
        yield* this.closeText();
        at = this.next++;
        this.open.set(key, at);
        yield {
          type: "part-start",
          index: at,
          part: { type: "tool-call", id: id ?? `call_${at}`, name: name ?? "" },
        };
      }
      if (args !== undefined && args !== "") yield { type: "tool-call-delta", index: at, text: args };
    }
    this.note(chunk);
  }

  /** Ends the parts that are open. */
  *close(): Generator<ChatEvent> {
    yield* this.closeText();
    for (const index of this.open.values()) yield { type: "part-end", index };
    this.open.clear();
  }

  private *piece(type: "text" | "reasoning", text: string): Generator<ChatEvent> {
    if (text === "") return;
    if (this.current?.type !== type) {
      yield* this.closeText();
      this.current = { type, index: this.next++ };
      yield { type: "part-start", index: this.current.index, part: { type } };
    }
    yield { type: `${type}-delta`, index: this.current.index, text };
  }

  private *closeText(): Generator<ChatEvent> {
    if (this.current !== undefined) yield { type: "part-end", index: this.current.index };
    this.current = undefined;
  }

  private note({ id, usage_metadata, response_metadata }: AIMessageChunk): void {
    const usage = usageOf(usage_metadata);
    const reason = reasonOf(response_metadata);
    const model = response_metadata["model_name"] ?? response_metadata["model"];
    this.end = {
      ...this.end,
      ...(usage !== undefined && { usage }),
      ...(id !== undefined && { id }),
      ...(typeof model === "string" && { model }),
      ...(reason !== undefined && { finishReason: reasonWord(reason), rawFinishReason: reason }),
    };
  }
}

/** The fields in which the packages of LangChain give the vendor's reason. */
const REASONS = ["finish_reason", "stop_reason", "finishReason", "stopReason", "done_reason"];

function reasonOf(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const places = [metadata, asObject(metadata["messageStop"]) ?? {}];
  for (const place of places)
    for (const name of REASONS) {
      const reason = place[name];
      if (typeof reason === "string" && reason !== "") return reason;
    }
  return undefined;
}

function reasonWord(reason: string): FinishReason {
  const word = reason.toLowerCase();
  if (/tool|function/.test(word)) return "tool-calls";
  if (/length|max_?tokens/.test(word)) return "length";
  if (/filter|safety|refusal/.test(word)) return "content-filter";
  return /stop|end|complete/.test(word) ? "stop" : "other";
}

function usageOf(value: unknown): Usage | undefined {
  const usage = asObject(value);
  const inputTokens = tokenCount(usage?.["input_tokens"]);
  const outputTokens = tokenCount(usage?.["output_tokens"]);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const cached = tokenCount(asObject(usage?.["input_token_details"])?.["cache_read"]);
  const reasoned = tokenCount(asObject(usage?.["output_token_details"])?.["reasoning"]);
  return {
    inputTokens,
    outputTokens,
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(reasoned !== undefined && { reasoningTokens: reasoned }),
  };
}

function writeMessages(messages: readonly Message[]): BaseMessage[] {
  return messages.flatMap((message): BaseMessage[] => {
    const parts = partsOf(message);
    switch (message.role) {
      case "system":
        return [new SystemMessage(textOf(parts))];
      case "user":
        return [new HumanMessage({ content: contentOf(parts) })];
      case "assistant": {
        const calls = parts.flatMap((part) =>
          part.type === "tool-call" && part.executedBy === undefined ? [part] : [],
        );
        const tool_calls = calls.flatMap(({ id, name, arguments: args }) =>
          args === undefined ? [] : [{ id, name, args }],
        );
        const invalid_tool_calls = calls.filter((part) => part.arguments === undefined).map(invalidCall);
        return [new AIMessage({ content: contentOf(parts), tool_calls, invalid_tool_calls })];
      }
      case "tool":
        return message.content.map(
          ({ id, name, content, isError }) =>
            new ToolMessage({
              tool_call_id: id,
              content: typeof content === "string" ? content : contentOf(content),
              status: isError === true ? "error" : "success",
              ...(name !== undefined && { name }),
            }),
        );
      default: {
        const never: never = message;
        throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
      }
    }
  });
}

function contentOf(parts: readonly ContentPart[]): string | ContentBlock.Standard[] {
  const blocks = blocksOf(parts).filter(({ type }) => !type.startsWith("server_tool"));
  return blocks.every(({ type }) => type === "text") ? textOf(parts) : blocks;
}

/** An error of a model of LangChain: those of vendors' SDKs have a status. */
function classify(error: unknown, name: string): AiLibError {
  if (AiLibError.is(error)) return error;
  const { status, statusCode, message, cause } = (error ?? {}) as Readonly<Record<string, unknown>>;
  if (AiLibError.is(cause)) return cause;
  const code = status ?? statusCode;
  const text = typeof message === "string" ? message : String(error);
  if (error instanceof Error && error.name === "AbortError") return AiLibError.from(error);
  return new AiLibError({
    code: typeof code === "number" ? codeOfReply(code, text) : (codeOfMessage(text) ?? "PROVIDER_ERROR"),
    message: `${name}: ${text}`,
    status: typeof code === "number" ? code : undefined,
    cause: error,
  });
}
