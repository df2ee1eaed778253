import type { DialectTarget } from "../../../core/contract/dialect.js";
import {
  type Check,
  count,
  flag,
  listOf,
  mapOf,
  object,
  oneOf,
  type Shape,
  text,
} from "../../../core/values/check.js";
import { isObject, type JsonObject } from "../../../core/values/json.js";
import { EFFORTS, type EffortWord } from "../../shared/common/efforts.js";
import { type VendorCodes, vendorCodes } from "../../shared/common/vendor-codes.js";
import { forModel, type ModelQuirks, modelQuirks } from "../../shared/openai/by-model.js";

/** Request fields that some endpoints or models refuse or ignore. */
const OMITTABLE_FIELDS = [
  "temperature",
  "topP",
  "seed",
  "stop",
  "presencePenalty",
  "frequencyPenalty",
  "logprobs",
  "parallelToolCalls",
  "serviceTier",
  "user",
  "metadata",
  "output",
  "maxTokens",
  "tools",
] as const;
export type OmittableField = (typeof OMITTABLE_FIELDS)[number];

/** How a provider's own tool is asked for: as an entry of `tools`, or as a field of the body. */
type ProviderToolForm =
  /** The tool's options are merged into this entry of `tools`. */
  | { readonly tool: JsonObject }
  /** The tool's options become this field of the body. */
  | { readonly field: string };

/**
 * Deviations of one endpoint from what OpenAI documents. Without any, requests keep to the fields that nearly all
 * speakers of the dialect take, and replies are read in every shape that has been observed: flags are for what
 * contradicts that.
 */
export interface OpenAiChatQuirks {
  /**
   * The name of the token limit. Default `max_tokens`, which all local servers and most vendors know. OpenAI's
   * reasoning models refuse it ("Unsupported parameter: 'max_tokens'"), and it is deprecated there:
   * https://platform.openai.com/docs/api-reference/chat/create
   */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  /**
   * The role of instructions. Default `system`. OpenAI's reasoning models take `developer`; o1-mini refuses both
   * (recordings `test-openai-o1-mini-system-role-*`), and so do Gemma models: `user`.
   */
  readonly systemRole?: "system" | "developer" | "user";
  /** Content must be a string, so text parts are joined and media are refused (DeepSeek: "unknown variant `image_url`, expected `text`"). */
  readonly textOnly?: boolean;
  /** Takes pictures only as data, never as URLs (Ollama, Moonshot). */
  readonly noImageUrls?: boolean;
  /** Takes a URL in `file.file_data` (OpenRouter: https://openrouter.ai/docs/features/multimodal/pdfs). */
  readonly fileUrls?: boolean;
  /** Takes `video_url` parts (OpenRouter, Qwen, Zhipu, Moonshot, vLLM). */
  readonly videoUrls?: boolean;
  /** A tool result may hold pictures and files (OpenRouter, Ollama, Moonshot); elsewhere they follow in a user message. */
  readonly toolResultMedia?: boolean;
  /** What an assistant turn without text carries. Default `null`, as OpenAI documents; some local servers want `""`. */
  readonly emptyContent?: "null" | "empty" | "omit";
  /** An assistant turn with neither text nor calls is refused (Qwen), so it is left out. */
  readonly noEmptyAssistant?: boolean;

  /**
   * Where earlier reasoning goes back. Default `none`: OpenAI knows no such field, and DeepSeek's R1 refuses it.
   * `reasoning_content`: DeepSeek V4, Moonshot, Qwen, Zhipu. `reasoning`: Cerebras, Ollama. `reasoning_details`:
   * OpenRouter and gateways like it, whose blocks are echoed unchanged.
   */
  readonly reasoningHistory?: "none" | "reasoning_content" | "reasoning" | "reasoning_details";
  /** Every assistant turn needs its reasoning, an empty one at least (DeepSeek V4 in thinking mode, Moonshot's thinking models). */
  readonly reasoningHistoryRequired?: boolean;
  /**
   * How thinking is asked for. Default `reasoning_effort` (OpenAI, Groq, xAI, Fireworks, Gemini). `reasoning`: an
   * object of effort and max_tokens (OpenRouter, Vercel). `thinking`: `{ type: "enabled" | "disabled" }` (Zhipu,
   * Volcengine, DeepSeek, Moonshot). `enable_thinking`: a boolean and `thinking_budget` (Qwen, SiliconFlow).
   * `chat_template_kwargs`: the same inside that object (vLLM, SGLang, llama.cpp). `none`: it cannot be asked for.
   */
  readonly reasoningRequest?:
    | "reasoning_effort"
    | "reasoning"
    | "thinking"
    | "enable_thinking"
    | "chat_template_kwargs"
    | "none";
  /** The words of effort it takes; others become the nearest of these, with a warning. Default none, minimal, low, medium, high. */
  readonly reasoningEfforts?: readonly EffortWord[];
  /** With `reasoningRequest: "thinking"`: an effort besides goes into `reasoning_effort` (DeepSeek V4, Volcengine). */
  readonly thinkingEffort?: boolean;
  /** With `reasoningRequest: "thinking"`: a budget goes into `thinking.budget_tokens`. */
  readonly thinkingBudget?: boolean;
  /**
   * `<think>...</think>` at the head of an answer is reasoning. Off by default, since a model may well write about
   * such a tag. For models that some servers run without a reasoning parser.
   */
  readonly thinkTags?: boolean;

  /** Refuses `stream_options`; usage comes by itself or not at all. */
  readonly noStreamOptions?: boolean;
  /** Knows `json_object` only (DeepSeek, Zhipu): a schema is then said in words. `none`: not even that. */
  readonly structuredOutput?: "json-schema" | "json-object" | "none";
  /** JSON mode is refused, or never ends, where no message holds the word JSON (DeepSeek, OpenAI, Qwen). */
  readonly needsJsonWord?: boolean;
  /** Refuses `strict` in a function tool. */
  readonly noStrictTools?: boolean;
  /** What `tool_choice` takes. Default all. Zhipu: `auto` alone. */
  readonly toolChoices?: readonly ("auto" | "none" | "required" | "named")[];
  /** Keywords that are removed from every schema: Moonshot refuses `$schema`. */
  readonly stripSchemaKeywords?: readonly string[];
  /** The longest tool call id it takes. OpenAI: 40 ("string too long. Expected a string with maximum length 40"). */
  readonly maxToolCallId?: number;
  /** Tool call ids have exactly nine letters and digits (Mistral's models on any server with their template). */
  readonly toolCallIdNine?: boolean;
  /** How the provider's own tools are asked for, by tool id. Default: `{ type }` of the id's last part, with the options beside it. */
  readonly providerTools?: Readonly<Record<string, ProviderToolForm>>;
  /** Request fields that are left out with a warning. */
  readonly omit?: readonly OmittableField[];
  /** Sampling parameters are refused unless the effort is `none` (OpenAI's reasoning models: https://platform.openai.com/docs/guides/latest-model). */
  readonly noSamplingWithReasoning?: boolean;
  /** Takes `top_k` (Together, Fireworks, OpenRouter, vLLM, llama.cpp and most local servers; OpenAI itself does not). */
  readonly topK?: boolean;
  /** The name of the seed. Mistral: `random_seed`. */
  readonly seedField?: "seed" | "random_seed";
  /** The name of the end user's id. OpenAI is replacing `user` with `safety_identifier`; Zhipu: `user_id`. */
  readonly userField?: "user" | "safety_identifier" | "user_id";
  /** Where the cache key goes. Default none. OpenAI: `prompt_cache_key`. */
  readonly cacheKeyField?: "prompt_cache_key" | "session_id";
  /** A header that takes the cache key. xAI: `x-grok-conv-id` (https://docs.x.ai/docs/guides/chat). */
  readonly cacheKeyHeader?: string;
  /** Takes `cache_control` on parts and tools, for Anthropic's and Gemini's models behind it (OpenRouter, Vercel). */
  readonly cacheControl?: boolean;
  /** Fields that every request carries, under the caller's own. */
  readonly body?: JsonObject;

  /** Who can read the opaque state of its replies. Default: the provider's id. */
  readonly stateFamily?: string;
  /** `completion_tokens` leaves reasoning out although the total does not tell (DeepInfra). */
  readonly usageExcludesReasoning?: boolean;
  /** A quota that is exhausted is one per minute and not money (DashScope's `insufficient_quota`). */
  readonly quotaIsRate?: boolean;
  /** A 403 means that the balance is used up (Moonshot). */
  readonly forbiddenIsQuota?: boolean;

  /** What the vendor's own error codes mean. They take precedence over the words of an error and over its status. */
  readonly errorCodes?: VendorCodes;

  /** Quirks of single models, over the provider's: those of the first rule that matches. `*` stands for any text. */
  readonly byModel?: readonly ModelQuirks<OpenAiChatQuirks>[];
}

/** Whether a value is a {@link ProviderToolForm}. */
const providerToolForm: Check<ProviderToolForm> = (value) =>
  isObject(value) &&
  Object.keys(value).length === 1 &&
  (isObject(value["tool"]) || text(value["field"]) === undefined)
    ? undefined
    : 'an object with "tool", an object, or with "field", a text';

/** What each quirk but `byModel` may be. */
const ofOneModel: Shape<Omit<OpenAiChatQuirks, "byModel">> = {
  maxTokensField: oneOf("max_tokens", "max_completion_tokens"),
  systemRole: oneOf("system", "developer", "user"),
  textOnly: flag,
  noImageUrls: flag,
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
  noStreamOptions: flag,
  structuredOutput: oneOf("json-schema", "json-object", "none"),
  needsJsonWord: flag,
  noStrictTools: flag,
  toolChoices: listOf(oneOf("auto", "none", "required", "named")),
  stripSchemaKeywords: listOf(text),
  maxToolCallId: count,
  toolCallIdNine: flag,
  providerTools: mapOf(providerToolForm),
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
  quotaIsRate: flag,
  forbiddenIsQuota: flag,
  errorCodes: vendorCodes,
};

/** What each quirk may be: the provider is checked when it is built. */
export const openAiChatQuirks: Shape<OpenAiChatQuirks> = { ...ofOneModel, byModel: modelQuirks(ofOneModel) };

/** The quirks that hold for a target's model. */
export function quirksOf(target: DialectTarget): OpenAiChatQuirks {
  return forModel<OpenAiChatQuirks>(target.quirks, target.model);
}

/** Who can read the opaque state of a target's replies. */
export function familyOf(target: DialectTarget, quirks: OpenAiChatQuirks): string {
  return quirks.stateFamily ?? target.provider;
}
