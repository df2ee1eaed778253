import type { DialectId } from "../../src/core/contract/dialect.js";
import type { ChatProvider } from "../../src/core/contract/provider.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { AiClient, CustomProviderBuilder, ProviderFactory, type Transport } from "../../src/index.js";
import type { Outcome, Recording } from "../support/recordings.js";

/** Recorded apis and the dialects that speak them. */
export const APIS: Readonly<Record<string, DialectId>> = {
  "openai-chat": "openai-chat",
  "openai-responses": "openai-responses",
  "anthropic-messages": "anthropic-messages",
  "google-generate-content": "gemini",
  "mistral-chat": "mistral-chat",
  "cohere-chat-v2": "cohere-chat",
  "bedrock-converse": "bedrock-converse",
  "ollama-chat": "ollama-chat",
};

/** The provider that a recording names, at another address. */
export function providerFor(
  recording: Recording,
  dialect: DialectId,
  baseUrl: string,
  transport?: Transport,
): ChatProvider {
  const options = { baseUrl, apiKey: "recorded-key", model: "recorded", transport, environment: {} };
  const known = ProviderFactory.ids().includes(recording.provider);
  if (known && ProviderFactory.describe(recording.provider).dialect === dialect)
    return ProviderFactory.create(recording.provider, options);
  const builder = new CustomProviderBuilder(recording.provider)
    .withDialect(dialect)
    .withBaseUrl(baseUrl)
    .withApiKey("recorded-key")
    .withDefaultChatModel("recorded");
  return (transport === undefined ? builder : builder.withTransport(transport)).buildProvider();
}

/** Runs a recording through the public API, as a stream where it was recorded as one. */
export async function run(recording: Recording, provider: ChatProvider): Promise<Outcome> {
  const client = new AiClient(provider);
  try {
    if (!recording.stream) return { response: await client.chat("recorded") };
    return { response: await client.stream("recorded").response() };
  } catch (error) {
    if (AiLibError.is(error)) return { error };
    throw error;
  }
}
