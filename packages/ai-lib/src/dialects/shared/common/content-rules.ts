import type { DialectTarget } from "../../../core/contract/dialect.js";
import { type PlainRequest, withFunctionTools } from "../../../core/kinds/chat/text-tools.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { ContentPart, Message } from "../../../core/values/message.js";
import { CallIds } from "./call-ids.js";
import { parseDataUri } from "./data-uri.js";
import { type EncodeRules, FILE_FIELDS } from "./encode-rules.js";
import { findCloudMedium, findFileOf, findForeignImage, normalizeMedia } from "./media.js";
import { findLargeMedium } from "./media-limits.js";
import type { Why } from "./reason.js";
import { reasonOf } from "./reason.js";
import { VENDOR_FIELDS } from "./vendor-fields.js";

/** Reports content that a request cannot carry: as a warning, or as a refusal. */
export interface Losses {
  changed(field: string, why?: string | Why): void;
  unsupported(field: string, why?: string | Why): void;
  refuse(field: string, why?: string | Why): never;
  dropFileField(at: string, role: Message["role"]): void;
}

/** The messages and the tools of a request in the one form that dialects encode. Positions are the same. */
type PreparedContent = Pick<PlainRequest, "messages" | "tools">;

/**
 * Prepares what a request has besides texts: media in one form, and functions in place of text tools for targets
 * without them. Content that the target does not accept is refused, or left out with a warning.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for content without which the answer would be wrong.
 */
function prepareContent(
  request: ChatRequest,
  rules: EncodeRules,
  target: DialectTarget,
  losses: Losses,
): PreparedContent {
  const plain = withFunctionTools(request);
  const textTools = rules.textTools?.(target) === true;
  const messages = normalizeMedia(textTools ? request.messages : plain.messages);
  if (plain !== request && !textTools)
    request.tools?.forEach((tool, i) => {
      if (tool.type === "text-tool" && tool.grammar !== undefined) losses.changed(`tools.${i}.grammar`);
    });
  refuseStoredInput(request, rules, losses);
  refuseCloudMedia(messages, rules, losses);
  refuseImages(messages, rules.images?.(target), losses);
  refuseFiles(messages, rules.refusedFiles?.(target), losses);
  refuseLargeMedia(messages, rules, target, losses);
  messages.forEach(({ role, content }, i) => {
    if (typeof content !== "string" && content.some(hasFile))
      dropFileFields(content, `messages.${i}.content`, role, rules, losses);
  });
  return { messages, tools: plain.tools };
}

/**
 * Input that another vendor stores is refused: the answer would be about the rest of the request alone. Tools that
 * only its vendor runs are left out with a warning.
 */
function refuseStoredInput({ extensions }: ChatRequest, rules: EncodeRules, losses: Losses): void {
  if (extensions === undefined) return;
  for (const { dialect, field, holds } of VENDOR_FIELDS) {
    if (dialect === rules.dialect || extensions[dialect]?.[field] == null) continue;
    const at = `extensions.${dialect}.${field}`;
    if (holds === "input")
      losses.refuse(at, { reason: "the vendor of that dialect stores this part of the input" });
    losses.unsupported(at, { reason: "only the vendor of that dialect runs these tools" });
  }
}

/** Refuses a medium that only another cloud can read: an answer without it would be wrong. */
function refuseCloudMedia(messages: readonly Message[], { cloud }: EncodeRules, losses: Losses): void {
  const at = findCloudMedium(messages, cloud);
  if (at !== undefined)
    losses.refuse(at, {
      reason: "its URL is within the storage of another cloud: send the bytes, or a signed https URL",
    });
}

/** Refuses an image that the target cannot show to its model: an answer without it would be wrong. */
function refuseImages(
  messages: readonly Message[],
  accepted: readonly string[] | undefined,
  losses: Losses,
): void {
  const found = accepted === undefined ? undefined : findForeignImage(messages, accepted);
  if (found === undefined || accepted === undefined) return;
  losses.refuse(found.at, {
    reason: `images are ${accepted.map((type) => type.slice("image/".length)).join(", ")}, and this one is ${found.mediaType}`,
  });
}

/** Refuses a file of a type that a target does not accept in file parts: an answer without it would be wrong. */
function refuseFiles(
  messages: readonly Message[],
  refused: readonly string[] | undefined,
  losses: Losses,
): void {
  const found = refused === undefined ? undefined : findFileOf(messages, refused);
  if (found === undefined) return;
  losses.refuse(found.at, { reason: `no model of this endpoint reads ${found.mediaType} in a file` });
}

/** Refuses a medium that the vendor would refuse for its size, so that another provider can take it. */
function refuseLargeMedia(
  messages: readonly Message[],
  { mediaLimits }: EncodeRules,
  target: DialectTarget,
  losses: Losses,
): void {
  const limits = mediaLimits?.(target);
  const found = limits === undefined ? undefined : findLargeMedium(messages, limits);
  if (found === undefined) return;
  const { at, bytes, limit } = found;
  losses.refuse(at, { reason: `it has ${bytes} bytes, and ${limit.bytes} is the most within a message` });
}

/** Warns about fields of files that the dialect does not carry. */
function dropFileFields(
  parts: readonly ContentPart[],
  at: string,
  role: Message["role"],
  rules: EncodeRules,
  losses: Losses,
): void {
  for (const [i, part] of parts.entries()) {
    if (part.type === "tool-result" && typeof part.content !== "string")
      dropFileFields(part.content, `${at}.${i}.content`, role, rules, losses);
    if (part.type !== "file") continue;
    for (const field of FILE_FIELDS)
      if (part[field] !== undefined && rules.fileFields?.includes(field) !== true)
        losses.dropFileField(`${at}.${i}.${field}`, role);
  }
}

function hasFile({ type }: ContentPart): boolean {
  return type === "file" || type === "tool-result";
}

/** The code of `contentRules`: what only requests with more than text need. */
export const contentRuleSet = { CallIds, parseDataUri, prepareContent, reasonOf };
