import type { CallOptions } from "../../core/contract/call.js";
import { type Clock, systemClock } from "../../core/contract/clock.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import { requireProvider } from "../../core/contract/require-provider.js";
import { AiLibError, configError } from "../../core/errors/error.js";
import { refuseUnknown } from "../../core/errors/options.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import { OWN } from "./read-items.js";
import { readRequest } from "./request.js";
import type { AgentModelRequest, AgentOutputItem, AgentRetryAdvice, AgentStreamEvent } from "./spec.js";
import { AgentUsage } from "./usage.js";
import { writeItems } from "./write-items.js";

/** Options of {@link agentModels}; all optional. */
export interface AgentModelsOptions {
  /** Options of every call: `timeouts`, `observer`, `prices`, and so on. The SDK's own `signal` also ends a call. */
  readonly call?: CallOptions | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set(["call"] satisfies (keyof AgentModelsOptions)[]);

/** A provider as a `ModelProvider` of OpenAI's Agents SDK. */
export interface AgentModels {
  /** A model by name. No name, `""`, `"auto"` and `"default"` represent the default of the provider that answers. */
  getModel(modelName?: string): AgentModel;
}

/**
 * Makes a `ModelProvider` of OpenAI's Agents SDK (`@openai/agents`) of a provider, a strategy or a client: for a
 * `Runner`, or model by model for agents. Function tools, handoffs, hosted tools, structured output, streams and usage
 * work. Opaque state of an answer is in `providerData` of its items and returns with the next request.
 *
 * The SDK's retries (`modelSettings.retry`) are advised not to repeat what ai-lib has tried.
 *
 * @example
 * const models = agentModels(failover([provider("openai"), provider("anthropic")]));
 * // const runner = new Runner({ modelProvider: models });
 * // const agent = new Agent({ name: "helper", model: models.getModel() });
 * @throws {AiLibError} `CONFIG_ERROR` for something that is no provider, for an unknown option, and for `midStream:
 *   "restart"`, since a stream of the SDK cannot withdraw events.
 */
export function agentModels(provider: ChatProvider, options: AgentModelsOptions = {}): AgentModels {
  requireProvider("agentModels", provider);
  refuseUnknown("option of agentModels", options, OPTIONS);
  const { call } = options;
  if ((provider.callOptions?.(call) ?? call)?.midStream === "restart")
    throw configError(
      'A stream of the Agents SDK cannot take back what it sent; use midStream "splice" or "fail"',
    );
  return { getModel: (name = "") => new AgentModel(provider, name, call) };
}

/** An answer as the SDK takes it. */
export interface AgentModelResponse {
  usage: AgentUsage;
  output: AgentOutputItem[];
  responseId: string;
  requestId?: string;
  providerData: Record<string, unknown>;
}

/** A provider as a `Model` of OpenAI's Agents SDK; made by {@link agentModels}. */
export class AgentModel {
  private readonly model: string | undefined;
  private readonly clock: Clock;

  constructor(
    private readonly provider: ChatProvider,
    name: string,
    private readonly call: CallOptions | undefined,
  ) {
    this.model = name === "" || name === "auto" || name === "default" ? undefined : name;
    this.clock = call?.clock ?? systemClock;
  }

  /** @throws {AiLibError} always, whatever went wrong. */
  async getResponse(request: AgentModelRequest): Promise<AgentModelResponse> {
    const response = await this.provider.chat(readRequest(this.model, request), this.optionsOf(request));
    return {
      usage: new AgentUsage(response.usage),
      output: writeItems(response),
      responseId: response.id,
      ...(response.requestId !== undefined && { requestId: response.requestId }),
      providerData: facts(response),
    };
  }

  /** Deltas of text as they come, events of ai-lib for all else, and the whole answer. */
  async *getStreamedResponse(request: AgentModelRequest): AsyncGenerator<AgentStreamEvent> {
    for await (const event of this.provider.stream(
      readRequest(this.model, request),
      this.optionsOf(request),
    )) {
      switch (event.type) {
        case "start":
          yield { type: "response_started" };
          break;
        case "text-delta":
          yield { type: "output_text_delta", delta: event.text, itemId: `${event.index}` };
          break;
        case "finish": {
          const { response } = event;
          // The SDK checks that these are plain objects.
          const { inputTokens, outputTokens, totalTokens, inputTokensDetails, outputTokensDetails } =
            new AgentUsage(response.usage);
          yield {
            type: "response_done",
            response: {
              id: response.id,
              ...(response.requestId !== undefined && { requestId: response.requestId }),
              usage: {
                requests: 1,
                inputTokens,
                outputTokens,
                totalTokens,
                inputTokensDetails,
                outputTokensDetails,
              },
              output: writeItems(response),
              providerData: facts(response),
            },
          };
          break;
        }
        default:
          yield { type: "model", event };
      }
    }
  }

  /** Retry advice for the SDK about an error; undefined for an error that is not ai-lib's. */
  getRetryAdvice({ error }: { readonly error: unknown }): AgentRetryAdvice | undefined {
    if (!AiLibError.is(error)) return undefined;
    const { code, status, retryAt, committed, attempts, retryable, message } = error;
    const tried = attempts.some(({ outcome }) => outcome === "error");
    return {
      suggested: retryable && !tried && !committed,
      reason: tried ? `ai-lib has tried already: ${message}` : message,
      replaySafety: committed ? "unsafe" : "safe",
      responseStarted: committed,
      ...(retryAt !== undefined && { retryAfterMs: Math.max(0, retryAt - this.clock.now()) }),
      normalized: {
        ...(status !== undefined && { statusCode: status }),
        errorCode: code,
        isNetworkError: code === "NETWORK_ERROR",
        isAbort: code === "CANCELLED",
      },
    };
  }

  private optionsOf({ signal }: AgentModelRequest): CallOptions {
    return { ...this.call, ...(signal !== undefined && { signal }) };
  }
}

/** Facts of an answer for which the SDK has no field. */
function facts({ provider, model, cost, usageStatus, attempts, finishReason, warnings }: ChatResponse) {
  return {
    [OWN]: {
      provider,
      model,
      finishReason,
      usageStatus,
      attempts: attempts.length,
      ...(cost !== undefined && { cost }),
      ...(warnings.length > 0 && { warnings }),
    },
  };
}
