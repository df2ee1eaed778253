import type { Quirks } from "../../../core/contract/dialect.js";

/** Deviations of one endpoint from the dialect. Every flag is off by default. */
export interface GeminiQuirks {
  /**
   * The endpoint refuses `id` in `functionCall` and `functionResponse`. Cloud Code Assist and older Vertex
   * versions answered `Unknown name "id"`; calls and results are then paired by their order and name.
   */
  readonly noCallIds?: boolean;
  /**
   * The endpoint accepts schemas only as the OpenAPI subset in `parameters` and `responseSchema`, as the Live API and
   * gateways that copy the older API do. Without the quirk, schemas are sent as JSON Schema in
   * `parametersJsonSchema` and `responseJsonSchema`, which accept `$ref`, null types and numeric enums
   * (https://ai.google.dev/api/generate-content#FIELDS.response_json_schema).
   */
  readonly openApiSchemas?: boolean;
  /**
   * The model refuses `systemInstruction`: system text is put in front of the first user message. Always on for
   * Gemma 1 to 3 ("Developer instruction is not enabled for models/gemma-3-27b-it").
   */
  readonly noSystemRole?: boolean;
  /**
   * The endpoint refuses `toolConfig.includeServerSideToolInvocations`. Vertex does
   * (https://googleapis.github.io/js-genai/release_docs/interfaces/types.ToolConfig.html); the Gemini API demands it
   * for requests with both its own tools and functions.
   */
  readonly noServerSideToolInvocations?: boolean;
  /** A count of tokens takes the request's fields as they are, and not a whole request in one field, as on Vertex. */
  readonly plainCounts?: boolean;
  /**
   * The endpoint refuses `serviceTier`. Vertex chooses tiers by header.
   */
  readonly noServiceTier?: boolean;
}

/** The quirks of a target. */
export function quirksOf(quirks: Quirks): GeminiQuirks {
  return quirks;
}
