/**
 * What OpenAI's Agents SDK (`@openai/agents` 0.20) passes to a model and takes from it, as far as it is read and
 * written here. `test/neighbours/agents.types.ts` compares it with the SDK's own types, so that neither the code nor
 * the declarations of ai-lib need that package. Source: https://openai.github.io/openai-agents-js/guides/models/
 */

/** Data of a model that the SDK returns with an item. */
export type AgentProviderData = Record<string, unknown>;

/** A part of a message or of a tool's result. */
export interface AgentContent {
  readonly type: string;
  readonly text?: string | undefined;
  readonly refusal?: string | undefined;
  readonly image?: unknown;
  readonly file?: unknown;
  readonly audio?: unknown;
  readonly format?: string | null | undefined;
  readonly detail?: string | undefined;
  readonly filename?: string | undefined;
  readonly providerData?: AgentProviderData | undefined;
}

/** An item of a conversation, of any type. */
export interface AgentItem {
  readonly type?: string | undefined;
  readonly role?: string | undefined;
  readonly id?: string | undefined;
  readonly content?: string | readonly AgentContent[] | undefined;
  readonly rawContent?: readonly AgentContent[] | undefined;
  readonly callId?: string | null | undefined;
  readonly name?: string | undefined;
  readonly arguments?: unknown;
  readonly output?: unknown;
  readonly phase?: string | undefined;
  readonly providerData?: AgentProviderData | undefined;
}

/** A tool of a request. */
export interface AgentTool {
  readonly type: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters?: unknown;
  readonly strict?: boolean | undefined;
  readonly deferLoading?: boolean | undefined;
  readonly outputSchema?: unknown;
  readonly providerData?: AgentProviderData | undefined;
}

/** Another agent that the model may hand over to. */
export interface AgentHandoff {
  readonly toolName: string;
  readonly toolDescription: string;
  readonly inputJsonSchema: unknown;
  readonly strictJsonSchema: boolean;
}

/** Settings of a request. */
export interface AgentModelSettings {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly toolChoice?: string | undefined;
  readonly parallelToolCalls?: boolean | undefined;
  readonly truncation?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly store?: boolean | undefined;
  readonly promptCacheOptions?: { readonly mode?: string; readonly ttl?: string } | undefined;
  readonly contextManagement?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly reasoning?: { readonly effort?: string | null; readonly summary?: string | null } | undefined;
  readonly text?: { readonly verbosity?: "low" | "medium" | "high" | null } | undefined;
  readonly providerData?: AgentProviderData | undefined;
}

/** What a model is asked. */
export interface AgentModelRequest {
  readonly systemInstructions?: string | undefined;
  readonly input: string | readonly AgentItem[];
  readonly previousResponseId?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly modelSettings: AgentModelSettings;
  readonly tools: readonly AgentTool[];
  readonly outputType:
    | "text"
    | {
        readonly type: "json_schema";
        readonly name: string;
        readonly strict: boolean;
        readonly schema: unknown;
      };
  readonly handoffs: readonly AgentHandoff[];
  readonly signal?: AbortSignal | undefined;
  readonly prompt?: unknown;
}

/** A part of the text of an answer. */
export type AgentOutputContent =
  | { type: "output_text"; text: string; providerData?: Record<string, unknown> }
  | { type: "refusal"; refusal: string; providerData?: Record<string, unknown> }
  | { type: "image"; image: string; providerData?: Record<string, unknown> }
  | {
      type: "audio";
      audio: string;
      format?: string;
      transcript?: string;
      providerData?: Record<string, unknown>;
    };

/** An item of an answer. */
export type AgentOutputItem =
  | {
      type: "message";
      role: "assistant";
      status: "completed" | "incomplete";
      phase?: "commentary" | "final_answer";
      content: AgentOutputContent[];
      providerData?: Record<string, unknown>;
    }
  | {
      type: "reasoning";
      content: { type: "input_text"; text: string }[];
      providerData?: Record<string, unknown>;
    }
  | {
      type: "function_call";
      callId: string;
      name: string;
      status: "completed";
      arguments: string;
      providerData?: Record<string, unknown>;
    }
  | {
      type: "hosted_tool_call";
      id?: string;
      name: string;
      arguments?: string;
      status: string;
      output?: string;
      providerData?: Record<string, unknown>;
    };

/** What an answer used. */
export interface AgentUsageData {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  inputTokensDetails: Record<string, number>[];
  outputTokensDetails: Record<string, number>[];
}

/** An event of a stream. */
export type AgentStreamEvent =
  | { type: "response_started" }
  | { type: "output_text_delta"; delta: string; itemId: string }
  | { type: "model"; event: unknown }
  | {
      type: "response_done";
      response: {
        id: string;
        requestId?: string;
        usage: AgentUsageData;
        output: AgentOutputItem[];
        providerData: Record<string, unknown>;
      };
    };

/** Advice about an error for the SDK's own retries. */
export interface AgentRetryAdvice {
  suggested: boolean;
  reason: string;
  replaySafety: "safe" | "unsafe";
  responseStarted: boolean;
  retryAfterMs?: number;
  normalized: { statusCode?: number; errorCode: string; isNetworkError: boolean; isAbort: boolean };
}
