import type { ClientHalf, DialectId } from "../../core/contract/dialect.js";
import { configError } from "../../core/errors/error.js";

/** Client halves, loaded at first use: a program loads only the dialects that it uses. */
const LOADERS: Readonly<Partial<Record<DialectId, () => Promise<{ readonly client: ClientHalf }>>>> = {
  "openai-chat": () => import("../../dialects/openai-chat/client/index.js"),
  "openai-responses": () => import("../../dialects/openai-responses/client/index.js"),
  "anthropic-messages": () => import("../../dialects/anthropic-messages/client/index.js"),
  gemini: () => import("../../dialects/gemini/client/index.js"),
  "mistral-chat": () => import("../../dialects/mistral-chat/client/index.js"),
  "cohere-chat": () => import("../../dialects/cohere-chat/client/index.js"),
  "bedrock-converse": () => import("../../dialects/bedrock-converse/client/index.js"),
  "ollama-chat": () => import("../../dialects/ollama-chat/client/index.js"),
};

const loaded = new Map<DialectId, ClientHalf>();

/** A client half, or a promise of it at its first use. Later calls cost no promise. */
export function dialectClient(id: DialectId): ClientHalf | Promise<ClientHalf> {
  const ready = loaded.get(id);
  if (ready !== undefined) return ready;
  const load = LOADERS[id];
  if (load === undefined) throw configError(`Unknown dialect "${id}"`);
  return load().then(({ client }) => {
    loaded.set(id, client);
    return client;
  });
}
