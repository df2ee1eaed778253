import type { ChatRequest } from "../../../core/values/chat-request.js";
import { closestEffort, EFFORTS, type EffortWord, effortOf } from "../../shared/common/efforts.js";
import type { MistralContext } from "./context.js";

/** The words of the schema. */
const ACCEPTED = EFFORTS.filter((word) => word !== "max");

/** `reasoning_effort`; undefined if the request asks for none. */
export function encodeEffort({ reasoning }: ChatRequest, context: MistralContext): EffortWord | undefined {
  if (reasoning === undefined) return undefined;
  if (reasoning.summary !== undefined) context.unsupported("reasoning.summary");
  const effort = effortOf(reasoning, context);
  const sent = closestEffort(effort, context.quirks.reasoningEfforts ?? ACCEPTED);
  if (sent !== effort) context.changed("reasoning.effort", `"${effort}" became "${sent}"`);
  return sent;
}
