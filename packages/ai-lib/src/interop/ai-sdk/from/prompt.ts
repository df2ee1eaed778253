import type {
  ContentPart,
  MediaPart,
  Message,
  PartBase,
  ToolResultContent,
  ToolResultPart,
} from "../../../core/values/message.js";
import { textOf } from "../../../core/values/message.js";
import type { SpecFileData, SpecOptions, SpecToolContent, SpecToolOutput } from "../spec.js";
import type { WrittenMessage, WrittenPart } from "./models.js";

/** The family of state from a model of the AI SDK: its `providerMetadata`. */
export const FAMILY = "ai-sdk";

/** What a prompt is written for. */
export interface PromptTarget {
  /** v4 has types for the data of files. */
  readonly version: string;
  /** The name of the model's provider. State of another one is left out. */
  readonly provider: string;
  /** Called with each field that the prompt cannot carry. */
  lose(field: string, message: string): void;
}

/** A prompt of the AI SDK. */
export function promptOf(messages: readonly Message[], target: PromptTarget): WrittenMessage[] {
  return messages.flatMap((message, at): WrittenMessage[] => {
    const field = `messages.${at}`;
    const options = providerOptions(message, target, field);
    switch (message.role) {
      case "system":
        return [{ role: "system", content: textOf(message.content), ...options }];
      case "tool":
        return [
          {
            role: "tool",
            content: message.content.map((part) => resultPart(part, target, field)),
            ...options,
          },
        ];
      case "user":
      case "assistant": {
        const parts: readonly ContentPart[] =
          typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
        if (message.role === "assistant" && message.incomplete === true) return [];
        return [
          {
            role: message.role,
            content: parts.flatMap((part) => promptPart(part, target, field)),
            ...options,
          },
        ];
      }
      default: {
        const never: never = message;
        throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
      }
    }
  });
}

function promptPart(part: ContentPart, target: PromptTarget, field: string): WrittenPart[] {
  const options = providerOptions(part, target, field);
  switch (part.type) {
    case "text":
    case "refusal":
      return [{ type: "text", text: part.text, ...options }];
    case "reasoning":
      return [{ type: "reasoning", text: part.text, ...options }];
    case "image":
    case "audio":
    case "file": {
      const data = fileData(part, target, field);
      if (data === undefined) return [];
      const { mediaType = part.type === "file" ? "application/octet-stream" : `${part.type}/*` } = part;
      const filename = part.type === "file" && part.name !== undefined ? { filename: part.name } : {};
      return [{ type: "file", data, mediaType, ...filename, ...options }];
    }
    case "tool-call":
      return [
        {
          type: "tool-call",
          toolCallId: part.id,
          toolName: part.name,
          input: part.input ?? part.arguments ?? part.argumentsText ?? {},
          ...(part.executedBy === "provider" && { providerExecuted: true }),
          ...options,
        },
      ];
    case "tool-result":
      return [resultPart(part, target, field)];
    case "compaction":
      return [];
    case "source":
      // A prompt has no sources; the text that they support says what they are.
      return [];
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function resultPart(part: ToolResultPart, target: PromptTarget, field: string): WrittenPart {
  return {
    type: "tool-result",
    toolCallId: part.id,
    toolName: part.name ?? "tool",
    output: toolOutput(part, target, field),
    ...providerOptions(part, target, field),
  };
}

function toolOutput(
  { content, isError }: ToolResultPart,
  target: PromptTarget,
  field: string,
): SpecToolOutput {
  if (typeof content === "string") return { type: isError === true ? "error-text" : "text", value: content };
  // The parts of an error have no form of their own.
  if (isError === true) return { type: "error-text", value: textOf(content) };
  return { type: "content", value: content.flatMap((part) => outputPart(part, target, field)) };
}

function outputPart(part: ToolResultContent, target: PromptTarget, field: string): SpecToolContent[] {
  if (part.type === "text") return [{ type: "text", text: part.text }];
  const { data, url, mediaType = "application/octet-stream" } = part;
  if (data === undefined && url === undefined) {
    target.lose(field, "A file in a provider's store cannot stand in the result of a tool");
    return [];
  }
  if (target.version === "v4") {
    const file: SpecFileData =
      data === undefined ? { type: "url", url: new URL(url ?? "") } : { type: "data", data };
    return [{ type: "file", data: file, mediaType }];
  }
  if (data === undefined) {
    if (target.version === "v3") return [{ type: part.type === "image" ? "image-url" : "file-url", url }];
    target.lose(field, "Version 2 of the AI SDK's specification has no address in the result of a tool");
    return [];
  }
  if (target.version === "v2") return [{ type: "media", data, mediaType }];
  return [{ type: part.type === "image" ? "image-data" : "file-data", data, mediaType }];
}

function fileData(
  { data, url, uploaded }: MediaPart,
  { version, lose }: PromptTarget,
  field: string,
): SpecFileData | undefined {
  const isTyped = version === "v4";
  if (data !== undefined) return isTyped ? { type: "data", data } : data;
  if (url !== undefined) return isTyped ? { type: "url", url: new URL(url) } : new URL(url);
  if (isTyped && uploaded !== undefined)
    return { type: "reference", reference: { [uploaded.provider]: uploaded.id } };
  lose(field, "A file in a provider's store needs version 4 of the AI SDK's specification; it was left out");
  return undefined;
}

/** State of the same provider, vendor fields, and marks of the cache, which Anthropic alone reads. */
function providerOptions(
  part: Pick<PartBase, "cache" | "extensions" | "origin">,
  { provider, lose }: PromptTarget,
  field: string,
): { readonly providerOptions?: SpecOptions } {
  const { cache, extensions, origin } = part;
  const options: Record<string, Record<string, unknown>> = {};
  const add = (name: string, fields: object) => {
    options[name] = { ...options[name], ...fields };
  };
  if (origin !== undefined) {
    if (origin.family === FAMILY && origin.provider === provider)
      for (const [name, fields] of Object.entries(origin.data)) add(name, fields as object);
    else lose(field, `State of ${origin.family} was left out, since this model cannot read it`);
  }
  if (cache !== undefined)
    add("anthropic", {
      cacheControl: { type: "ephemeral", ...(cache.ttl !== undefined && { ttl: cache.ttl }) },
    });
  for (const [name, fields] of Object.entries(extensions ?? {})) add(name, fields);
  return Object.keys(options).length === 0 ? {} : { providerOptions: options };
}
