import type { Warning } from "../../../core/values/answer.js";
import { base64OfBytes } from "../../../core/values/base64.js";
import type { EndFacts, FinishReason } from "../../../core/values/chat-response.js";
import { asArray, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { ContentPart, Origin, PartBase } from "../../../core/values/message.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { FAMILY } from "./prompt.js";

/** A value that a model of the AI SDK returned. */
type Foreign = Readonly<Record<string, unknown>>;

/** An unknown value as an object whose members are unknown. */
export function foreign(value: unknown): Foreign {
  return typeof value === "object" && value !== null ? (value as Foreign) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** State that the provider wants back with the next prompt. */
export function originOf(part: Foreign, provider: string): { readonly origin?: Origin } {
  const data = part["providerMetadata"];
  if (!isObject(data) || Object.keys(data).length === 0) return {};
  return { origin: { family: FAMILY, provider, data } };
}

/** The parts of ai-lib that a part of an answer becomes; none for a part that ai-lib has no word for. */
export function readContent(value: unknown, provider: string): ContentPart[] {
  const part = foreign(value);
  const state: PartBase = originOf(part, provider);
  switch (part["type"]) {
    case "text":
    case "reasoning":
      return [{ type: part["type"], text: text(part["text"]) ?? "", ...state }];
    case "file":
    case "reasoning-file":
      return readFile(part, state);
    case "tool-call":
      return [
        {
          type: "tool-call",
          id: text(part["toolCallId"]) ?? "",
          name: text(part["toolName"]) ?? "",
          ...readArguments(part["input"]),
          ...(part["providerExecuted"] === true && { executedBy: "provider" }),
          ...state,
        },
      ];
    case "tool-result": {
      const result = part["result"];
      const name = text(part["toolName"]);
      return [
        {
          type: "tool-result",
          id: text(part["toolCallId"]) ?? "",
          ...(name !== undefined && { name }),
          content: typeof result === "string" ? result : (JSON.stringify(result) ?? ""),
          ...(part["isError"] === true && { isError: true }),
          executedBy: "provider",
          ...state,
        },
      ];
    }
    case "source": {
      const [url, title] = [text(part["url"]), text(part["title"])];
      return [
        {
          type: "source",
          ...(url !== undefined && { url }),
          ...(title !== undefined && { title }),
          ...(url === undefined && { documentId: text(part["id"]) ?? "" }),
          ...state,
        },
      ];
    }
    default:
      return [];
  }
}

function readArguments(input: unknown): { arguments: JsonObject } | { argumentsText: string } {
  const value = typeof input === "string" ? (input.trim() === "" ? {} : tryParse(input)) : input;
  if (isObject(value)) return { arguments: value };
  return { argumentsText: typeof input === "string" ? input : (JSON.stringify(input) ?? "") };
}

function readFile(part: Foreign, state: PartBase): ContentPart[] {
  const mediaType = text(part["mediaType"]) ?? "application/octet-stream";
  const given = part["data"];
  const data = isObject(given) && "type" in given ? (foreign(given)["data"] ?? foreign(given)["url"]) : given;
  const media =
    data instanceof Uint8Array
      ? { data: base64OfBytes(data) }
      : data instanceof URL
        ? { url: data.href }
        : typeof data === "string"
          ? { data }
          : undefined;
  if (media === undefined) return [];
  const kind = mediaType.split("/")[0];
  const type = kind === "image" || kind === "audio" ? kind : "file";
  return [{ type, mediaType, ...media, ...state }];
}

/** Why an answer ended, of any version: a word, or an object with a word and the provider's own. */
export function readFinish(value: unknown): { readonly word: string; readonly raw: string | undefined } {
  if (typeof value === "string") return { word: value, raw: undefined };
  const { unified, raw } = foreign(value);
  return { word: text(unified) ?? "unknown", raw: text(raw) };
}

const REASONS: ReadonlySet<string> = new Set([
  "stop",
  "length",
  "tool-calls",
  "content-filter",
  "other",
] satisfies FinishReason[]);

/** The finish reason of a word. */
export function finishReasonOf(word: string): FinishReason {
  return REASONS.has(word) ? (word as FinishReason) : "other";
}

/** The usage of any version: flat counts, or totals with their parts. Undefined where no count is known. */
export function readUsage(value: unknown): Usage | undefined {
  const {
    inputTokens: input,
    outputTokens: output,
    reasoningTokens,
    cachedInputTokens,
    raw,
  } = foreign(value);
  const [ins, outs] = [foreign(input), foreign(output)];
  const inputTokens = tokenCount(input) ?? tokenCount(ins["total"]);
  const outputTokens = tokenCount(output) ?? tokenCount(outs["total"]);
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const cached = tokenCount(cachedInputTokens) ?? tokenCount(ins["cacheRead"]);
  const written = tokenCount(ins["cacheWrite"]);
  const reasoned = tokenCount(reasoningTokens) ?? tokenCount(outs["reasoning"]);
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(written !== undefined && { cacheWriteInputTokens: written }),
    ...(reasoned !== undefined && { reasoningTokens: reasoned }),
    ...(isObject(raw) && { raw }),
  };
}

/** Warnings of any version. */
export function readWarnings(value: unknown): Warning[] {
  return asArray(value).map((each): Warning => {
    const { type, feature, setting, details, message } = foreign(each);
    const field = text(feature) ?? text(setting);
    const isUnsupported = typeof type === "string" && type.startsWith("unsupported");
    return {
      code: isUnsupported ? "unsupported" : "other",
      message:
        text(message) ?? text(details) ?? `The model does not support ${field ?? "a part of the request"}`,
      ...(field !== undefined && { field }),
    };
  });
}

/** What a reply says of itself. */
export function readResponse(value: unknown): Pick<EndFacts, "id" | "model"> {
  const { id, modelId } = foreign(value);
  return {
    ...(typeof id === "string" && { id }),
    ...(typeof modelId === "string" && { model: modelId }),
  };
}
