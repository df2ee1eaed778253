import type { ChatEvent, RestartEvent } from "../../values/chat-event.js";
import { isContent } from "../../values/chat-event.js";
import type { ChatRequest } from "../../values/chat-request.js";
import type { KindLaws } from "../laws.js";
import { estimateChat } from "./estimate.js";
import { chatChecks, chatStreams, deliveredParts, toolArguments } from "./on-demand.js";
import { isPlainRequest } from "./plain-request.js";
import { promptPrefix } from "./prompt-prefix.js";
import { chatRequirements } from "./requirements.js";
import { buildResponse, refuseMalformed } from "./response.js";

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
  accumulate: () => new (chatStreams.get().Fold)(),
  respond(reply, warnings, frame) {
    refuseMalformed(reply.content, warnings);
    return buildResponse(reply.content, reply.facts, warnings, frame);
  },
  load,
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
  replay: (answer, provider) => chatStreams.get().replay(answer, provider),
  recovery: {
    isStart: (event) => event.type === "start",
    restart,
    delivered: (request) => new (deliveredParts.get())(request),
  },
};

/** Loads the code of streams, and that of tools where a request has some. */
function load({ tools }: ChatRequest, mode: "unary" | "stream"): Promise<void> | undefined {
  const streams = mode === "stream" ? chatStreams.ready() : undefined;
  const reading = tools === undefined ? undefined : toolArguments.ready();
  return streams === undefined || reading === undefined ? (streams ?? reading) : streams.then(() => reading);
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
