import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { EffortWord } from "../../shared/common/efforts.js";
import type { StrictSchemas } from "../../shared/common/schema-rules.js";
import type { TierWords } from "../../shared/common/service-tier.js";
import type { VendorCodes } from "../../shared/common/vendor-codes.js";
import { forModel, type ModelQuirks } from "../../shared/openai/by-model.js";

/** Request fields that some endpoints or models refuse or ignore. */
export const OMITTABLE_FIELDS = [
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
  "logitBias",
  "prediction",
  "verbosity",
  "store",
] as const;
export type OmittableField = (typeof OMITTABLE_FIELDS)[number];

/** The form of a provider's own tool in a request: an entry of `tools`, or a field of the body. */
export type ProviderToolForm =
  /** The tool's options are merged into this entry of `tools`. */
  | { readonly tool: JsonObject }
  /** The tool's options become this field of the body. */
  | { readonly field: string };

/**
 * Deviations of one endpoint from what OpenAI documents. By default, requests have only fields that nearly all endpoints
 * of the dialect accept, and replies are decoded in every observed shape. Quirks are for what contradicts that.
 */
export interface OpenAiChatQuirks {
  /**
   * The name of the token limit. Default `max_tokens`, which all local servers and most vendors accept. OpenAI's
   * reasoning models refuse it ("Unsupported parameter: 'max_tokens'"), and it is deprecated there:
   * https://platform.openai.com/docs/api-reference/chat/create
   */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  /**
   * The role of instructions. Default `system`. OpenAI's reasoning models accept `developer`; o1-mini refuses both
   * (recordings `test-openai-o1-mini-system-role-*`), and so do Gemma models: `user`.
   */
  readonly systemRole?: "system" | "developer" | "user";
  /** Content must be a string: texts are joined, and media are refused (DeepSeek: "unknown variant `image_url`, expected `text`"). */
  readonly textOnly?: boolean;
  /** Accepts images only as bytes, not by URL (Ollama, Moonshot). */
  readonly noImageUrls?: boolean;
  /** The most of each that it accepts; more is changed, with a warning. Default: no bound is known. */
  readonly bounds?: {
    readonly temperature?: number;
    readonly logprobs?: number;
    readonly stops?: number;
    /** Bytes of a file within a message, before they are base64. */
    readonly fileBytes?: number;
  };
  /** `logprobs` is the number of alternatives, and not a switch (Together). */
  readonly logprobsCount?: boolean;
  /** The most tools of a request; more are refused. Default: no bound is known. */
  readonly maxTools?: number;
  /** The types of images that it accepts as bytes. Default: any, since servers differ. */
  readonly imageTypes?: readonly string[];
  /** Accepts a URL in `file.file_data` (OpenRouter: https://openrouter.ai/docs/features/multimodal/pdfs). */
  readonly fileUrls?: boolean;
  /** Accepts `video_url` parts (OpenRouter, Qwen, Zhipu, Moonshot, vLLM). */
  readonly videoUrls?: boolean;
  /** Results of tools may have images and files (OpenRouter, Ollama, Moonshot). By default they follow in a user message. */
  readonly toolResultMedia?: boolean;
  /** The content of an assistant turn without text. Default `null`, as OpenAI documents; some local servers want `""`. */
  readonly emptyContent?: "null" | "empty" | "omit";
  /** Refuses an assistant turn with neither text nor calls (Qwen): it is left out with a warning. */
  readonly noEmptyAssistant?: boolean;

  /**
   * The field in which earlier reasoning is sent back. Default `none`: OpenAI has no such field, and DeepSeek's R1 refuses it.
   * `reasoning_content`: DeepSeek V4, Moonshot, Qwen, Zhipu. `reasoning`: Cerebras, Ollama. `reasoning_details`:
   * OpenRouter and gateways like it, whose blocks are sent back unchanged.
   */
  readonly reasoningHistory?: "none" | "reasoning_content" | "reasoning" | "reasoning_details";
  /** Demands reasoning in every assistant turn, if only an empty one (DeepSeek V4 in thinking mode, Moonshot's thinking models). */
  readonly reasoningHistoryRequired?: boolean;
  /**
   * The form in which thinking is requested. Default `reasoning_effort` (OpenAI, Groq, xAI, Fireworks, Gemini). `reasoning`: an
   * object of effort and max_tokens (OpenRouter, Vercel). `thinking`: `{ type: "enabled" | "disabled" }` (Zhipu,
   * Volcengine, DeepSeek, Moonshot). `enable_thinking`: a boolean and `thinking_budget` (Qwen, SiliconFlow).
   * `chat_template_kwargs`: the same inside that object (vLLM, SGLang, llama.cpp). `none`: it cannot be requested.
   */
  readonly reasoningRequest?:
    | "reasoning_effort"
    | "reasoning"
    | "thinking"
    | "enable_thinking"
    | "chat_template_kwargs"
    | "none";
  /** The words of effort that it accepts; others become the closest of these, with a warning. Default none, minimal, low, medium, high. */
  readonly reasoningEfforts?: readonly EffortWord[];
  /** With `reasoningRequest: "thinking"`: an effort is sent as `reasoning_effort` besides (DeepSeek V4, Volcengine). */
  readonly thinkingEffort?: boolean;
  /** With `reasoningRequest: "thinking"`: a budget is sent as `thinking.budget_tokens`. */
  readonly thinkingBudget?: boolean;
  /**
   * `<think>...</think>` at the start of an answer is reasoning. For models that some servers run without a parser for
   * reasoning. Off by default, since a model may write about such tags.
   */
  readonly thinkTags?: boolean;

  /** The endpoint's words for tiers. Default: OpenAI's, `default` for `standard`. */
  readonly serviceTiers?: TierWords;
  /** Refuses `stream_options`. It sends usage always or never. */
  readonly noStreamOptions?: boolean;
  /** `json-object`: accepts no schemas (DeepSeek, Zhipu), so a schema becomes an instruction. `none`: has no JSON mode either. */
  readonly structuredOutput?: "json-schema" | "json-object" | "none";
  /** Refuses a JSON format beside tools (Groq, Cerebras). */
  readonly noToolsWithFormat?: boolean;
  /** JSON mode needs the word JSON in a message, else it is refused or does not end (DeepSeek, OpenAI, Qwen). */
  readonly needsJsonWord?: boolean;
  /** Accepts metadata only beside `store: true`, and only text in it (OpenAI). Set `store` in `extensions`. */
  readonly metadataNeedsStore?: boolean;
  /**
   * Which strict schemas it accepts. Default `openai`: closed objects whose properties are all required. `closed`:
   * properties may be optional (recording cerebras...tool-choice). `any`: as they are (recordings xai.openai-chat.*).
   */
  readonly strictSchemas?: StrictSchemas;
  /** Refuses `strict` in a function tool. */
  readonly noStrictTools?: boolean;
  /** The choices that `tool_choice` accepts. Default all. Zhipu: only `auto`. */
  readonly toolChoices?: readonly ("auto" | "none" | "required" | "named")[];
  /** Accepts a list of allowed tools in `tool_choice` (OpenAI). Otherwise only the named tools are offered. */
  readonly allowedTools?: boolean;
  /**
   * Accepts tools that take text, with a grammar (OpenAI: https://platform.openai.com/docs/guides/function-calling#custom-tools).
   * Otherwise functions with one text field represent them.
   */
  readonly customTools?: boolean;
  /** Keywords that are removed from every schema: Moonshot refuses `$schema`. */
  readonly stripSchemaKeywords?: readonly string[];
  /** The longest id of a call that it accepts. OpenAI: 40 ("string too long. Expected a string with maximum length 40"). */
  readonly maxToolCallId?: number;
  /**
   * Follows Mistral's template: ids of calls are nine letters and digits, and only the model's own turn may follow the
   * results of tools. Default: that order for models of Mistral by their names, and ids of any form.
   */
  readonly mistralTemplate?: boolean;
  /** The form of the provider's own tools, by tool id. Default: `{ type }` from the last part of the id, with the options beside it. */
  readonly providerTools?: Readonly<Record<string, ProviderToolForm>>;
  /** The kinds of output that it can be asked for. Default: any. OpenAI: text and audio. */
  readonly outputModalities?: readonly ("text" | "image" | "audio")[];
  /** Request fields that are left out with a warning. */
  readonly omit?: readonly OmittableField[];
  /** Sampling parameters are refused unless the effort is `none` (OpenAI's reasoning models: https://platform.openai.com/docs/guides/latest-model). */
  readonly noSamplingWithReasoning?: boolean;
  /** Accepts `top_k` (Together, Fireworks, OpenRouter, vLLM, llama.cpp and most local servers; OpenAI itself does not). */
  readonly topK?: boolean;
  /** The name of the seed. Mistral: `random_seed`. */
  readonly seedField?: "seed" | "random_seed";
  /** The name of the end user's id. OpenAI is replacing `user` with `safety_identifier`; Zhipu: `user_id`. */
  readonly userField?: "user" | "safety_identifier" | "user_id";
  /** The field for the cache key. Default none. OpenAI: `prompt_cache_key`. */
  readonly cacheKeyField?: "prompt_cache_key" | "session_id";
  /** The header for the cache key. xAI: `x-grok-conv-id` (https://docs.x.ai/docs/guides/chat). */
  readonly cacheKeyHeader?: string;
  /** Accepts `cache_control` on parts and tools, for Anthropic's and Gemini's models behind it (OpenRouter, Vercel). */
  readonly cacheControl?: boolean;
  /** Fields of every request. The caller's own take precedence. */
  readonly body?: JsonObject;

  /** Who can read the opaque state of its replies. Default: the provider's id. */
  readonly stateFamily?: string;
  /** `completion_tokens` and the total leave reasoning out (DeepInfra). */
  readonly usageExcludesReasoning?: boolean;
  /** `usage.cost` is what it billed, in US dollars (OpenRouter, Vercel). */
  readonly costInDollars?: boolean;
  /** An exhausted quota is one per minute, not money (DashScope's `insufficient_quota`). */
  readonly quotaIsRate?: boolean;
  /** A 403 means that the balance is used up (Moonshot). */
  readonly forbiddenIsQuota?: boolean;

  /** What the vendor's own error codes mean. They take precedence over the words of an error and over its status. */
  readonly errorCodes?: VendorCodes;

  /** Quirks of single models, over the provider's: those of the first rule that matches. `*` matches any text. */
  readonly byModel?: readonly ModelQuirks<OpenAiChatQuirks>[];
}

/** The quirks that hold for a target's model. */
export function quirksOf(target: DialectTarget): OpenAiChatQuirks {
  return forModel<OpenAiChatQuirks>(target.quirks, target.model);
}

/** Who can read the opaque state of a target's replies. */
export function familyOf(target: DialectTarget, quirks: OpenAiChatQuirks): string {
  return quirks.stateFamily ?? target.provider;
}
