import { AiLibError } from "ai-lib";
import { defineStrategy } from "ai-lib/kit";

/** Options of {@link canary}. */
export interface CanaryOptions {
  /** The share of the calls that ask the last member first, from 0 to 1. */
  readonly share: number;
  /** Failures of the last member in a row after which it is asked last. Default 3. */
  readonly trust?: number;
}

/** Asks a new member, the last one, first for a share of the calls, until it has failed too often. */
export const canary = defineStrategy<CanaryOptions>({
  kind: "canary",
  options: ["share", "trust"],
  create(members, { share, trust = 3 }) {
    if (!(share >= 0 && share <= 1))
      throw new AiLibError({ code: "CONFIG_ERROR", message: `share must be from 0 to 1, not ${share}` });
    let failures = 0;
    return {
      order(call, able) {
        const bold = failures < trust && call.context.random() < share;
        return bold ? [...able].reverse() : able;
      },
      listen: (member) => ({
        onEnd(_call, outcome) {
          if (member.index !== members.length - 1) return;
          if (outcome.kind === "success") failures = 0;
          else if (outcome.kind === "error") failures++;
        },
      }),
    };
  },
});
