import {
  type Check,
  count,
  flag,
  listOf,
  mapOf,
  object,
  oneOf,
  type Shape,
  shapeOf,
  text,
} from "../../../core/values/check.js";
import { isObject } from "../../../core/values/json.js";
import { EFFORTS } from "../../shared/common/efforts.js";
import type { TierWords } from "../../shared/common/service-tier.js";
import { vendorCodes } from "../../shared/common/vendor-codes-check.js";
import { modelQuirks } from "../../shared/openai/by-model-check.js";
import { OMITTABLE_FIELDS, type OpenAiChatQuirks, type ProviderToolForm } from "./quirks.js";

const tierWord: Check<string | null> = (value) =>
  value === null || typeof value === "string" ? undefined : "a text, or null for none";

/** Whether a value is a {@link ProviderToolForm}. */
const providerToolForm: Check<ProviderToolForm> = (value) =>
  isObject(value) &&
  Object.keys(value).length === 1 &&
  (isObject(value["tool"]) || text(value["field"]) === undefined)
    ? undefined
    : 'an object with "tool", an object, or with "field", a text';

/** The values that each quirk except `byModel` accepts. */
const ofOneModel: Shape<Omit<OpenAiChatQuirks, "byModel">> = {
  maxTokensField: oneOf("max_tokens", "max_completion_tokens"),
  systemRole: oneOf("system", "developer", "user"),
  textOnly: flag,
  logprobsCount: flag,
  noImageUrls: flag,
  imageTypes: listOf(text),
  fileUrls: flag,
  videoUrls: flag,
  toolResultMedia: flag,
  emptyContent: oneOf("null", "empty", "omit"),
  noEmptyAssistant: flag,
  reasoningHistory: oneOf("none", "reasoning_content", "reasoning", "reasoning_details"),
  reasoningHistoryRequired: flag,
  reasoningRequest: oneOf(
    "reasoning_effort",
    "reasoning",
    "thinking",
    "enable_thinking",
    "chat_template_kwargs",
    "none",
  ),
  reasoningEfforts: listOf(oneOf(...EFFORTS)),
  thinkingEffort: flag,
  thinkingBudget: flag,
  thinkTags: flag,
  serviceTiers: shapeOf<TierWords>({
    flex: tierWord,
    standard: tierWord,
    priority: tierWord,
    fast: tierWord,
  }),
  noStreamOptions: flag,
  structuredOutput: oneOf("json-schema", "json-object", "none"),
  noToolsWithFormat: flag,
  needsJsonWord: flag,
  metadataNeedsStore: flag,
  strictSchemas: oneOf("openai", "closed", "any"),
  noStrictTools: flag,
  allowedTools: flag,
  customTools: flag,
  toolChoices: listOf(oneOf("auto", "none", "required", "named")),
  stripSchemaKeywords: listOf(text),
  bounds: shapeOf<NonNullable<OpenAiChatQuirks["bounds"]>>({
    temperature: count,
    logprobs: count,
    stops: count,
    fileBytes: count,
  }),
  maxTools: count,
  maxToolCallId: count,
  mistralTemplate: flag,
  providerTools: mapOf(providerToolForm),
  outputModalities: listOf(oneOf("text", "image", "audio")),
  omit: listOf(oneOf(...OMITTABLE_FIELDS)),
  noSamplingWithReasoning: flag,
  topK: flag,
  seedField: oneOf("seed", "random_seed"),
  userField: oneOf("user", "safety_identifier", "user_id"),
  cacheKeyField: oneOf("prompt_cache_key", "session_id"),
  cacheKeyHeader: text,
  cacheControl: flag,
  body: object,
  stateFamily: text,
  usageExcludesReasoning: flag,
  costInDollars: flag,
  quotaIsRate: flag,
  forbiddenIsQuota: flag,
  errorCodes: vendorCodes,
};

/** The values that each quirk accepts. They are checked when the provider is built. */
export const openAiChatQuirks: Shape<OpenAiChatQuirks> = { ...ofOneModel, byModel: modelQuirks(ofOneModel) };
