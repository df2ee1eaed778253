import { z } from "zod";
import type { KeyRecord } from "../../keys/record.js";
import { directoryOf } from "../directory.js";
import type { AdminParts } from "../parts.js";

/** The fields of the state of a key. */
export const keyState = {
  state: z
    .enum(["active", "disabled", "expired", "misplaced", "unrecognised"])
    .describe("Whether its calls are admitted now: only those of an active key are"),
  problem: z.string().optional().describe("Why it is not active, for people"),
};

interface KeyState {
  readonly state: z.output<typeof keyState.state>;
  readonly problem?: string;
}

/** Whether the calls of a key are admitted, as its admission decides. @param now epoch milliseconds */
export function stateOf(parts: AdminParts, { id, disabled, expiresAt }: KeyRecord, now: number): KeyState {
  if (disabled === true) return { state: "disabled", problem: "it is disabled" };
  const directory = directoryOf(parts);
  const group = directory.pathOf("key", id).find((one) => one.disabled === true);
  if (group !== undefined) return { state: "disabled", problem: `the group ${group.id} is disabled` };
  const problem = directory.problemOf(id);
  if (problem !== undefined) return { state: "misplaced", problem };
  if (expiresAt !== undefined && expiresAt <= now) return { state: "expired", problem: "it has expired" };
  if (directory.hasOtherPepper(id))
    return { state: "unrecognised", problem: "it was made with another pepper; rotate it" };
  return { state: "active" };
}
