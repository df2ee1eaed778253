import type { EncodeWarnings } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { OpenAiChatQuirks } from "../shared/quirks.js";
import { stripKeywords } from "./schema.js";

/** Writes `response_format`, and says in words what an endpoint cannot take as a field. */
export function encodeFormat(
  body: MutableJson,
  messages: MutableJson[],
  request: ChatRequest,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): void {
  const format = request.responseFormat;
  if (format === undefined || format.type === "text") {
    if (format !== undefined) body["response_format"] = { type: "text" };
    return;
  }
  const support = quirks.structuredOutput ?? "json-schema";
  if (format.type === "json-schema" && support === "json-schema") {
    body["response_format"] = {
      type: "json_schema",
      json_schema: {
        name: format.name ?? "response",
        description: format.description,
        schema: stripKeywords(format.schema, quirks.stripSchemaKeywords),
        strict: format.strict,
      },
    };
    return;
  }
  if (support !== "none") body["response_format"] = { type: "json_object" };
  if (format.type === "json-schema") {
    losses.changed("responseFormat", "this endpoint knows no schemas; the schema was put into words");
    say(messages, schemaWords(format.schema), quirks);
  } else if (support === "none") {
    losses.changed("responseFormat", "this endpoint has no JSON mode; it was asked for in words");
    say(messages, "Answer with one JSON object and nothing else.", quirks);
  } else if (quirks.needsJsonWord === true && !/json/i.test(JSON.stringify(messages))) {
    losses.changed("messages", "JSON mode needs the word JSON in a message, so an instruction was added");
    say(messages, "Answer in JSON.", quirks);
  }
}

function schemaWords(schema: JsonObject): string {
  return `Answer with one JSON object and nothing else. It must follow this JSON Schema:\n${JSON.stringify(schema)}`;
}

/** Adds an instruction after the ones that are there. */
function say(messages: MutableJson[], words: string, quirks: OpenAiChatQuirks): void {
  const role = quirks.systemRole ?? "system";
  const instructions = role === "user" ? 0 : messages.findIndex((message) => message["role"] !== role);
  messages.splice(instructions < 0 ? messages.length : instructions, 0, { role, content: words });
}
