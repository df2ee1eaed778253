import type { DialectId } from "../../src/core/contract/dialect.js";
import { isObject, type Json, type JsonObject, type MutableJson } from "../../src/core/values/json.js";

/** What an API takes and its vendor's own package does not declare, or declares more narrowly. */
export interface Deviation {
  readonly dialect: DialectId;
  /** Why the declaration is not the whole of what the API takes, with the source. */
  readonly why: string;
  /** Widens an object of the generated schema that declares these properties; leaves any other as it is. */
  readonly amend: (properties: MutableJson) => void;
}

/** At most this many, each of one field. */
export const deviations: readonly Deviation[] = [
  {
    dialect: "openai-responses",
    why: "The model's own text needs no id, which the package declares for the items that are stored: recordings of openai-responses with such input are 200",
    amend(properties) {
      if (!("role" in properties && "content" in properties) || "id" in properties) return;
      const text = { type: "object", properties: { type: { enum: ["output_text", "refusal"] } } };
      properties["content"] = widened(properties["content"], { type: "array", items: text });
    },
  },
  {
    dialect: "openai-responses",
    why: "Without `store` an item of reasoning is known by its encrypted content and needs no id: https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items",
    amend(properties) {
      if ("encrypted_content" in properties && "summary" in properties) properties["id"] = true;
    },
  },
  {
    dialect: "openai-responses",
    why: "The guide of prompt caching has the field, the package not yet: https://platform.openai.com/docs/guides/prompt-caching",
    amend(properties) {
      if ("mode" in properties && "ttl" in properties)
        properties["comparison_response_id"] = { type: "string" };
      if ("mode" in properties && "ttl" in properties) properties["ttl"] = { enum: ["30m", "12h"] };
    },
  },
  {
    dialect: "openai-responses",
    why: "The reference has the field, the package not: https://platform.openai.com/docs/api-reference/responses/create#responses-create-max_tool_calls",
    amend(properties) {
      if ("input" in properties && "model" in properties) properties["max_tool_calls"] = { type: "integer" };
    },
  },
  {
    dialect: "openai-chat",
    why: "Newer packages declare the detail `original`: https://platform.openai.com/docs/guides/images-vision#specify-image-input-detail-level",
    amend(properties) {
      if ("detail" in properties && "url" in properties)
        properties["detail"] = { enum: ["auto", "low", "high", "original"] };
    },
  },
  {
    dialect: "mistral-chat",
    why: "The API takes an object with the format as well: the recording `chat-audio-models-mistral-voxtral-small-latest` is a 200",
    amend(properties) {
      const { input_audio: audio } = properties;
      if (audio !== undefined) properties["input_audio"] = widened(audio, { type: "object" });
    },
  },
  {
    dialect: "mistral-chat",
    why: "Answers of agents have chunks of what a search found, which are sent back as they came; the package declares them for answers and thinking alone: https://docs.mistral.ai/agents/tools/built-in/websearch",
    amend(properties) {
      const { content, role } = properties;
      if (content === undefined || role === undefined) return;
      const found = { type: "object", properties: { type: { const: "tool_reference" } }, required: ["type"] };
      const other = { type: "object", properties: { type: { not: { const: "tool_reference" } } } };
      properties["content"] = widened(content, {
        type: "array",
        items: { anyOf: [found, other] },
        contains: found,
      });
    },
  },
  {
    dialect: "ollama-chat",
    why: "The server has both, which tell calls of one tool apart: `ToolCall.ID` and `Message.ToolCallID` in https://github.com/ollama/ollama/blob/main/api/types.go",
    amend(properties) {
      if (Object.keys(properties).join() === "function") properties["id"] = { type: "string" };
      if ("tool_calls" in properties) properties["tool_call_id"] = { type: "string" };
    },
  },
];

function widened(schema: Json | undefined, other: JsonObject): JsonObject {
  return { anyOf: [isObject(schema) ? schema : {}, other] };
}
