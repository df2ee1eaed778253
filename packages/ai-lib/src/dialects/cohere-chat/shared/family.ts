import type { Origin } from "../../../core/values/message.js";

/** The dialect's id, as `extensions` are keyed. */
export const DIALECT = "cohere-chat";

/** Who can read the state that comes with plans and citations. */
export const FAMILY = "cohere";

/** State of reasoning that stood in `tool_plan`: it goes back there, and not among the thinking. */
export const PLAN = { field: "tool_plan" } as const;

/** Whether reasoning stood in `tool_plan`. */
export function isPlan(origin: Origin | undefined): boolean {
  return origin?.family === FAMILY && origin.data["field"] === PLAN.field;
}
