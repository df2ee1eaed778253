import { AiLibError } from "../../errors/error.js";
import type { Warning } from "../../values/answer.js";
import type { ChatRequest } from "../../values/chat-request.js";
import type { ContentPart } from "../../values/message.js";
import type { Modality, ModelFacts } from "../../values/model.js";
import type { Target } from "../../values/target.js";

/**
 * A request without the features that its model is known to lack. Thinking is left out with a warning for a model that
 * does not think. An image or sound is refused for a model that accepts none, so that a strategy asks another member
 * instead of returning an answer that ignores it. Features that are not known to be missing are sent.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE`, local, that names the part.
 */
export function fitToModel(
  request: ChatRequest,
  facts: ModelFacts | undefined,
  target: Target,
): { readonly request: ChatRequest; readonly warnings: readonly Warning[] } {
  if (facts?.input !== undefined) refuseModalities(request, facts.input, target);
  if (facts?.reasoning !== false || request.reasoning === undefined || request.reasoning.effort === "none")
    return { request, warnings: NONE };
  const { reasoning: _left, ...rest } = request;
  const message = `"reasoning" was left out: ${target.model ?? "the model"} does not reason`;
  return { request: rest, warnings: [{ code: "unsupported", field: "reasoning", message }] };
}

const NONE: readonly Warning[] = [];

function refuseModalities(request: ChatRequest, input: readonly Modality[], target: Target): void {
  if (input.includes("image") && input.includes("audio")) return;
  request.messages.forEach(({ content, role }, i) => {
    if (role === "assistant" || typeof content === "string") return;
    (content as readonly ContentPart[]).forEach((part, j) => {
      const at = `messages.${i}.content.${j}`;
      if (part.type !== "tool-result") refusePart(part, at, input, target);
      else if (typeof part.content !== "string")
        part.content.forEach((piece, k) => {
          refusePart(piece, `${at}.content.${k}`, input, target);
        });
    });
  });
}

function refusePart(part: ContentPart, at: string, input: readonly Modality[], target: Target): void {
  const kind = modalityOf(part);
  // A transcript can be sent in place of sound.
  if (kind === undefined || input.includes(kind) || (part.type === "audio" && part.transcript !== undefined))
    return;
  throw new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `${target.provider} cannot take \`${at}\`: ${target.model ?? "the model"} takes no ${kind}, only ${input.join(", ")}`,
    local: true,
    target,
  });
}

function modalityOf(part: ContentPart): "image" | "audio" | undefined {
  if (part.type === "image" || part.type === "audio") return part.type;
  if (part.type !== "file") return undefined;
  return part.mediaType?.startsWith("image/") === true
    ? "image"
    : part.mediaType?.startsWith("audio/") === true
      ? "audio"
      : undefined;
}
