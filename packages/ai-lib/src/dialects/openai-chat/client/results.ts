import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { Extensions, TextPart, ToolMessage, ToolResultPart } from "../../../core/values/message.js";
import type { OpenAIChatContext } from "./context.js";
import { encodePart, encodeTexts, withMark } from "./parts.js";

/** Takes the messages of results, and the media that follow them in a message of the user. */
interface ResultsSink {
  push(message: MutableJson, extensions: Extensions | undefined): void;
  keepMedia(media: readonly JsonObject[]): void;
}

/** Encodes the results of tools, of which each is a message. */
export function encodeResults(
  message: ToolMessage,
  at: string,
  context: OpenAIChatContext,
  out: ResultsSink,
): void {
  message.content.forEach((part, j) => {
    const where = `${at}.content.${j}`;
    const last = j === message.content.length - 1;
    if (part.isError === true) context.unsupported(`${where}.isError`);
    const content = encodeResult(part, where, context, out);
    // The mark of the message is on its last result.
    const mark = last ? message.cache : undefined;
    if (part.cache !== undefined && mark !== undefined) context.dropSecondMark(at);
    const encoded = context.extended(
      {
        role: "tool",
        tool_call_id: context.callId(part.id),
        content:
          part.cache === undefined
            ? withMark(content, mark, at, context)
            : withMark(content, part.cache, where, context),
      },
      part.extensions,
    );
    out.push(encoded, last ? message.extensions : undefined);
  });
}

/** The content of a result. Media that the endpoint accepts only from users follow in a message of the user. */
function encodeResult(
  part: ToolResultPart,
  at: string,
  context: OpenAIChatContext,
  out: ResultsSink,
): string | JsonObject[] {
  if (typeof part.content === "string") return part.content;
  const texts: TextPart[] = [];
  const places: number[] = [];
  part.content.forEach((piece, k) => {
    if (piece.type !== "text") return;
    texts.push(piece);
    places.push(k);
  });
  if (texts.length === part.content.length) return encodeTexts(texts, at, context);
  if (context.quirks.toolResultMedia === true)
    return part.content.map((piece, k) => encodePart(piece, `${at}.content.${k}`, context));
  out.keepMedia([{ type: "text", text: `From the result of the tool call ${part.id}:` }]);
  part.content.forEach((piece, k) => {
    if (piece.type === "text") return;
    const where = `${at}.content.${k}`;
    context.changed(where, { key: "messages.content.tool-result.content" });
    out.keepMedia([encodePart(piece, where, context)]);
  });
  return encodeTexts(texts, at, context, places);
}
