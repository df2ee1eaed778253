import { invalidRequest } from "../../core/errors/error.js";
import { refuseUnknown } from "../../core/errors/options.js";
import { UI_STATE_KEY } from "../../core/run/ui-message-encoder.js";
import { readDataUri } from "../../core/values/data-uri.js";
import { asObject, asString, isObject, isTooDeep, type JsonObject } from "../../core/values/json.js";
import type {
  ContentPart,
  Message,
  Origin,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from "../../core/values/message.js";
import { toolResult } from "../../core/values/tool.js";

/** A message of the AI SDK's `useChat`, as far as it is read here. */
export interface UiMessage {
  readonly role: string;
  readonly parts: readonly { readonly type: string }[];
}

/** Options of {@link messagesFromUi}; all optional. */
export interface UiMessagesOptions {
  /**
   * Accepts messages with the role `system`. They come from the page, so anyone who opens it can write them: set
   * instructions on the server instead. Default false: such a message is refused.
   */
  readonly allowSystem?: boolean | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set(["allowSystem"] satisfies (keyof UiMessagesOptions)[]);

/**
 * The history that a page with the AI SDK's `useChat` sends, as messages of ai-lib. Steps become turns with the results
 * of their tools. Opaque state that `toResponse({ format: "ai-sdk" })` wrote returns, so that reasoning models continue
 * their reasoning. Tools that the provider ran, sources, and parts of other types are left out. A call without a result
 * gets one that says so.
 *
 * What a page sends is untrusted: it may claim anything about earlier turns.
 *
 * @example
 * export async function POST(request: Request): Promise<Response> {
 *   const { messages } = (await request.json()) as { messages: UiMessage[] };
 *   return client.stream({ messages: messagesFromUi(messages) }).toResponse({ format: "ai-sdk" });
 * }
 * @throws {AiLibError} `INVALID_REQUEST` for what is no such message; `CONFIG_ERROR` for an unknown option.
 */
export function messagesFromUi(
  messages: readonly UiMessage[],
  options: UiMessagesOptions = {},
): readonly Message[] {
  refuseUnknown("option of messagesFromUi", options, OPTIONS);
  return checked(messages).flatMap(({ role, parts }, at) => {
    switch (role) {
      case "user":
        return userMessage(parts);
      case "assistant":
        return assistantMessages(parts);
      case "system":
        if (options.allowSystem !== true)
          throw invalidRequest(`messages[${at}] has the role system, which a page may not write`);
        return [{ role, content: textsOf(parts).join("\n") }];
      default:
        throw invalidRequest(`messages[${at}] has the unknown role ${JSON.stringify(role)}`);
    }
  });
}

/**
 * The decisions of the page on calls that waited for approval, by the id of the call: for
 * `client.runTools({ resume, approvals }, tools)`. Those of the last message count.
 * @throws {AiLibError} `INVALID_REQUEST` for what is no message.
 */
export function approvalsFromUi(
  messages: readonly UiMessage[],
): Readonly<Record<string, { readonly approved: boolean; readonly reason?: string }>> {
  const found: [string, { approved: boolean; reason?: string }][] = [];
  for (const part of checked(messages).at(-1)?.parts ?? []) {
    const approval = asObject(part["approval"]);
    const id = asString(part["toolCallId"]);
    if (
      part["state"] !== "approval-responded" ||
      id === undefined ||
      typeof approval?.["approved"] !== "boolean"
    )
      continue;
    const reason = asString(approval["reason"]);
    found.push([id, { approved: approval["approved"], ...(reason !== undefined && { reason }) }]);
  }
  return Object.fromEntries(found);
}

interface CheckedMessage {
  readonly role: string;
  readonly parts: readonly JsonObject[];
}

function checked(messages: unknown): CheckedMessage[] {
  if (!Array.isArray(messages)) throw invalidRequest("messages is no list");
  if (isTooDeep(messages)) throw invalidRequest("messages has too many levels");
  return messages.map((message: unknown, at) => {
    if (!isObject(message)) throw invalidRequest(`messages[${at}] is not an object`);
    const { role, parts } = message;
    if (typeof role !== "string" || !Array.isArray(parts) || !parts.every(isObject))
      throw invalidRequest(`messages[${at}] is no message of useChat: it needs a role and a list of parts`);
    return { role, parts };
  });
}

function textsOf(parts: readonly JsonObject[]): string[] {
  return parts.flatMap(({ type, text }) => (type === "text" && typeof text === "string" ? [text] : []));
}

function userMessage(parts: readonly JsonObject[]): Message[] {
  const content = parts.flatMap((part): UserPart[] => {
    if (part["type"] === "text" && typeof part["text"] === "string")
      return [{ type: "text", text: part["text"] }];
    return part["type"] === "file" ? filePart(part) : [];
  });
  return content.length === 0 ? [] : [{ role: "user", content }];
}

function filePart({ url, mediaType, filename }: JsonObject): UserPart[] {
  if (typeof url !== "string") return [];
  const read = readDataUri(url);
  if (read === undefined && !/^https?:/i.test(url))
    throw invalidRequest("A file is neither a data: nor an http URL");
  const type = read?.mediaType ?? asString(mediaType);
  const source = {
    ...(read === undefined ? { url } : { data: read.data }),
    ...(type !== undefined && { mediaType: type }),
  };
  if (type?.startsWith("image/") === true) return [{ type: "image", ...source }];
  if (type?.startsWith("audio/") === true) return [{ type: "audio", ...source }];
  const name = asString(filename);
  return [{ type: "file", ...source, ...(name !== undefined && { name }) }];
}

/** A message of the assistant holds a run of tools: each step is a turn, with a turn of results behind it. */
function assistantMessages(parts: readonly JsonObject[]): Message[] {
  const messages: Message[] = [];
  let content: ContentPart[] = [];
  let results: ToolResultPart[] = [];
  const endStep = () => {
    if (content.length > 0) messages.push({ role: "assistant", content });
    if (results.length > 0) messages.push({ role: "tool", content: results });
    content = [];
    results = [];
  };
  for (const part of parts) {
    if (part["type"] === "step-start") endStep();
    else if (isToolPart(part)) {
      const call = callOf(part);
      if (call === undefined) continue;
      content.push(call);
      results.push(resultOf(call, part));
    } else content.push(...answerPart(part));
  }
  endStep();
  return messages;
}

function answerPart(part: JsonObject): ContentPart[] {
  const { type, text } = part;
  const origin = originOf(part["providerMetadata"]);
  const state = origin === undefined ? {} : { origin };
  // Reasoning without the state that proves it is of no use to any vendor.
  if (type === "reasoning" && origin !== undefined)
    return [{ type, text: typeof text === "string" ? text : "", ...state }];
  return type === "text" && typeof text === "string" && text !== "" ? [{ type, text, ...state }] : [];
}

function isToolPart({ type, providerExecuted }: JsonObject): boolean {
  return (
    typeof type === "string" &&
    (type === "dynamic-tool" || type.startsWith("tool-")) &&
    providerExecuted !== true
  );
}

function callOf(part: JsonObject): ToolCallPart | undefined {
  const type = part["type"] as string;
  const id = asString(part["toolCallId"]);
  const name = type === "dynamic-tool" ? asString(part["toolName"]) : type.slice("tool-".length);
  // A call whose arguments were still being written was not made.
  if (id === undefined || name === undefined || name === "" || part["state"] === "input-streaming")
    return undefined;
  const origin = originOf(part["callProviderMetadata"]);
  return {
    type: "tool-call",
    id,
    name,
    ...givenOf(part),
    ...(origin !== undefined && { origin }),
  };
}

/** What the model gave to a tool: arguments, the text of a text tool, or what could not be read. */
function givenOf(part: JsonObject): Pick<ToolCallPart, "arguments" | "argumentsText" | "input"> {
  const { type, state, input, rawInput } = part;
  if (isObject(input)) return { arguments: input };
  // A page keeps what it could not read as `rawInput`, or for a tool without a type as the input of a failure.
  if (input === undefined)
    return rawInput === undefined ? { arguments: {} } : { argumentsText: textOf(rawInput) };
  const unreadable = type === "dynamic-tool" && state === "output-error";
  return typeof input === "string" && !unreadable ? { input } : { argumentsText: textOf(input) };
}

function resultOf(call: ToolCallPart, part: JsonObject): ToolResultPart {
  const failed = (why: string) => toolResult(call, why, { isError: true });
  switch (part["state"]) {
    case "output-available":
      return toolResult(call, part["output"] ?? null);
    case "output-error":
      return failed(asString(part["errorText"]) ?? "The tool failed");
    case "output-denied":
      return failed("The call was denied");
    default:
      return failed("The tool did not run");
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** State that the encoder wrote into the metadata of a part. */
function originOf(metadata: unknown): Origin | undefined {
  const origin = asObject(asObject(asObject(metadata)?.[UI_STATE_KEY])?.["origin"]);
  const family = asString(origin?.["family"]);
  const data = asObject(origin?.["data"]);
  if (origin === undefined || family === undefined || data === undefined) return undefined;
  const names = ["provider", "model", "account"] as const;
  const texts = names.flatMap((name) => {
    const value = asString(origin[name]);
    return value === undefined ? [] : [[name, value]];
  });
  return { family, data, ...Object.fromEntries(texts) };
}
