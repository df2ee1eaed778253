import { OnDemand } from "../../../core/errors/on-demand.js";
import { isObject, type JsonObject } from "../../../core/values/json.js";
import { failureOf } from "../shared/finish.js";

/** Reads errors: of replies, of frames, and of choices that failed. */
export const errors = new OnDemand("errors of OpenAI's dialect", () =>
  import("./errors.js").then(({ errorDecoders }) => errorDecoders),
);

/**
 * Encodes what few requests contain: parts of messages, results, turns with more than text, and fields besides
 * sampling.
 */
export const rare = new OnDemand("tools and media of OpenAI's dialect", () =>
  import("./rare.js").then(({ rareEncoders }) => rareEncoders),
);

/** Whether the errors are needed to read a choice: it may have failed. */
export function mayHaveFailed(choice: JsonObject | undefined, finish: string | undefined): boolean {
  return isObject(choice?.["error"]) || (finish !== undefined && failureOf(finish) !== undefined);
}

/** Decodes what few answers contain: calls, media, sources, log probabilities and state. */
export const rareParts = new OnDemand("tools and media of OpenAI's dialect", () =>
  import("./rare-parts.js").then(({ rareDecoders }) => rareDecoders),
);

/** The fields of a message or delta that {@link rareParts} read. */
const RARE_FIELDS: ReadonlySet<string> = new Set([
  "tool_calls",
  "function_call",
  "annotations",
  "images",
  "audio",
  "executed_tools",
  "extra_content",
  "reasoning_details",
]);

/** Whether a body or a chunk contains more than text, so that {@link rareParts} are needed to read it. */
export function hasRareParts(body: JsonObject, choice: JsonObject | undefined): boolean {
  if (body["citations"] != null || body["search_results"] != null || choice?.["logprobs"] != null)
    return true;
  const message = choice?.["delta"] ?? choice?.["message"];
  if (!isObject(message)) return false;
  for (const field in message) {
    const value = message[field];
    if (value == null) continue;
    if (field === "content" ? typeof value !== "string" : RARE_FIELDS.has(field) && !isEmptyList(value))
      return true;
  }
  return false;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
