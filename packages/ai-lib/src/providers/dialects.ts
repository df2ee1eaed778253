import type { ClientHalf, DialectId } from "../core/dialect.js";
import { configError } from "../core/error.js";

/** Client halves, loaded at first use: a program pays for the dialects it speaks. */
const LOADERS: Readonly<Partial<Record<DialectId, () => Promise<{ readonly client: ClientHalf }>>>> = {
  "openai-chat": () => import("../dialects/openai-chat/client.js"),
  "openai-responses": () => import("../dialects/openai-responses/client.js"),
  "anthropic-messages": () => import("../dialects/anthropic-messages/client.js"),
  gemini: () => import("../dialects/gemini/client.js"),
  "mistral-chat": () => import("../dialects/mistral-chat/client.js"),
  "cohere-chat": () => import("../dialects/cohere-chat/client.js"),
  "bedrock-converse": () => import("../dialects/bedrock-converse/client.js"),
  "ollama-chat": () => import("../dialects/ollama-chat/client.js"),
};

const loaded = new Map<DialectId, ClientHalf>();

/** The ids of the dialects that can be spoken. */
export const DIALECT_IDS = Object.keys(LOADERS) as readonly DialectId[];

/** A client half: at once where it was loaded before, so that later calls cost no promise. */
export function dialectClient(id: DialectId): ClientHalf | Promise<ClientHalf> {
  const ready = loaded.get(id);
  if (ready !== undefined) return ready;
  const load = LOADERS[id];
  if (load === undefined) throw configError(`The dialect "${id}" is not spoken`);
  return load().then(({ client }) => {
    loaded.set(id, client);
    return client;
  });
}
