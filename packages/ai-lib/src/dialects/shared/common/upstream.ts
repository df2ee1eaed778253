import { asObject, asString, type JsonObject, tryParse } from "../../../core/values/json.js";

/** The most characters of an upstream error that are read and shown. */
const LIMIT = 4_000;

/**
 * What the provider behind a gateway said, from the gateway's error object: OpenRouter quotes it in `metadata.raw`
 * (https://openrouter.ai/docs/api/reference/errors-and-debugging.md), Bedrock in `originalMessage`. Undefined if the
 * gateway quotes nothing.
 */
export function upstreamOf(error: JsonObject): string | undefined {
  const raw = asObject(error["metadata"])?.["raw"] ?? error["originalMessage"];
  const text = typeof raw === "object" && raw !== null ? JSON.stringify(raw) : asString(raw);
  return text === undefined || text.trim() === "" ? undefined : text;
}

/**
 * A gateway's message with the words of the provider behind it: "Provider returned error" alone says nothing.
 * @param upstream what the provider said: JSON or text. HTML is not shown.
 * @param by the name of the provider, if the gateway reports it.
 */
export function withUpstreamWords(message: string, upstream: string | undefined, by?: string): string {
  const words = upstream === undefined ? undefined : wordsIn(upstream);
  if (words === undefined || message.includes(words)) return message;
  const who = by === undefined || by === "" || message.includes(by) ? "" : ` (${by})`;
  return message === "" ? words : `${message}${who}: ${words}`;
}

/** The message of an upstream error, which is JSON in one of the usual shapes or a text. */
function wordsIn(upstream: string): string | undefined {
  const text = upstream.trim().slice(0, LIMIT);
  if (text.startsWith("<")) return undefined;
  const parsed: unknown = tryParse(upstream.length > 64 * LIMIT ? "" : upstream);
  const body = asObject(Array.isArray(parsed) ? parsed[0] : parsed);
  if (body === undefined) return text;
  const inner = asObject(body["error"]);
  const message =
    asString(inner?.["message"]) ??
    asString(body["error"]) ??
    asString(body["message"]) ??
    asString(body["detail"]);
  return message === undefined || message === "" ? text : message.slice(0, LIMIT);
}
