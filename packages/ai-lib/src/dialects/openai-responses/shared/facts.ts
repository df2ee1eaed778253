import type { EndFacts, FinishReason } from "../../../core/values/chat-response.js";
import { asObject, asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { billedCost } from "../../shared/openai/billed.js";
import { decodeUsage } from "./usage.js";

/** Fields of a response that the contract has a name for, or that repeat the request. */
const KNOWN: ReadonlySet<string> = new Set([
  "id",
  "object",
  "created_at",
  "completed_at",
  "status",
  "error",
  "incomplete_details",
  "model",
  "output",
  "output_text",
  "usage",
  "service_tier",
  "background",
  "context_management",
  "frequency_penalty",
  "include",
  "input",
  "input_messages",
  "instructions",
  "max_output_tokens",
  "max_tool_calls",
  "metadata",
  "output_messages",
  "parallel_tool_calls",
  "presence_penalty",
  "previous_response_id",
  "prompt",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "reasoning",
  "safety_identifier",
  "store",
  "stream",
  "temperature",
  "text",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "truncation",
  "user",
]);

/**
 * The facts of a response besides its output. Fields that the contract has no name for (`moderation`, Azure's
 * `content_filters`, a `conversation`) become extensions.
 */
export function decodeFacts(response: JsonObject): EndFacts {
  const [finishReason, rawFinishReason] = decodeFinish(response);
  const extra: MutableJson = {};
  let extended = false;
  for (const key of Object.keys(response)) {
    const value = response[key];
    if (KNOWN.has(key) || value === null || value === undefined || key === "__proto__") continue;
    extra[key] = value;
    extended = true;
  }
  const usage = decodeUsage(response["usage"], response["tool_usage"]);
  return defined({
    finishReason,
    rawFinishReason,
    usage,
    cost: billedCost(usage?.raw, false),
    id: nonEmpty(response["id"]),
    model: nonEmpty(response["model"]),
    cacheMiss: decodeCacheMiss(response["prompt_cache_diagnostics"]),
    serviceTier: nonEmpty(response["service_tier"]),
    extensions: extended ? { "openai-responses": extra } : undefined,
  });
}

/** The dialect has no finish reason for calls: it is inferred from the content. */
function decodeFinish(response: JsonObject): [FinishReason, string | undefined] {
  const status = asString(response["status"]);
  const reason = asString(asObject(response["incomplete_details"])?.["reason"]);
  if (status === "incomplete" || reason !== undefined) return [finishOf(reason), reason ?? status];
  switch (status) {
    case undefined:
    case "completed":
      return ["stop", status];
    // A response that runs in the background: https://platform.openai.com/docs/guides/background.
    case "queued":
    case "in_progress":
      return ["paused", status];
    default:
      return ["other", status];
  }
}

/** https://platform.openai.com/docs/guides/prompt-caching */
function decodeCacheMiss(diagnostics: unknown): string | undefined {
  const { type, reason } = asObject(diagnostics) ?? {};
  return type === "cache_miss" ? nonEmpty(reason) : undefined;
}

/** The reason of an answer that a vendor interrupted. */
const PAUSED = "pause_turn";

function finishOf(reason: string | undefined): FinishReason {
  switch (reason) {
    case "max_output_tokens":
    case "max_tokens":
    case "length":
      return "length";
    case "content_filter":
      return "content-filter";
    // OpenAI has no such reason; gateways pass on Anthropic's word.
    case PAUSED:
      return "paused";
    default:
      return "other";
  }
}

/** The status of a response and its details, in the form of OpenAI. */
export function encodeFinish(facts: Pick<EndFacts, "finishReason" | "rawFinishReason">): JsonObject {
  switch (facts.finishReason) {
    case "stop":
    case "tool-calls":
    // OpenAI has no word for an unknown reason, and strict clients reject unknown words.
    case "other":
      return { status: "completed", incomplete_details: null };
    case "length":
    // It has no word for a pause either. This one also says that the answer is incomplete.
    case "paused":
      return { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
    case "content-filter":
      return { status: "incomplete", incomplete_details: { reason: "content_filter" } };
    default: {
      const never: never = facts.finishReason;
      throw new TypeError(`Unknown finish reason ${String(never)}`);
    }
  }
}
