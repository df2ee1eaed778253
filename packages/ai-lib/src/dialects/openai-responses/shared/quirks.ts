import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { EffortWord } from "../../shared/common/efforts.js";
import type { StrictSchemas } from "../../shared/common/schema-rules.js";
import type { VendorCodes } from "../../shared/common/vendor-codes.js";
import { forModel, type ModelQuirks } from "../../shared/openai/by-model.js";

export type { EffortWord };

/** Body fields that some endpoints or models refuse. */
export const OMITTABLE_FIELDS = [
  "temperature",
  "topP",
  "logprobs",
  "parallelToolCalls",
  "toolChoice",
  "serviceTier",
  "cacheKey",
  "user",
  "metadata",
  "maxTokens",
  "store",
  "include",
  "reasoning",
  "maxToolCalls",
  "verbosity",
  "contextManagement",
] as const;
export type OmittableField = (typeof OMITTABLE_FIELDS)[number];

/**
 * Deviations of one endpoint from what OpenAI documents at https://platform.openai.com/docs/api-reference/responses.
 * Replies are decoded in every observed shape. Quirks are for what contradicts that.
 */
export interface OpenAiResponsesQuirks {
  /** Path of the endpoint. Default `/responses`. */
  readonly path?: string;
  /** Query of the endpoint. Azure's dated versions need `{ "api-version": "..." }`. */
  readonly query?: Readonly<Record<string, string>>;
  /**
   * System messages stay in `input`, since the endpoint refuses `instructions`. xAI refuses them beside
   * `previous_response_id`: https://reference.langchain.com/javascript/langchain-xai/XAIResponsesCreateParams
   */
  readonly noInstructions?: boolean;
  /** The role of system messages within `input`. Default `system`, which every endpoint accepts. */
  readonly systemRole?: "system" | "developer";
  /**
   * Whether to include `reasoning.encrypted_content`. Without it, reasoning can be sent back only if it is stored.
   * Models that do not reason refuse it: "Encrypted content is not supported with this model"
   * (https://github.com/ShishirPatil/gorilla/issues/1148). Default: if the request asks for reasoning, or its
   * history has such state. `true` is for models that always reason, `false` for endpoints without it.
   */
  readonly encryptedReasoning?: boolean;
  /** The words of effort that it accepts; others become the closest of these, with a warning. Default none to xhigh. */
  readonly reasoningEfforts?: readonly EffortWord[];
  /** Sampling parameters are refused unless the effort is `none` (OpenAI's reasoning models: https://platform.openai.com/docs/guides/latest-model). */
  readonly noSamplingWithReasoning?: boolean;
  /** Runs responses in the background: https://platform.openai.com/docs/guides/background. */
  readonly background?: boolean;
  /** Accepts `input_audio` parts. OpenAI's own endpoint does not: https://platform.openai.com/docs/guides/audio */
  readonly audioInput?: boolean;
  /**
   * Accepts `prompt_cache_breakpoint` on content (gpt-5.6 and later; recordings `test-openrouter-responses-prompt-cache-e2e`).
   * Without it prefixes are cached automatically, and marks are left out with a warning.
   */
  readonly cacheBreakpoints?: boolean;
  /** Item ids are not sent back. By default those of at most 64 characters are, which is OpenAI's limit. */
  readonly noItemIds?: boolean;
  /** The longest `call_id` that it accepts. Default 64: "string too long. Expected a string with maximum length 64". */
  readonly maxToolCallId?: number;
  /** The name of the end user's id. Default `safety_identifier`, which replaces `user` at OpenAI. */
  readonly userField?: "safety_identifier" | "user";
  /**
   * Which strict schemas it accepts. Default `openai`: closed objects whose properties are all required. `closed`:
   * properties may be optional (recording cerebras...tool-choice). `any`: as they are (recordings xai.openai-chat.*).
   */
  readonly strictSchemas?: StrictSchemas;
  /**
   * The format of an answer is `response_format`, in the form of Chat Completions, for a schema alone (Perplexity).
   * Default: `text.format`.
   */
  readonly responseFormatField?: boolean;
  /** Refuses `strict` in a function tool. */
  readonly noStrictTools?: boolean;
  /** Fields that are left out with a warning; `store` and `include`, which no request has, without one. */
  readonly omit?: readonly OmittableField[];
  /** Fields of every request. The caller's own take precedence. */
  readonly body?: JsonObject;

  /** Who can read the opaque state of its replies. Default: the provider's id. */
  readonly stateFamily?: string;

  /** What the vendor's own error codes mean. They take precedence over the words of an error and over its status. */
  readonly errorCodes?: VendorCodes;

  /** Quirks of single models, over the provider's: those of the first rule that matches. `*` matches any text. */
  readonly byModel?: readonly ModelQuirks<OpenAiResponsesQuirks>[];
}

/** The quirks that hold for a target's model. */
export function quirksOf(target: DialectTarget): OpenAiResponsesQuirks {
  return forModel<OpenAiResponsesQuirks>(target.quirks, target.model);
}

/** Who can read the opaque state of a target's replies. */
export function familyOf(target: DialectTarget, quirks: OpenAiResponsesQuirks): string {
  return quirks.stateFamily ?? target.provider;
}
