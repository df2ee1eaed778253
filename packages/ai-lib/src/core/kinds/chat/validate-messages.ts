import { invalidRequest } from "../../errors/error.js";
import { isObject, type JsonObject } from "../../values/json.js";
import type { ContentPart, Message } from "../../values/message.js";
import { checkPartFields } from "./known-fields.js";
import { FOREIGN_MESSAGE_FIELDS, nearPart, nearRole } from "./near-names.js";
import { isPlainText } from "./plain-request.js";

type Role = Message["role"];
type PartType = ContentPart["type"];

/** Which parts each role may hold. */
const PARTS: Readonly<Record<Role, ReadonlySet<string>>> = {
  system: new Set<PartType>(["text"]),
  user: new Set<PartType>(["text", "image", "audio", "file"]),
  assistant: new Set<PartType>([
    "text",
    "image",
    "audio",
    "file",
    "reasoning",
    "compaction",
    "refusal",
    "tool-call",
    "tool-result",
    "source",
  ]),
  tool: new Set<PartType>(["tool-result"]),
};

/**
 * Refuses messages that no provider could take: values that are not messages or parts, a part in a role that cannot
 * have it, and the result of a call that is not in the history.
 * @param continued the calls may be in the conversation that the vendor stores and the request continues.
 * @throws {AiLibError} `INVALID_REQUEST` that names the place and what to do.
 */
export function checkMessages(messages: readonly unknown[], continued: boolean): void {
  let calls: Set<unknown> | undefined;
  let answerable = false;
  messages.forEach((message, i) => {
    // A text for each message of each request takes longer than its checks.
    if (isPlainText(message)) {
      if (message.role !== "system") answerable = true;
      return;
    }
    const at = `messages.${i}`;
    if (!isObject(message)) throw invalidRequest(`\`${at}\` must be an object with role and content`);
    const { role, content } = message;
    const near = nearRole(role);
    if (near !== undefined) throw invalidRequest(`\`${at}.role\` "${String(role)}" is "${near}" here`);
    for (const field in FOREIGN_MESSAGE_FIELDS)
      if (message[field] !== undefined)
        throw invalidRequest(`\`${at}.${field}\` has no place here: ${FOREIGN_MESSAGE_FIELDS[field]}`);
    if (typeof role !== "string" || !Object.hasOwn(PARTS, role))
      throw invalidRequest(`\`${at}.role\` must be one of ${Object.keys(PARTS).join(", ")}`);
    if (role !== "system") answerable = true;
    if (typeof content === "string" && role !== "tool") return;
    if (!Array.isArray(content))
      throw invalidRequest(
        role === "tool"
          ? `\`${at}.content\` of a tool message is an array of tool-result parts; use toolResult(call, value)`
          : `\`${at}.content\` must be a string or an array of parts`,
      );
    content.forEach((part: unknown, j) => {
      const place = `${at}.content.${j}`;
      const checked = checkPart(part, role as Role, place);
      if (checked["type"] === "tool-call") {
        calls ??= new Set();
        calls.add(checked["id"]);
      } else if (
        checked["type"] === "tool-result" &&
        checked["executedBy"] === undefined &&
        !continued &&
        calls?.has(checked["id"]) !== true
      )
        throw invalidRequest(
          `\`${place}\` is the result of the tool call "${String(checked["id"])}", which no earlier message made; append response.message to the history before its results`,
        );
    });
  });
  if (!answerable) throw invalidRequest("`messages` has only system messages: add a user message");
}

function checkPart(part: unknown, role: Role, at: string): JsonObject {
  if (!isObject(part)) throw invalidRequest(`\`${at}\` must be a part, such as { type: "text", text }`);
  const { type } = part;
  const near = nearPart(type);
  if (near !== undefined) throw invalidRequest(`\`${at}\` is of type "${String(type)}": use ${near}`);
  if (typeof type !== "string" || !PARTS[role].has(type))
    throw invalidRequest(
      `\`${at}\` is of type "${String(type)}"; a ${role} message can have ${[...PARTS[role]].join(", ")}`,
    );
  const kind = type as PartType;
  checkPartFields(part, kind, at);
  switch (kind) {
    case "text":
    case "reasoning":
    case "refusal":
      if (typeof part["text"] !== "string")
        throw invalidRequest(`\`${at}.text\` of a ${type} part must be a text`);
      break;
    case "image":
    case "audio":
    case "file":
      checkMedia(part, `\`${at}\` (${type})`);
      break;
    case "tool-call":
      for (const field of ["id", "name"])
        if (typeof part[field] !== "string") throw invalidRequest(`\`${at}.${field}\` must be a text`);
      if (part["arguments"] !== undefined && !isObject(part["arguments"]))
        throw invalidRequest(`\`${at}.arguments\` must be an object: parse the text of a call's arguments`);
      if (
        part["input"] !== undefined &&
        (typeof part["input"] !== "string" || part["arguments"] !== undefined)
      )
        throw invalidRequest(`\`${at}.input\` must be a text, and a call has \`input\` or \`arguments\``);
      break;
    case "tool-result":
      if (typeof part["content"] !== "string" && !Array.isArray(part["content"]))
        throw invalidRequest(
          `\`${at}.content\` must be a string or an array of parts; toolResult(call, value) writes any value`,
        );
      break;
    case "source":
    case "compaction":
      break;
    default:
      kind satisfies never;
  }
  return part;
}

/** How base64, of any alphabet and with white space, and a `data:` URI begin. */
const BASE64_HEAD = /^\s*(?:data:|[A-Za-z0-9+/_-]{2})/i;

function checkMedia({ url, data, uploaded, mediaType }: JsonObject, part: string): void {
  for (const [field, value] of Object.entries({ url, data, mediaType }))
    if (value !== undefined && typeof value !== "string")
      throw invalidRequest(`${part}: \`${field}\` must be a text`);
  if ([url, data, uploaded].filter((one) => one !== undefined).length !== 1)
    throw invalidRequest(`${part} needs exactly one of url, data and uploaded`);
  if (typeof url === "string" && /^file:/i.test(url))
    throw invalidRequest(
      `${part} has a file: URL, which no provider can read; image(), audio() and file() read files of this machine`,
    );
  if (data !== undefined && mediaType === undefined)
    throw invalidRequest(`${part} has data and no mediaType, such as "image/png"`);
  if (typeof data === "string" && !BASE64_HEAD.test(data))
    throw invalidRequest(`${part} has ${data === "" ? "no bytes" : "data that is no base64"}`);
}
