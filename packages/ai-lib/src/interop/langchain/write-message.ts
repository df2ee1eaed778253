import type { AIMessageFields, ContentBlock, UsageMetadata } from "@langchain/core/messages";
import type { ChatResponse, FinishReason } from "../../core/values/chat-response.js";
import type { ContentPart, SourcePart } from "../../core/values/message.js";
import type { Usage } from "../../core/values/usage.js";
import { OWN } from "./read-messages.js";

/** Usage as LangChain counts it. */
export function usageMetadata(usage: Usage): UsageMetadata {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteInputTokens, reasoningTokens } = usage;
  const input = {
    ...(cachedInputTokens !== undefined && { cache_read: cachedInputTokens }),
    ...(cacheWriteInputTokens !== undefined && { cache_creation: cacheWriteInputTokens }),
  };
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(Object.keys(input).length > 0 && { input_token_details: input }),
    ...(reasoningTokens !== undefined && { output_token_details: { reasoning: reasoningTokens } }),
  };
}

/** The finish reason in the words of LangChain's streams; it has none for a paused turn. */
export function finishWord(reason: FinishReason): "stop" | "length" | "tool_use" | "content_filter" {
  switch (reason) {
    case "tool-calls":
      return "tool_use";
    case "content-filter":
      return "content_filter";
    case "length":
      return "length";
    case "stop":
    case "paused":
    case "other":
      return "stop";
    default: {
      const never: never = reason;
      throw new TypeError(`Unknown finish reason ${JSON.stringify(never)}`);
    }
  }
}

/** The metadata of a message: the model, the finish reason, and further facts of ai-lib. */
export function responseMetadata(response: ChatResponse): Record<string, unknown> {
  const {
    id,
    model,
    provider,
    finishReason,
    rawFinishReason,
    cost,
    usageStatus,
    attempts,
    warnings,
    content,
  } = response;
  return {
    id,
    // A name of a vendor would make LangChain read the blocks as that vendor's.
    model_provider: "ai-lib",
    model_name: model,
    finish_reason: rawFinishReason ?? finishReason,
    [OWN]: {
      provider,
      finishReason,
      usageStatus,
      attempts: attempts.length,
      ...(cost !== undefined && { cost }),
      ...(warnings.length > 0 && { warnings }),
      ...(needsParts(content) && { content }),
    },
  };
}

/** Whether blocks of LangChain lose something of an answer. */
function needsParts(content: readonly ContentPart[]): boolean {
  return content.some(
    (part) =>
      part.origin !== undefined ||
      (part.type === "tool-call" && part.executedBy !== undefined) ||
      part.type === "tool-result" ||
      part.type === "source" ||
      part.type === "reasoning",
  );
}

/** The fields of a message for an answer. */
export function messageFields(response: ChatResponse): AIMessageFields {
  const { content, id, usage, text } = response;
  const isPlain = content.every(({ type }) => type === "text" || type === "tool-call");
  const calls = content.filter((part) => part.type === "tool-call" && part.executedBy === undefined);
  return {
    id,
    content: isPlain ? text : blocksOf(content),
    tool_calls: calls.flatMap((part) =>
      part.type === "tool-call" && part.arguments !== undefined
        ? [{ type: "tool_call" as const, id: part.id, name: part.name, args: part.arguments }]
        : [],
    ),
    invalid_tool_calls: calls.flatMap((part) =>
      part.type === "tool-call" && part.arguments === undefined ? [invalidCall(part)] : [],
    ),
    // Under exactOptionalPropertyTypes, the declarations of LangChain allow nothing here.
    usage_metadata: usageMetadata(usage) as never,
    response_metadata: responseMetadata(response),
  };
}

/** A call whose arguments are no JSON object. */
export function invalidCall({ id, name, argumentsText }: ContentPart & { readonly type: "tool-call" }) {
  return {
    type: "invalid_tool_call" as const,
    id,
    name,
    args: argumentsText ?? "",
    error: "The arguments are not a JSON object",
  };
}

/** The blocks of an answer but for its calls of tools, which messages have beside their content. */
export function blocksOf(content: readonly ContentPart[]): ContentBlock.Standard[] {
  return content.flatMap((part, index) => {
    if (part.type === "tool-call" && part.executedBy === undefined) return [];
    const block = blockOf(part, citationsOf(content, index));
    return block === undefined ? [] : [block];
  });
}

/** One part as a block; undefined for a source, which is a citation of its text. */
export function blockOf(
  part: ContentPart,
  annotations: ContentBlock.Citation[] = [],
): ContentBlock.Standard | undefined {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text, ...(annotations.length > 0 && { annotations }) };
    case "reasoning":
      return { type: "reasoning", reasoning: part.text };
    case "refusal":
      return { type: "refusal", refusal: part.text };
    case "image":
    case "audio":
    case "file": {
      const {
        data,
        url,
        mediaType = part.type === "image" ? "image/png" : "application/octet-stream",
      } = part;
      return data === undefined
        ? ({ type: part.type, url: url ?? "", mimeType: mediaType } as ContentBlock.Standard)
        : ({ type: part.type, data, mimeType: mediaType } as ContentBlock.Standard);
    }
    case "tool-call":
      if (part.executedBy !== undefined)
        return { type: "server_tool_call", id: part.id, name: part.name, args: part.arguments ?? {} };
      return part.arguments === undefined
        ? invalidCall(part)
        : { type: "tool_call", id: part.id, name: part.name, args: part.arguments };
    case "tool-result":
      return {
        type: "server_tool_call_result",
        toolCallId: part.id,
        status: part.isError === true ? "error" : "success",
        output: { content: part.content },
      };
    case "source":
    case "compaction":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** The sources of the text at `index`; a source that names no text belongs to the first one. */
function citationsOf(content: readonly ContentPart[], index: number): ContentBlock.Citation[] {
  const first = content.findIndex(({ type }) => type === "text");
  return content.flatMap((part) =>
    part.type === "source" && (part.cites?.index ?? first) === index ? [citation(part)] : [],
  );
}

function citation({ url, title, quote, cites }: SourcePart): ContentBlock.Citation {
  return {
    type: "citation",
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(quote !== undefined && { citedText: quote }),
    ...(cites?.start !== undefined && { startIndex: cites.start }),
    ...(cites?.end !== undefined && { endIndex: cites.end }),
  };
}
