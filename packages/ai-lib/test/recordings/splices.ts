import type { DialectId } from "../../src/core/contract/dialect.js";
import { isObject, tryParse } from "../../src/core/values/json.js";
import type { Recording } from "../support/recordings.js";

/** A frame of a type that no dialect has, in the way in which each dialect tells types apart. */
const UNKNOWN_EVENTS: Partial<Readonly<Record<DialectId, string>>> = {
  "openai-chat": 'data: {"object":"chat.completion.novelty","novelty":true}\n\n',
  "mistral-chat": 'data: {"object":"chat.completion.novelty","novelty":true}\n\n',
  "openai-responses": 'event: response.novelty\ndata: {"type":"response.novelty","novelty":true}\n\n',
  "anthropic-messages": 'event: novelty\ndata: {"type":"novelty","novelty":true}\n\n',
  "cohere-chat": 'event: novelty\ndata: {"type":"novelty","novelty":true}\n\n',
  gemini: 'data: {"novelty":true}\n\n',
  "ollama-chat": '{"novelty":true}\n',
};

/** Bodies of a recorded text stream with something spliced in that must change nothing. */
export function splices(recording: Recording, dialect: DialectId): [string, Uint8Array][] {
  const { body, bodyEncoding } = recording.response;
  if (bodyEncoding === "base64") return [];
  const found: [string, Uint8Array][] = [];
  const add = (name: string, changed: string) => found.push([name, Buffer.from(changed, "utf8")]);
  if (recording.streamFormat === "sse") {
    const events = body.split(/(?<=\r\n\r\n|(?<!\r)\n\n)/);
    const middle = Math.floor(events.length / 2);
    const at = (text: string) => [...events.slice(0, middle), text, ...events.slice(middle)].join("");
    if (events.length > 1) {
      add("a comment", at(": keep-alive\n\n"));
      add("an unknown event type", at(UNKNOWN_EVENTS[dialect] ?? ""));
    }
    add(
      "an unknown field",
      body.replace(/^data: ?(\{.*\})(\r?)$/gm, (line, json: string, end: string) =>
        isObject(tryParse(json))
          ? `data: {"novelty_field":{"a":[1]},${json.slice(1)}${end}`.replace(/,\}/, "}")
          : line,
      ),
    );
  } else if (recording.streamFormat === "ndjson") {
    const lines = body.split(/(?<=\n)/);
    add("an unknown event type", [lines[0], UNKNOWN_EVENTS[dialect] ?? "", ...lines.slice(1)].join(""));
    add(
      "an unknown field",
      lines.map((line) => line.replace(/^\{(?!\})/, '{"novelty_field":{"a":[1]},')).join(""),
    );
  }
  return found;
}
