import type { Quirks } from "../../../core/contract/dialect.js";

/** How an endpoint that speaks this dialect deviates from it. Every flag is off by default. */
export interface GeminiQuirks {
  /**
   * The endpoint refuses `id` in `functionCall` and `functionResponse`. Cloud Code Assist and older Vertex
   * versions answered `Unknown name "id"`; calls and results are then paired by their order and name.
   */
  readonly noCallIds?: boolean;
  /**
   * The endpoint takes schemas only as the OpenAPI subset in `parameters` and `responseSchema` (the Live API
   * does, and gateways that copy the older API). Without it schemas go as JSON Schema into
   * `parametersJsonSchema` and `responseJsonSchema`, which take `$ref`, null types and numeric enums as they
   * are (https://ai.google.dev/api/generate-content#FIELDS.response_json_schema).
   */
  readonly openApiSchemas?: boolean;
  /**
   * The model refuses `systemInstruction`: system text goes in front of the first user message. Known by itself
   * for Gemma 1 to 3 ("Developer instruction is not enabled for models/gemma-3-27b-it").
   */
  readonly noSystemRole?: boolean;
  /**
   * The endpoint refuses `toolConfig.includeServerSideToolInvocations`. Vertex does
   * (https://googleapis.github.io/js-genai/release_docs/interfaces/types.ToolConfig.html); the Gemini API wants
   * it wherever its own tools and functions stand in one request.
   */
  readonly noServerSideToolInvocations?: boolean;
  /**
   * The endpoint refuses `serviceTier`. Vertex chooses tiers by header.
   */
  readonly noServiceTier?: boolean;
}

/** Names of the quirks, so that an unknown one can be refused when a provider is built. */
export const geminiQuirkNames: readonly (keyof GeminiQuirks & string)[] = [
  "noCallIds",
  "openApiSchemas",
  "noSystemRole",
  "noServerSideToolInvocations",
  "noServiceTier",
];

/** A target's quirks, typed; builders have checked the names. */
export function quirksOf(quirks: Quirks): GeminiQuirks {
  return quirks as GeminiQuirks;
}
