import type { ChatRequest } from "../../../core/values/chat-request.js";
import { asString, isObject, type JsonObject } from "../../../core/values/json.js";

/** `prediction` of a body. https://platform.openai.com/docs/guides/predicted-outputs */
export function encodePrediction({ prediction }: ChatRequest): JsonObject | undefined {
  return prediction === undefined ? undefined : { type: "content", content: prediction };
}

/** The predicted text; undefined for a form that the contract has no name for, such as a list of parts. */
export function decodePrediction(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { type, content, ...others } = value;
  return type === "content" && Object.keys(others).length === 0 ? asString(content) : undefined;
}
