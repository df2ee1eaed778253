import type { Call } from "../core/contract/call.js";
import { synchronous } from "../core/contract/guard.js";
import { AiLibError, configError } from "../core/errors/error.js";
import type { Entry, Member } from "./member.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Options of {@link tagged}. */
export interface TaggedOptions extends StrategyOptions {
  /** Returns the tags that a call requires; a member needs all of them. It must be synchronous. */
  readonly want: (call: Call) => readonly string[];
}

/** See {@link tagged}. */
export class TaggedProvider extends Strategy {
  private readonly want: (call: Call) => readonly string[];

  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, no `want` or an unknown option. */
  constructor(members: readonly Member[], options: TaggedOptions) {
    super("tagged", ",", members, options, ["want"]);
    if (typeof options.want !== "function") throw configError("tagged() needs the function `want`");
    this.want = options.want;
  }

  protected order(_call: Call, members: readonly Entry[]): readonly Entry[] {
    return members;
  }

  protected override candidates(call: Call): readonly Entry[] {
    const wanted = synchronous(this.want(call), "`want` of tagged");
    return this.entries.filter(({ tags }) => wanted.every((tag) => tags.includes(tag)));
  }

  /** @internal */
  override noCandidate(call: Call): AiLibError {
    if (this.candidates(call).length > 0) return super.noCandidate(call);
    const wanted = synchronous(this.want(call), "`want` of tagged");
    return new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `${this.name}: no member is tagged ${wanted.map((tag) => `"${tag}"`).join(" and ")}`,
      local: true,
    });
  }
}

/**
 * Asks the members that have every tag that a call requires, in their order: for example `"eu"` for the calls of one
 * tenant, or `"cheap"` for background calls. A call that requires no tag can go to all members.
 *
 * @example
 * const client = new AiClient(
 *   tagged(
 *     [
 *       { provider: provider("openai"), tags: ["us"] },
 *       { provider: provider("mistral"), tags: ["eu"] },
 *     ],
 *     { want: (call) => (call.context.sessionId?.startsWith("eu-") === true ? ["eu"] : []) },
 *   ),
 * );
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, no `want` or an unknown option.
 */
export function tagged(members: readonly Member[], options: TaggedOptions): TaggedProvider {
  return new TaggedProvider(members, options);
}
