import type { Origin } from "../../../core/values/message.js";

/** The dialect's id, as `extensions` are keyed. */
export const DIALECT = "cohere-chat";

/** Who can read the state that comes with plans and citations. */
export const FAMILY = "cohere";

/** State of reasoning from `tool_plan`: it is sent back there, not as thinking. */
export const PLAN = { field: "tool_plan" } as const;

/** Whether reasoning came from `tool_plan`. */
export function isPlan(origin: Origin | undefined): boolean {
  return origin?.family === FAMILY && origin.data["field"] === PLAN.field;
}
