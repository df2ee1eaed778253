import type { EffortWord } from "../common/efforts.js";

/**
 * What a Claude model accepts, derived from the version in its id, whichever endpoint serves it. This is the only place
 * that reads the id. A rule by version covers future models; a list of ids would reject them.
 *
 * Facts: https://platform.claude.com/docs/en/build-with-claude/thinking (forms of thinking, sampling parameters),
 * https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html (4.7 refuses budgets),
 * https://platform.claude.com/docs/en/build-with-claude/effort (`max` from 4.6 on, `xhigh` from 4.7 on),
 * https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages,
 * https://platform.claude.com/docs/en/build-with-claude/prefill-claudes-response (none from 4.6 on).
 */
export interface ClaudeFacts {
  /**
   * How thinking is requested: `budget` (`thinking.type: "enabled"`), `adaptive` (with an effort), `both`, or `none`
   * for models that cannot think.
   */
  readonly thinking: "none" | "budget" | "both" | "adaptive";
  /** The words of `output_config.effort` that it accepts. */
  readonly efforts: readonly EffortWord[];
  /** `one`: temperature or top-p, not both (4.1 to 4.6); `none`: only the defaults (4.7 and later). */
  readonly sampling: "free" | "one" | "none";
  /** The model continues the start of an answer in the last turn of a conversation; from 4.6 on it refuses one. */
  readonly prefill: boolean;
  /** System messages may follow a user turn. */
  readonly systemTurns: boolean;
  /** Output tokens to request where a request sets no limit. Every model of that version accepts as many. */
  readonly maxTokens: number;
}

/** The number after the family (`claude-sonnet-4-5-20250929`) or before it (`claude-3-7-sonnet@20250219`). */
const VERSION = /claude-(?:[a-z]+-)?(\d{1,2})(?!\d)(?:[-.](\d{1,2})(?!\d))?/i;

const EFFORTS: readonly EffortWord[] = ["low", "medium", "high", "max"];
const EFFORTS_OF_4_7: readonly EffortWord[] = ["low", "medium", "high", "xhigh", "max"];

/** Released without a number; it behaves as 4.7 does. */
const UNNUMBERED = /claude-mythos/i;

/** Major version times 100 plus minor, such as 406; undefined for other models and ids without a number. */
function claudeVersion(model: string): number | undefined {
  const found = VERSION.exec(model);
  if (found !== null) return Number(found[1]) * 100 + Number(found[2] ?? 0);
  return UNNUMBERED.test(model) ? 407 : undefined;
}

/** The facts of a model. An unknown one gets what any endpoint of the dialect is likely to accept. */
export function claudeFacts(model: string): ClaudeFacts {
  const version = claudeVersion(model);
  if (version === undefined)
    return {
      thinking: "budget",
      efforts: EFFORTS,
      sampling: "free",
      prefill: true,
      systemTurns: false,
      maxTokens: 8_192,
    };
  return {
    thinking: version < 307 ? "none" : version < 406 ? "budget" : version < 407 ? "both" : "adaptive",
    // The preview without a number has no `xhigh`.
    efforts: version < 407 || !VERSION.test(model) ? EFFORTS : EFFORTS_OF_4_7,
    sampling: version < 401 ? "free" : version < 407 ? "one" : "none",
    prefill: version < 406,
    systemTurns: version >= 408,
    maxTokens: version < 305 ? 4_096 : version < 307 ? 8_192 : 32_000,
  };
}
