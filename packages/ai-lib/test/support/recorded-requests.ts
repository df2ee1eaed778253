import type { DialectId, ServerHalf } from "../../src/core/contract/dialect.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import { isObject } from "../../src/core/values/json.js";
import { type Recording, recordedCases } from "./recordings.js";

/** The dialects by the names that recordings have for their APIs. */
export const APIS: ReadonlyMap<string, DialectId> = new Map([
  ["openai-chat", "openai-chat"],
  ["openai-responses", "openai-responses"],
  ["anthropic-messages", "anthropic-messages"],
  ["google-generate-content", "gemini"],
  ["mistral-chat", "mistral-chat"],
  ["cohere-chat-v2", "cohere-chat"],
  ["bedrock-converse", "bedrock-converse"],
  ["ollama-chat", "ollama-chat"],
]);

/** Every recorded chat exchange whose request was recorded. */
export function allRecordings(): readonly Recording[] {
  return [...APIS.keys()]
    .flatMap((api) => recordedCases(api).map(({ recording }) => recording))
    .filter(({ request }) => request !== null && isObject(request.body));
}

/** A recorded request as a server half of its dialect reads it; undefined where it refuses it. */
export function requestOf(
  { api, request, model }: Recording,
  halves: ReadonlyMap<string, { readonly server: ServerHalf }>,
): ChatRequest | undefined {
  const server = halves.get(APIS.get(api) ?? "")?.server;
  if (server === undefined || request === null) return undefined;
  try {
    const path = request.url.replace(/^https?:\/\/[^/]*|[?#].*$/g, "");
    const { headers } = request;
    const decoded = server.decode({ method: "POST", path, headers, body: JSON.stringify(request.body) });
    return { ...decoded.request, model: decoded.request.model ?? model ?? "model" };
  } catch (error) {
    if (AiLibError.is(error)) return undefined;
    throw error;
  }
}
