import { buildResponse } from "../core/kinds/chat/response.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import type { ChatResponse, FinishReason } from "../core/values/chat-response.js";
import type { JsonObject } from "../core/values/json.js";
import { type ContentPart, partsOf, textOf } from "../core/values/message.js";
import { tokensOf, type Usage } from "../core/values/usage.js";
import { sampleOf } from "./sample.js";

/** An answer of the simulator, or what is special about it; the rest is filled in. */
export interface SimulatedAnswer {
  readonly content: readonly ContentPart[];
  readonly finishReason?: FinishReason | undefined;
  /** What it reports to have used. Default: an estimate by the length of the texts. */
  readonly usage?: Usage | undefined;
}

/**
 * What the simulator answers where no script says otherwise: always the same for the same request. It calls tools
 * that are offered (with arguments that follow their schemas), uses their results, follows a response schema,
 * thinks when asked to, and otherwise repeats the last message.
 */
export function simulatedAnswer(request: ChatRequest): SimulatedAnswer {
  const reasoning = thinking(request);
  const calls = toolCalls(request);
  if (calls.length > 0) return { content: [...reasoning, ...calls], finishReason: "tool-calls" };
  const text = answerText(request);
  const limit = request.maxTokens === undefined ? undefined : request.maxTokens * 4;
  const cut = limit !== undefined && text.length > limit;
  return {
    content: [...reasoning, { type: "text", text: cut ? text.slice(0, limit) : text }],
    finishReason: cut ? "length" : "stop",
  };
}

function thinking(request: ChatRequest): ContentPart[] {
  const { reasoning } = request;
  if (reasoning === undefined || reasoning.effort === "none") return [];
  return [{ type: "reasoning", text: "The user wants an answer. I shall give one." }];
}

function toolCalls(request: ChatRequest): ContentPart[] {
  const tools = (request.tools ?? []).filter((tool) => tool.type !== "provider");
  const choice = request.toolChoice;
  if (tools.length === 0 || choice === "none" || request.messages.at(-1)?.role === "tool") return [];
  const names = typeof choice !== "object" ? undefined : "names" in choice ? choice.names : [choice.name];
  const named = names === undefined ? tools : tools.filter((tool) => names.includes(tool.name));
  const wanted = request.parallelToolCalls === false ? named.slice(0, 1) : named;
  return wanted.map((tool, i) => ({
    type: "tool-call",
    id: `call_sim${String(i).padStart(6, "0")}`,
    name: tool.name,
    ...(tool.type === "text-tool"
      ? { input: "sample" }
      : { arguments: sampleOf(tool.parameters) as JsonObject }),
  }));
}

function answerText(request: ChatRequest): string {
  const format = request.responseFormat;
  if (format?.type === "json-schema") return JSON.stringify(sampleOf(format.schema));
  if (format?.type === "json") return JSON.stringify({ answer: said(request) });
  const results = request.messages.at(-1);
  if (results?.role === "tool") {
    const found = results.content.map((result) => textOf(result.content)).join("; ");
    return `The tools found: ${found}`;
  }
  return `You said: ${said(request)}`;
}

function said(request: ChatRequest): string {
  const last = request.messages.findLast((message) => message.role === "user");
  if (last === undefined) return "nothing";
  const seen = partsOf(last).filter(
    (part) => part.type === "image" || part.type === "audio" || part.type === "file",
  );
  const media = seen.length === 0 ? "" : ` (with ${seen.map((part) => part.type).join(", ")})`;
  return `${textOf(last.content)}${media}`;
}

/** A whole response of the simulator. */
export function simulatedResponse(request: ChatRequest, answer: SimulatedAnswer, id: string): ChatResponse {
  const inputTokens = tokensOf(JSON.stringify(request.messages).length);
  const model = request.model === undefined || request.model === "" ? "simulated" : request.model;
  let characters = 0;
  let thought = 0;
  for (const part of answer.content) {
    const size = "text" in part ? part.text.length : JSON.stringify(part).length;
    characters += size;
    if (part.type === "reasoning") thought += size;
  }
  return buildResponse(
    answer.content,
    {
      finishReason: answer.finishReason ?? "stop",
      id,
      model,
      usage: answer.usage ?? {
        inputTokens,
        outputTokens: tokensOf(characters),
        ...(thought === 0 ? {} : { reasoningTokens: tokensOf(thought) }),
      },
    },
    [],
    { provider: "simulator", model, id, attempts: [], estimateInput: () => inputTokens },
  );
}
