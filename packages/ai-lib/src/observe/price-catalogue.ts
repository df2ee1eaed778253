/**
 * Providers whose id is another in the price catalogue (the `id` fields of
 * https://github.com/pydantic/genai-prices/tree/main/prices/providers). A vendor's several endpoints bill alike; its
 * Chinese platform does not, and a subscription has no price by the token.
 */
const RENAMED: Readonly<Record<string, string>> = {
  "azure-openai": "azure",
  "azure-openai-responses": "azure",
  bedrock: "aws",
  "bedrock-mantle": "aws",
  vertex: "google",
  moonshot: "moonshotai",
  "openai-responses": "openai",
  xai: "x-ai",
  "xai-responses": "x-ai",
  zhipu: "zhipuai",
};

/** Providers whose id is the same there. */
const SAME: ReadonlySet<string> = new Set([
  "anthropic",
  "avian",
  "baseten",
  "cerebras",
  "cloudflare",
  "cohere",
  "deepseek",
  "fireworks",
  "google",
  "groq",
  "mistral",
  "novita",
  "openai",
  "openrouter",
  "ovhcloud",
  "perplexity",
  "together",
  "zai",
]);

/**
 * The catalogue's id of a provider; undefined where it has none. It would guess from a part of the name, or from
 * the model's: then a server of one's own would seem to cost what the vendor takes.
 */
export function catalogueId(provider: string): string | undefined {
  return Object.hasOwn(RENAMED, provider) ? RENAMED[provider] : SAME.has(provider) ? provider : undefined;
}
