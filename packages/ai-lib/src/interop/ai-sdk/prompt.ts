import { isObject, type JsonObject, tryParse } from "../../core/values/json.js";
import type {
  AssistantMessage,
  ContentPart,
  Message,
  ToolResultContent,
  ToolResultPart,
  UserPart,
} from "../../core/values/message.js";
import { mediaPart } from "./media.js";
import { ownFields, partFields } from "./own-fields.js";
import type { SpecMessage, SpecPart, SpecToolContent, SpecToolOutput } from "./spec.js";

/**
 * The messages of a prompt.
 * @param lose called with each field that no message can carry.
 */
export function messagesOfPrompt(
  prompt: readonly SpecMessage[],
  lose: (feature: string, details: string) => void,
): Message[] {
  return prompt.map((message): Message => {
    const { origin: _origin, ...fields } = partFields(message.providerOptions);
    if (message.role === "system") return { role: "system", content: message.content, ...fields };
    const parts = message.content;
    switch (message.role) {
      case "user":
        return { role: "user", content: parts.flatMap((part) => userPart(part, lose)), ...fields };
      case "assistant":
        return { role: "assistant", content: parts.flatMap((part) => answerPart(part, lose)), ...fields };
      case "tool":
        return { role: "tool", content: parts.flatMap((part) => resultPart(part, lose)), ...fields };
      default: {
        const never: never = message;
        throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
      }
    }
  });
}

type Lose = (feature: string, details: string) => void;

function userPart(part: SpecPart, lose: Lose): UserPart[] {
  const fields = partFields(part.providerOptions);
  if (part.type === "text") return [{ type: "text", text: part.text, ...fields }];
  if (part.type === "file") return [{ ...mediaPart(part.data, part.mediaType, part.filename), ...fields }];
  lose(`prompt part "${part.type}"`, "It has no place in a message of the user and was left out.");
  return [];
}

function answerPart(part: SpecPart, lose: Lose): AssistantMessage["content"] & readonly ContentPart[] {
  const fields = partFields(part.providerOptions);
  switch (part.type) {
    case "text": {
      const own = ownFields(part.providerOptions);
      if (own["refusal"] === true) return [{ type: "refusal", text: part.text, ...fields }];
      const { phase } = own;
      const known = phase === "commentary" || phase === "final-answer" ? { phase } : {};
      return [{ type: "text", text: part.text, ...known, ...fields } as ContentPart];
    }
    case "reasoning":
      return [{ type: "reasoning", text: part.text, ...redaction(part), ...fields }];
    case "file":
    case "reasoning-file":
      return [{ ...mediaPart(part.data, part.mediaType), ...fields }];
    case "tool-call":
      return [
        {
          type: "tool-call",
          id: part.toolCallId,
          name: part.toolName,
          ...argumentsOf(part.input),
          ...(part.providerExecuted === true && { executedBy: "provider" as const }),
          ...fields,
        },
      ];
    case "tool-result":
      return [{ ...toolResultOf(part), executedBy: "provider", ...fields }];
    case "custom":
    case "tool-approval-response":
      lose(`prompt part "${part.type}"`, "It has no place in an answer's message and was left out.");
      return [];
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function redaction(part: SpecPart): { readonly redacted?: boolean } {
  return ownFields(part.providerOptions)["redacted"] === true ? { redacted: true } : {};
}

/** Arguments in the form of the AI SDK: parsed, or the text if it is malformed. */
function argumentsOf(input: unknown): { arguments: JsonObject } | { argumentsText: string } {
  const value = typeof input === "string" ? tryParse(input) : input;
  if (isObject(value)) return { arguments: value };
  if (input === undefined || input === null || input === "") return { arguments: {} };
  return { argumentsText: typeof input === "string" ? input : JSON.stringify(input) };
}

function resultPart(part: SpecPart, lose: Lose): ToolResultPart[] {
  if (part.type === "tool-result")
    return [{ ...toolResultOf(part), ...partFields(part.providerOptions ?? part.output.providerOptions) }];
  lose(
    `prompt part "${part.type}"`,
    "ai-lib has no approvals of tools that a provider runs; it was left out.",
  );
  return [];
}

function toolResultOf(part: SpecPart & { readonly type: "tool-result" }): ToolResultPart {
  return { type: "tool-result", id: part.toolCallId, name: part.toolName, ...outputOf(part.output) };
}

function outputOf(output: SpecToolOutput): Pick<ToolResultPart, "content" | "isError"> {
  switch (output.type) {
    case "text":
      return { content: output.value };
    case "error-text":
      return { content: output.value, isError: true };
    case "json":
      return { content: JSON.stringify(output.value ?? null) };
    case "error-json":
      return { content: JSON.stringify(output.value ?? null), isError: true };
    case "execution-denied":
      return { content: output.reason ?? "The execution of the tool was denied", isError: true };
    case "content":
      return { content: output.value.flatMap(toolContent) };
    default: {
      const never: never = output;
      throw new TypeError(`Unknown output of a tool: ${JSON.stringify(never)}`);
    }
  }
}

/** v2 says `media`, v3 `file-data`, `image-data`, `file-url` and `image-url`, v4 `file`. */
function toolContent(part: SpecToolContent): ToolResultContent[] {
  const fields = partFields(part.providerOptions);
  if (part.type === "text") return [{ type: "text", text: part.text ?? "", ...fields }];
  const data = part.data ?? (part.url === undefined ? undefined : new URL(part.url));
  if (data === undefined) return [];
  const unknown = part.type.startsWith("image") ? "image/*" : "application/octet-stream";
  return [{ ...mediaPart(data, part.mediaType ?? unknown, part.filename), ...fields }];
}
