import type { EncodeWarnings } from "../../../core/contract/dialect.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { CacheMark } from "../../../core/values/message.js";
import type { OpenAiChatQuirks } from "../shared/quirks.js";

/**
 * A cache mark as `cache_control`, which gateways hand to Anthropic's and Gemini's models
 * (https://openrouter.ai/docs/features/prompt-caching). Elsewhere it is left out with a warning: most endpoints
 * cache by themselves.
 */
export function cacheControl(
  mark: CacheMark | undefined,
  at: string,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): JsonObject {
  if (mark === undefined) return {};
  if (quirks.cacheControl !== true) {
    losses.unsupported(
      `${at}.cache`,
      "this endpoint takes no cache marks; it caches by itself or not at all",
    );
    return {};
  }
  return {
    cache_control: { type: "ephemeral", ...(mark.ttl === undefined ? {} : { ttl: mark.ttl }) },
  };
}
