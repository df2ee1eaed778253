import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import { encodeFormatName } from "../../shared/common/format-name.js";
import { STRICT_RULES } from "../../shared/common/schema-rules.js";
import { wellFormedJson } from "../../shared/common/well-formed.js";
import { encodeAnswer } from "../../shared/openai/answer-schema.js";
import type { OpenAIChatContext } from "./context.js";
import { stripKeywords } from "./schema.js";

/**
 * `response_format`. What the endpoint has no field for becomes an instruction.
 * @param messages receives the instruction, after the instructions that it starts with.
 */
export function encodeFormat(
  { responseFormat: format, tools = [] }: ChatRequest,
  messages: MutableJson[],
  context: OpenAIChatContext,
): JsonObject {
  if (format === undefined) return {};
  if (format.type === "text") return { response_format: { type: "text" } };
  if (tools.length > 0 && context.quirks.noToolsWithFormat === true)
    context.refuse("responseFormat", { reason: "this endpoint accepts no JSON format beside tools" });
  const { structuredOutput = "json-schema", strictSchemas = "openai" } = context.quirks;
  const { stripSchemaKeywords, needsJsonWord } = context.quirks;
  if (format.type === "json-schema" && structuredOutput === "json-schema") {
    const { name, description, strict } = format;
    const schema = stripKeywords(
      encodeAnswer(format, context, STRICT_RULES[strictSchemas]),
      stripSchemaKeywords,
    );
    return {
      response_format: {
        type: "json_schema",
        json_schema: { name: encodeFormatName(name, context), description, schema, strict },
      },
    };
  }
  if (format.type === "json-schema") {
    context.changed("responseFormat", {
      reason: "this endpoint accepts no schemas; the schema is part of an instruction",
    });
    instruct(
      messages,
      `Answer with one JSON object and nothing else. It must follow this JSON Schema:\n${wellFormedJson(format.schema)}`,
      context,
    );
  } else if (structuredOutput === "none") {
    context.changed("responseFormat", {
      reason: "this endpoint has no JSON mode; an instruction asks for JSON",
    });
    instruct(messages, "Answer with one JSON object and nothing else.", context);
  } else if (needsJsonWord === true && !/json/i.test(JSON.stringify(messages))) {
    context.changed("messages", {
      reason: "JSON mode needs the word JSON in a message; an instruction has it",
    });
    instruct(messages, "Answer in JSON.", context);
  }
  return structuredOutput === "none" ? {} : { response_format: { type: "json_object" } };
}

/** Adds an instruction after those that the messages start with. */
function instruct(messages: MutableJson[], content: string, { quirks }: OpenAIChatContext): void {
  const role = quirks.systemRole ?? "system";
  const place = role === "user" ? 0 : messages.findIndex((message) => message["role"] !== role);
  messages.splice(place < 0 ? messages.length : place, 0, { role, content });
}
