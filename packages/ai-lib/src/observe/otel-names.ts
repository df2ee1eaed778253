/**
 * Provider names of the GenAI conventions; any other provider is named by its own id.
 * https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ (gen_ai.provider.name)
 */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  "azure-openai": "azure.ai.openai",
  "azure-openai-responses": "azure.ai.openai",
  bedrock: "aws.bedrock",
  "bedrock-mantle": "aws.bedrock",
  google: "gcp.gemini",
  mistral: "mistral_ai",
  moonshot: "moonshot_ai",
  "moonshot-cn": "moonshot_ai",
  "openai-responses": "openai",
  vertex: "gcp.vertex_ai",
  "vertex-anthropic": "gcp.vertex_ai",
  watsonx: "ibm.watsonx.ai",
  xai: "x_ai",
  "xai-responses": "x_ai",
};

/** The name of a provider in the GenAI conventions. */
export function providerName(id: string): string {
  return (Object.hasOwn(PROVIDER_NAMES, id) ? PROVIDER_NAMES[id] : undefined) ?? id;
}

/**
 * Operations of the GenAI conventions by kind of call; any other kind is named by its own name.
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ (gen_ai.operation.name)
 */
const OPERATIONS: Readonly<Record<string, string>> = { embed: "embeddings" };

/** The operation that a kind of call is in the GenAI conventions. */
export function operationName(kind: string): string {
  return (Object.hasOwn(OPERATIONS, kind) ? OPERATIONS[kind] : undefined) ?? kind;
}
