import { TELEMETRY_NAMES } from "./provider-names.generated.js";

/** The name of a provider in the GenAI conventions: that of its data, else its id. */
export function providerName(id: string): string {
  return TELEMETRY_NAMES.get(id) ?? id;
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
