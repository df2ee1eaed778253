import { AiLibError } from "../../core/errors/error.js";
import { base64OfBytes } from "../../core/values/base64.js";
import { readDataUri } from "../../core/values/data-uri.js";
import { asArray, asObject, isObject, tryParse } from "../../core/values/json.js";
import type {
  ContentPart,
  MediaPart,
  Message,
  Origin,
  ToolResultContent,
  ToolResultPart,
  UserPart,
} from "../../core/values/message.js";
import type { AgentContent, AgentItem, AgentProviderData } from "./spec.js";

/** The field of `providerData` for the opaque state of an answer. */
export const OWN = "ai-lib";

/**
 * Items as messages. Items of one turn of the model become one message, and so do results of tools.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for an item of a tool that only OpenAI has, such as a computer's screen.
 */
export function readItems(input: string | readonly AgentItem[], instructions: string | undefined): Message[] {
  const messages: Message[] =
    instructions === undefined || instructions === "" ? [] : [{ role: "system", content: instructions }];
  if (typeof input === "string") return [...messages, { role: "user", content: input }];
  for (const item of input) {
    const next = readItem(item);
    const last = messages.at(-1);
    if (next === undefined) continue;
    if (next.role === "assistant" && last?.role === "assistant")
      messages[messages.length - 1] = { ...last, content: [...partsOfTurn(last), ...partsOfTurn(next)] };
    else if (next.role === "tool" && last?.role === "tool")
      messages[messages.length - 1] = { ...last, content: [...last.content, ...next.content] };
    else messages.push(next);
  }
  return messages;
}

function partsOfTurn(message: Message & { readonly role: "assistant" }): readonly ContentPart[] {
  return typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
}

function readItem(item: AgentItem): Message | undefined {
  switch (item.type ?? "message") {
    case "message":
      return readMessage(item);
    case "reasoning":
      return turn({
        type: "reasoning",
        text: contentOf(item)
          .map(({ text = "" }) => text)
          .join(""),
        ...(asObject(item.providerData?.[OWN])?.["redacted"] === true && { redacted: true }),
        ...originOf(item.providerData),
      });
    case "function_call": {
      const text = String(item.arguments ?? "");
      const args = text === "" ? {} : tryParse(text);
      return turn({
        type: "tool-call",
        id: item.callId ?? "",
        name: item.name ?? "",
        ...(isObject(args) ? { arguments: args } : { argumentsText: text }),
        ...originOf(item.providerData),
      });
    }
    case "function_call_result":
      return { role: "tool", content: [readResult(item)] };
    case "hosted_tool_call": {
      const part = asObject(item.providerData?.[OWN])?.["parts"];
      // A tool that the provider ran: its parts return unchanged.
      return part === undefined ? undefined : { role: "assistant", content: asArray(part) as ContentPart[] };
    }
    case "compaction":
    case "unknown":
      return undefined;
    default:
      throw new AiLibError({
        code: "UNSUPPORTED_FEATURE",
        message: `ai-lib has no items of the type "${item.type}": its tool is OpenAI's own`,
        local: true,
      });
  }
}

function turn(part: ContentPart): Message {
  return { role: "assistant", content: [part] };
}

function contentOf({ content }: AgentItem): readonly AgentContent[] {
  if (typeof content === "string") return [{ type: "input_text", text: content }];
  return content ?? [];
}

function readMessage(item: AgentItem): Message {
  const content = contentOf(item);
  if (item.role === "system")
    return { role: "system", content: content.map(({ text = "" }) => text).join("") };
  if (item.role !== "assistant") return { role: "user", content: content.flatMap(userPart) };
  const phase =
    item.phase === "commentary" ? item.phase : item.phase === "final_answer" ? "final-answer" : undefined;
  return {
    role: "assistant",
    content: content.flatMap((part): ContentPart[] => {
      const state = originOf(part.providerData);
      if (part.type === "refusal") return [{ type: "refusal", text: part.refusal ?? "", ...state }];
      if (part.text !== undefined)
        return [{ type: "text", text: part.text, ...(phase !== undefined && { phase }), ...state }];
      return userPart(part).map((media) => ({ ...media, ...state }));
    }),
  };
}

function originOf(data: AgentProviderData | undefined): { readonly origin?: Origin } {
  const origin = asObject(asObject(data?.[OWN])?.["origin"]);
  return origin === undefined ? {} : { origin: origin as unknown as Origin };
}

function userPart(part: AgentContent): UserPart[] {
  switch (part.type) {
    case "input_image":
    case "image": {
      const { detail } = part;
      const known = detail === "low" || detail === "high" || detail === "auto" ? { detail } : {};
      return [{ type: "image", ...media(part.image, "image/png"), ...(known as { detail?: "low" }) }];
    }
    case "input_file":
    case "file": {
      const name = part.filename ?? asObject(part.file)?.["filename"];
      return [
        {
          type: "file",
          ...media(part.file, "application/octet-stream"),
          ...(typeof name === "string" && { name }),
        },
      ];
    }
    case "audio":
      return [{ type: "audio", ...media(part.audio, `audio/${part.format ?? "wav"}`) }];
    default:
      return part.text === undefined ? [] : [{ type: "text", text: part.text }];
  }
}

/** Bytes, base64, a URL, or the id of a file at OpenAI, in the SDK's forms. */
function media(value: unknown, unknownType: string): MediaPart {
  if (typeof value === "string") {
    const inline = readDataUri(value);
    if (inline !== undefined) return inline;
    return /^https?:/i.test(value) ? { url: value } : { data: value, mediaType: unknownType };
  }
  const { data, url, mediaType, id, fileId } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const type = typeof mediaType === "string" ? mediaType : unknownType;
  if (data instanceof Uint8Array) return { data: base64OfBytes(data), mediaType: type };
  if (typeof data === "string") return { data, mediaType: type };
  if (typeof url === "string") return readDataUri(url) ?? { url };
  return { uploaded: { provider: "openai", id: String(id ?? fileId ?? "") } };
}

function readResult(item: AgentItem): ToolResultPart {
  const { output } = item;
  const parts = asArray(
    typeof output === "string" ? [] : Array.isArray(output) ? output : [output],
  ) as AgentContent[];
  const isText = parts.length === 1 && parts[0]?.type === "text";
  return {
    type: "tool-result",
    id: item.callId ?? "",
    ...(item.name !== undefined && { name: item.name }),
    content:
      typeof output === "string"
        ? output
        : isText
          ? (parts[0]?.text ?? "")
          : (parts.flatMap(userPart) as ToolResultContent[]),
  };
}
