import { AiClient } from "../../src/client/ai-client.js";
import type { RunnableTool } from "../../src/client/tool.js";
import type { ToolRun } from "../../src/core/contract/tool-run.js";
import type { ChatEvent } from "../../src/core/values/chat-event.js";
import type { ToolRunEvent } from "../../src/core/values/tool-run-event.js";
import { type ScriptedProvider, type ScriptedReply, scripted } from "../../src/testing/scripted.js";

/** A reply in which the model calls tools: names and raw arguments. */
export const calling = (...calls: [name: string, args?: string][]): ScriptedReply => ({
  events: calls.flatMap(([name, args = "{}"], index): ChatEvent[] => [
    { type: "part-start", index, part: { type: "tool-call", id: `${name}-${index}`, name } },
    { type: "tool-call-delta", index, text: args },
  ]),
  finishReason: "tool-calls",
});

/** The reply that ends a run. */
export const answer: ScriptedReply = { text: "done" };

/** A tool that takes anything. */
export const tool = (
  name: string,
  execute?: RunnableTool["execute"],
  more: Partial<RunnableTool> = {},
): RunnableTool => ({ name, parameters: { type: "object" }, execute, ...more });

/** A client of a model that plays these replies. */
export function clientOf(...replies: ScriptedReply[]): { client: AiClient; model: ScriptedProvider } {
  const model = scripted({ name: "m", replies });
  return { client: new AiClient(model), model };
}

/** All events of a run. */
export async function eventsOf(run: ToolRun): Promise<ToolRunEvent[]> {
  const events: ToolRunEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}
