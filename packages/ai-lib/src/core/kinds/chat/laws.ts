import type { ChatEvent, RestartEvent } from "../../values/chat-event.js";
import { isContent } from "../../values/chat-event.js";
import type { ChatResponse, Reply } from "../../values/chat-response.js";
import type { KindLaws } from "../laws.js";
import { estimateChat } from "./estimate.js";
import { buildResponse, Fold, refuseMalformed } from "./fold.js";
import { chatChecks, deliveredParts, toolArguments } from "./on-demand.js";
import { isPlainRequest } from "./plain-request.js";
import { promptPrefix } from "./prompt-prefix.js";
import { replayEvents } from "./replay.js";
import { chatRequirements } from "./requirements.js";

/** The rules of the kind `chat`. */
export const chatLaws: KindLaws<"chat"> = {
  kind: "chat",
  idempotent: true,
  validate(request) {
    if (!isPlainRequest(request)) chatChecks.get()(request);
  },
  estimate: estimateChat,
  requirements: chatRequirements,
  affinity: promptPrefix,
  isContent,
  isNotice: (event) => event.type === "warning" || event.type === "usage" || event.type.endsWith("-delta"),
  sizeOf,
  accumulate: () => new Fold(),
  respond(reply, warnings, frame) {
    refuseMalformed(reply.content, warnings);
    return buildResponse(reply.content, reply.facts, warnings, frame);
  },
  load: ({ tools }) => (tools === undefined ? undefined : toolArguments.ready()),
  refine: (response, request) =>
    request.tools === undefined ? response : toolArguments.get()(response, request),
  warningsOf: (reply) => reply.warnings ?? [],
  isComplete: ({ finishReason }) => finishReason === "stop" || finishReason === "tool-calls",
  doubtIn: ({ finishReason, rawFinishReason }) =>
    finishReason === "other" && rawFinishReason === undefined
      ? "ended the stream without a finish reason, so the answer may not be whole"
      : undefined,
  start: (facts) => ({ type: "start", ...facts }),
  warning: (warning) => ({ type: "warning", warning }),
  replay,
  recovery: {
    isStart: (event) => event.type === "start",
    restart,
    delivered: (request) => new (deliveredParts.get())(request),
  },
};

function replay(answer: Reply | ChatResponse, provider?: string): readonly ChatEvent[] {
  if ("facts" in answer)
    return replayEvents(
      answer.content,
      provider === undefined ? answer.facts : { ...answer.facts, provider },
    );
  return [
    ...replayEvents(answer.content, answer),
    ...answer.warnings.map((warning): ChatEvent => ({ type: "warning", warning })),
  ];
}

function sizeOf(event: ChatEvent): number {
  if (event.type === "warning") return event.warning.message.length;
  if ((event.type === "part-start" || event.type === "part-end") && event.origin !== undefined)
    return JSON.stringify(event.origin.data).length;
  return 64;
}

function restart(preamble: readonly ChatEvent[]): RestartEvent {
  const start = preamble.find((event) => event.type === "start");
  return start?.type === "start" ? { ...start, type: "restart" } : { type: "restart" };
}
