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
   * Characters of the prompt's head that tell conversations apart where a call has neither a session id nor a cache
   * key. Long system prompts thereby share a member, short ones are told apart by the first user message.
   * Default 2,000.
   */
  readonly prefixCharacters?: number | undefined;
}

/**
 * Keeps like calls on one member, so that its prompt cache is hit: those of one session (`sessionId`), else of one
 * `cacheKey`, else with one head of the prompt. Which member that is follows from a hash of its name and weight
 * alone (weighted rendezvous hashing): it is the same in every process, and where a member is added or taken away
 * only its own share of the calls moves. If it fails, the call moves to the same next one each time.
 */
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

/** @see StickyProvider */
export function sticky(members: readonly Member[], options?: StickyOptions): StickyProvider {
  return new StickyProvider(members, options);
}
