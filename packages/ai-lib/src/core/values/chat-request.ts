import type { Json, JsonObject } from "./json.js";
import type { Extensions, Message } from "./message.js";
import type { Tool, ToolChoice } from "./tool.js";

/** The shape of the answer. */
export type ResponseFormat =
  | { readonly type: "text" }
  /** Any JSON object. */
  | { readonly type: "json" }
  /** JSON that follows a schema. */
  | {
      readonly type: "json-schema";
      /** A JSON Schema whose root is an object. */
      readonly schema: JsonObject;
      /** Default: `"response"`. */
      readonly name?: string | undefined;
      readonly description?: string | undefined;
      /** Follow the schema exactly. Default: the provider's. */
      readonly strict?: boolean | undefined;
    };

/** How much the model thinks before it answers. */
export interface Reasoning {
  /**
   * Effort in words, from `none` to the highest of any vendor. A target that does not accept the word gets the closest
   * that it accepts, with a warning.
   */
  readonly effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | undefined;
  /** At most this many tokens of thinking. */
  readonly budgetTokens?: number | undefined;
  /**
   * Asks for a readable summary if the provider does not return the thinking itself. `none`: the answer shows no
   * thinking. Default: the provider's.
   */
  readonly summary?: "none" | "auto" | "concise" | "detailed" | undefined;
  /** Which thinking of earlier answers the model sees: that of the current turn, or all. Default: the provider's. */
  readonly keep?: "turn" | "all" | undefined;
  /** `between-tools`: the model thinks only between calls of tools. Default: whenever the model decides to. */
  readonly when?: "between-tools" | undefined;
}

/** How the provider caches prompts. Parts, messages and tools may be marked besides, see `cache` on each. */
export interface PromptCache {
  /**
   * `auto`: the provider chooses where prefixes end. `marks`: only marked prefixes are cached, where the provider lets a
   * request choose. Default: the provider's.
   */
  readonly mode?: "auto" | "marks" | undefined;
  /** The lifetime of prefixes that the provider chose, in the provider's words. Default: the provider's. */
  readonly ttl?: string | undefined;
  /**
   * The id of an earlier response. `cacheMiss` of the answer then says why the cache did not serve the prefix that it
   * shares with that response's request.
   */
  readonly compareWith?: string | undefined;
  /** Prepares the cache and generates nothing. Default: false. */
  readonly prewarm?: boolean | undefined;
}

/** What the provider does with a long conversation. */
export interface ContextManagement {
  /** Summarizes the conversation once the prompt has more tokens. Default: never. */
  readonly compactAt?: number | undefined;
  /** Leaves out old results of tools. */
  readonly clearToolResults?:
    | {
        /** Once the prompt has more tokens. Default: the provider's. */
        readonly at?: number | undefined;
        /** The number of latest calls whose results stay. Default: the provider's. */
        readonly keep?: number | undefined;
      }
    | undefined;
}

/** A chat request. Plain JSON: it can be stored, sent and replayed. */
export interface ChatRequest {
  /** Model id of the target. Absent, `""` or `"auto"`: the target's default. */
  readonly model?: string | undefined;
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[] | undefined;
  readonly toolChoice?: ToolChoice | undefined;
  /** Whether several tools may be called in one answer. Default: the provider's. */
  readonly parallelToolCalls?: boolean | undefined;
  /** At most this many calls of tools that the provider runs. Default: the provider's. */
  readonly maxToolCalls?: number | undefined;
  readonly responseFormat?: ResponseFormat | undefined;
  /** At most this many generated tokens. Default: the provider's. */
  readonly maxTokens?: number | undefined;
  /** 0 to 2 on most providers. */
  readonly temperature?: number | undefined;
  /** Nucleus sampling, 0 to 1. */
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  /** The answer ends before the first of these texts. */
  readonly stop?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  /** -2 to 2. */
  readonly presencePenalty?: number | undefined;
  /** -2 to 2. */
  readonly frequencyPenalty?: number | undefined;
  /** `true`, or how many of the most likely tokens to return at each place. */
  readonly logprobs?: boolean | number | undefined;
  /** -100 to 100 for each token id of the model's own vocabulary: makes the token less or more likely. */
  readonly logitBias?: { readonly [token: string]: number } | undefined;
  /** Text that most of the answer will repeat, such as a file that is edited: known text is generated faster. */
  readonly prediction?: string | undefined;
  /** How long and detailed the answer is. Default: the provider's. */
  readonly verbosity?: "low" | "medium" | "high" | undefined;
  readonly reasoning?: Reasoning | undefined;
  /** The modalities of the answer besides text. */
  readonly output?:
    | {
        readonly modalities?: readonly ("text" | "image" | "audio")[] | undefined;
        readonly audio?:
          | { readonly voice?: string | undefined; readonly format?: string | undefined }
          | undefined;
      }
    | undefined;
  /**
   * How fast and at what price the request is served. `flex`: slower and cheaper. `standard`: the usual tier, whatever
   * the account's default is. `priority`: ahead of others, at a higher price. `fast`: generated faster, at a higher
   * price. Each dialect sends its vendor's word for these and warns where there is none. Any other text is a vendor's
   * own word and is sent unchanged.
   */
  readonly serviceTier?: "flex" | "standard" | "priority" | "fast" | (string & {}) | undefined;
  /** Routes similar prompts to the same cache, if the provider can. */
  readonly cacheKey?: string | undefined;
  readonly promptCache?: PromptCache | undefined;
  readonly contextManagement?: ContextManagement | undefined;
  /** Whether the provider stores the response, so that it can be read or continued later. Default: false. */
  readonly store?: boolean | undefined;
  /** Continues from state that a vendor stores; other targets answer `UNSUPPORTED_FEATURE`. */
  readonly continues?: { readonly provider: string; readonly id: string } | undefined;
  /** An opaque id of the end user, for the provider's abuse detection. */
  readonly user?: string | undefined;
  readonly metadata?: { readonly [key: string]: Json } | undefined;
  /** Vendor fields; see {@link Extensions}. */
  readonly extensions?: Extensions | undefined;
}

/** What the client accepts as a request: a string is one user message. */
export type ChatInput = string | ChatRequest;

/** Makes a request of the input that a user may pass. */
export function toChatRequest(input: ChatInput): ChatRequest {
  return typeof input === "string" ? { messages: [{ role: "user", content: input }] } : input;
}
