import type { Call } from "../core/contract/call.js";
import { affinityOf, cacheKeyOf } from "../core/contract/call-facts.js";
import { wholeAtLeast } from "../core/errors/options.js";
import { hash32, mix } from "../core/values/hash.js";
import type { Entry, Member } from "./member.js";
import { memberKeys } from "./member-key.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Options of {@link sticky}. */
export interface StickyOptions extends StrategyOptions {
  /**
   * The number of characters at the start of the prompt that identify a conversation, if a call has neither a session id
   * nor a cache key. Calls with the same long system prompt share a member. Calls with a short system prompt differ by
   * the first user message. At least 1. Default 2,000.
   */
  readonly prefixCharacters?: number | undefined;
}

/** See {@link sticky}. */
export class StickyProvider extends Strategy {
  private readonly prefixCharacters: number;
  private readonly marks: readonly number[];

  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, or an option that is unknown or wrong. */
  constructor(members: readonly Member[], options: StickyOptions = {}) {
    super("sticky", ",", members, options, ["prefixCharacters"]);
    this.prefixCharacters = wholeAtLeast("prefixCharacters", options.prefixCharacters ?? 2_000, 1);
    this.marks = memberKeys(this.entries).map((key) => hash32(key));
  }

  protected order(call: Call, members: readonly Entry[]): readonly Entry[] {
    const key = hash32(this.keyOf(call));
    const scored = members.map((entry) => {
      const uniform = (mix(key, this.marks[entry.index] as number) + 0.5) / 4_294_967_296;
      return { entry, score: -entry.weight / Math.log(uniform) };
    });
    scored.sort((a, b) => b.score - a.score);
    return scored.map(({ entry }) => entry);
  }

  private keyOf(call: Call): string {
    const { sessionId } = call.context;
    if (sessionId !== undefined) return `session\n${sessionId}`;
    const cacheKey = cacheKeyOf(call);
    if (cacheKey !== undefined) return `cache\n${cacheKey}`;
    return `prompt\n${affinityOf(call, this.prefixCharacters)}`;
  }
}

/**
 * Sends similar calls to the same member, so that they hit its prompt cache. Calls are similar if they have the same
 * `sessionId`; without one, the same `cacheKey`; without either, the same start of the prompt. Weighted rendezvous
 * hashing over the members' names, targets and weights chooses the member, so every process makes the same choice. If
 * you add or remove a member, only its share of the calls moves. After an error, the call always moves to the same next
 * member.
 *
 * @example
 * const client = new AiClient(sticky([provider("openai"), provider("anthropic")]));
 * await client.chat("Go on.", { sessionId: "conversation 12" });
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, or an option that is unknown or wrong.
 */
export function sticky(members: readonly Member[], options?: StickyOptions): StickyProvider {
  return new StickyProvider(members, options);
}
