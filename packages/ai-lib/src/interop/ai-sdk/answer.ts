import type { AnswerFacts, Warning } from "../../core/values/answer.js";
import type { ChatResponse, FinishReason } from "../../core/values/chat-response.js";
import { isObject } from "../../core/values/json.js";
import type { ContentPart, ToolCallPart, ToolResultPart } from "../../core/values/message.js";
import type { Usage } from "../../core/values/usage.js";
import { ownMetadata } from "./own-fields.js";
import type {
  SpecContent,
  SpecFile,
  SpecFinishReason,
  SpecFinishWord,
  SpecJson,
  SpecMetadata,
  SpecObject,
  SpecSource,
  SpecTool,
  SpecToolCall,
  SpecToolResult,
  SpecUsage,
  SpecWarning,
} from "./spec.js";

/** Names the tools that the provider runs as the caller of the AI SDK named them. */
export class ToolNames {
  private readonly names: ReadonlyMap<string, string>;

  constructor(tools: readonly SpecTool[] | undefined) {
    this.names = new Map(
      (tools ?? []).flatMap((tool) =>
        tool.type === "function" ? [] : [[tool.id.slice(tool.id.indexOf(".") + 1), tool.name]],
      ),
    );
  }

  /**
   * The name of a call, and whether the caller does not know the tool: the AI SDK refuses such a call unless it is
   * dynamic. Vendors put a date or a suffix to names: `web_search_20250305`, `web_search_call`.
   */
  of(
    name: string,
    executedBy: "provider" | undefined,
  ): { readonly toolName: string; readonly dynamic?: true } {
    if (executedBy === undefined) return { toolName: name };
    for (const [id, own] of this.names)
      if (id === name || id.startsWith(`${name}_`) || name.startsWith(`${id}_`)) return { toolName: own };
    return { toolName: name, dynamic: true };
  }
}

/** The parts of an answer. */
export function contentOf(response: ChatResponse, names: ToolNames): SpecContent[] {
  const content = response.content;
  return content.map((part, index) => specContent(part, `${index}`, names, content));
}

/** One part of an answer. @param id names a source */
export function specContent(
  part: ContentPart,
  id: string,
  names: ToolNames,
  content: readonly ContentPart[],
): SpecContent {
  switch (part.type) {
    case "text":
    case "reasoning":
      return { type: part.type, text: part.text, ...partMetadata(part) };
    case "refusal":
      return { type: "text", text: part.text, ...partMetadata(part) };
    case "compaction":
      // The AI SDK has no part for it; reasoning with its state is sent back.
      return { type: "reasoning", text: "", ...partMetadata(part) };
    case "image":
    case "audio":
    case "file":
      return specFile(part);
    case "tool-call":
      return specToolCall(part, names);
    case "tool-result":
      return specToolResult(part, names, content);
    case "source":
      return specSource(part, id);
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** What a part needs again with the next prompt. */
export function partMetadata(part: ContentPart): { providerMetadata?: SpecMetadata } {
  return ownMetadata({
    origin: part.origin,
    refusal: part.type === "refusal" ? true : undefined,
    redacted: part.type === "reasoning" ? part.redacted : undefined,
    phase: part.type === "text" ? part.phase : undefined,
    logprobs: part.type === "text" ? part.logprobs : undefined,
  });
}

const DEFAULT_TYPES = { image: "image/png", audio: "audio/mpeg", file: "application/octet-stream" } as const;

function specFile(part: ContentPart & { readonly type: "image" | "audio" | "file" }): SpecFile<"v4"> {
  const { data, url, mediaType = DEFAULT_TYPES[part.type] } = part;
  return {
    type: "file",
    mediaType,
    data:
      data === undefined && url !== undefined
        ? { type: "url", url: new URL(url) }
        : { type: "data", data: data ?? "" },
    ...ownMetadata({
      origin: part.origin,
      transcript: part.type === "audio" ? part.transcript : undefined,
      uploaded: part.uploaded,
    }),
  };
}

/** The call of a tool. */
export function specToolCall(part: ToolCallPart, names: ToolNames): SpecToolCall {
  return {
    type: "tool-call",
    toolCallId: part.id,
    ...names.of(part.name, part.executedBy),
    input: part.argumentsText ?? JSON.stringify(part.arguments ?? { input: part.input }),
    ...(part.executedBy === "provider" && { providerExecuted: true }),
    ...partMetadata(part),
  };
}

function specToolResult(
  part: ToolResultPart,
  names: ToolNames,
  content: readonly ContentPart[],
): SpecToolResult {
  const call = content.find((each) => each.type === "tool-call" && each.id === part.id);
  const name = part.name ?? (call?.type === "tool-call" ? call.name : "tool");
  return {
    type: "tool-result",
    toolCallId: part.id,
    ...names.of(name, "provider"),
    result: part.content as NonNullable<SpecJson>,
    ...(part.isError !== undefined && { isError: part.isError }),
    ...partMetadata(part),
  };
}

function specSource(part: ContentPart & { readonly type: "source" }, id: string): SpecSource {
  const { url, title, documentId, quote, cites } = part;
  const own = ownMetadata({ origin: part.origin, documentId, quote, cites });
  if (url !== undefined)
    return { type: "source", sourceType: "url", id, url, ...(title !== undefined && { title }), ...own };
  return {
    type: "source",
    sourceType: "document",
    id,
    mediaType: "text/plain",
    title: title ?? documentId ?? "document",
    ...own,
  };
}

/** Why an answer ended. A turn that the provider paused has no word there: `other`, with the provider's own word. */
export function specFinishReason({
  finishReason,
  rawFinishReason,
}: Pick<ChatResponse, "finishReason" | "rawFinishReason">): SpecFinishReason {
  return { unified: finishWord(finishReason), raw: rawFinishReason ?? finishReason };
}

function finishWord(reason: FinishReason): SpecFinishWord {
  return reason === "paused" ? "other" : reason;
}

/** What an answer used. */
export function specUsage(usage: Usage): SpecUsage {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteInputTokens, reasoningTokens, raw } = usage;
  return {
    inputTokens: {
      total: inputTokens,
      noCache: inputTokens - (cachedInputTokens ?? 0) - (cacheWriteInputTokens ?? 0),
      cacheRead: cachedInputTokens,
      cacheWrite: cacheWriteInputTokens,
    },
    outputTokens: {
      total: outputTokens,
      text: reasoningTokens === undefined ? undefined : outputTokens - reasoningTokens,
      reasoning: reasoningTokens,
    },
    ...(isObject(raw) && { raw: raw as SpecObject }),
  };
}

/** A warning of ai-lib. */
export function specWarning({ code, message, field }: Warning): SpecWarning {
  return code === "unsupported" && field !== undefined
    ? { type: "unsupported", feature: field, details: message }
    : { type: "other", message };
}

/** Facts of an answer for which the AI SDK has no field: `providerMetadata["ai-lib"]`. */
export function answerMetadata(
  response: AnswerFacts & { readonly serviceTier?: string },
  late: readonly Warning[] = [],
): SpecMetadata {
  const { provider, model, cost, usageStatus, attempts, cached, serviceTier, requestId } = response;
  return (
    ownMetadata({
      provider,
      model,
      cost,
      usageStatus,
      cached,
      serviceTier,
      requestId,
      attempts: attempts.length,
      warnings: late.length === 0 ? undefined : late,
    }).providerMetadata ?? {}
  );
}

/** The facts of a reply that the AI SDK reports. */
export function responseFacts(
  { id, model, headers }: AnswerFacts,
  now: number,
): { id: string; modelId: string; timestamp: Date; headers: Record<string, string> } {
  return { id, modelId: model, timestamp: new Date(now), headers: { ...headers } };
}
