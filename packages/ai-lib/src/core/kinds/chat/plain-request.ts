import { invalidRequest, messageOf } from "../../errors/error.js";
import type { ChatRequest } from "../../values/chat-request.js";
import { isObject } from "../../values/json.js";
import type { Message } from "../../values/message.js";
import { checkModelName } from "../model-name.js";

/**
 * Whether a request is a conversation in texts, with a model and numbers at most: it needs no further checks. Most requests
 * are; a bundle loads the checks of all others on demand.
 * @throws {AiLibError} `INVALID_REQUEST` for a model or a number that no provider could take.
 */
export function isPlainRequest(request: ChatRequest): boolean {
  if (!isObject(request)) return false;
  for (const field in request)
    if (field !== "model" && field !== "messages" && !NUMBERS.has(field)) return false;
  const { model, messages }: { readonly model?: unknown; readonly messages?: unknown } = request;
  if (!Array.isArray(messages)) return false;
  let answerable = false;
  for (const message of messages) {
    if (!isPlainText(message)) return false;
    if (message.role !== "system") answerable = true;
  }
  if (!answerable) return false;
  checkModelName(model);
  checkNumbers(request);
  return true;
}

/** Whether a value is a message of the usual form: a role and a text, and no other field. */
export function isPlainText(
  message: unknown,
): message is { readonly role: Message["role"]; readonly content: string } {
  if (!isObject(message)) return false;
  const { role, content } = message;
  if (typeof content !== "string" || (role !== "user" && role !== "system" && role !== "assistant"))
    return false;
  if (Object.getPrototypeOf(message) !== Object.prototype) return false;
  for (const field in message) if (field !== "role" && field !== "content") return false;
  return true;
}

/** The fields that {@link checkNumbers} checks. */
export const NUMBERS: ReadonlySet<string> = new Set([
  "maxTokens",
  "maxToolCalls",
  "temperature",
  "topP",
  "topK",
  "presencePenalty",
  "frequencyPenalty",
] satisfies (keyof ChatRequest)[]);

/** The ranges are those beyond which no vendor accepts a number. */
export function checkNumbers(request: ChatRequest): void {
  for (const field in request)
    switch (field) {
      case "maxTokens":
      case "maxToolCalls":
      case "temperature":
      case "topK":
        checkCount(field, request[field]);
        break;
      case "topP":
        checkCount(field, request.topP);
        checkRange(field, request.topP, 0, 1);
        break;
      case "presencePenalty":
      case "frequencyPenalty":
        checkRange(field, request[field], -2, 2);
        break;
      default:
    }
}

function checkCount(field: keyof ChatRequest, value: unknown): void {
  if (value !== undefined && (typeof value !== "number" || !Number.isFinite(value) || value < 0))
    throw invalidRequest(`\`${field}\` must be a number of 0 or more, not ${messageOf(value)}`);
}

function checkRange(field: keyof ChatRequest, value: unknown, least: number, most: number): void {
  if (value !== undefined && !(typeof value === "number" && value >= least && value <= most))
    throw invalidRequest(`\`${field}\` must be a number from ${least} to ${most}, not ${messageOf(value)}`);
}
