import type { ChatRequest, ClientHalf, DialectId, DialectProvider } from "ai-lib";
import { systemClock } from "ai-lib";

/** Each dialect's client half, loaded when it is asked for. */
const CLIENTS: Readonly<Record<DialectId, () => Promise<{ readonly client: ClientHalf }>>> = {
  "openai-chat": () => import("ai-lib/dialects/openai-chat/client"),
  "openai-responses": () => import("ai-lib/dialects/openai-responses/client"),
  "anthropic-messages": () => import("ai-lib/dialects/anthropic-messages/client"),
  gemini: () => import("ai-lib/dialects/gemini/client"),
  "mistral-chat": () => import("ai-lib/dialects/mistral-chat/client"),
  "cohere-chat": () => import("ai-lib/dialects/cohere-chat/client"),
  "bedrock-converse": () => import("ai-lib/dialects/bedrock-converse/client"),
  "ollama-chat": () => import("ai-lib/dialects/ollama-chat/client"),
};

/** The losses of a request in the dialect of a provider: one message for each field that is left out or changed. */
export async function lossesOf(
  request: ChatRequest,
  { data, name }: DialectProvider,
  model: string,
): Promise<readonly string[]> {
  const { client } = await CLIENTS[data.dialect]();
  const target = { provider: name, model, quirks: { ...data.quirks }, now: systemClock.now() };
  try {
    return client.encode({ ...request, model }, "unary", target).warnings.map(({ message }) => message);
  } catch (error) {
    return [`it refuses the request: ${(error as Error).message}`];
  }
}
