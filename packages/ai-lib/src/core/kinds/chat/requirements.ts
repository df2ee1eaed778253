import type { ChatRequest } from "../../values/chat-request.js";
import type { ContentPart } from "../../values/message.js";
import type { Modality } from "../../values/model.js";
import type { Requirements } from "../laws.js";

/** What a chat asks of a model. */
export function chatRequirements(request: ChatRequest): Requirements {
  const input = new Set<Modality>(["text"]);
  for (const message of request.messages) {
    if (typeof message.content === "string") continue;
    for (const part of message.content) addModality(input, part);
  }
  return {
    input,
    output: new Set(request.output?.modalities ?? ["text"]),
    tools: (request.tools?.length ?? 0) > 0,
    structuredOutput: request.responseFormat?.type === "json-schema",
    reasoning: request.reasoning !== undefined && request.reasoning.effort !== "none",
  };
}

function addModality(into: Set<Modality>, part: ContentPart): void {
  if (part.type === "image" || part.type === "audio") into.add(part.type);
  else if (part.type === "file") {
    const type = part.mediaType ?? "application/pdf";
    if (type === "application/pdf") into.add("pdf");
    else if (type.startsWith("image/")) into.add("image");
    else if (type.startsWith("audio/")) into.add("audio");
    else if (type.startsWith("video/")) into.add("video");
  } else if (part.type === "tool-result" && typeof part.content !== "string") {
    for (const piece of part.content) addModality(into, piece);
  }
}
