import type { ChatRequest } from "../../values/chat-request.js";
import type { ChatResponse } from "../../values/chat-response.js";
import type { JsonObject } from "../../values/json.js";
import type { ContentPart, Message, ToolCallPart } from "../../values/message.js";
import type { FunctionTool, ProviderTool, TextTool, Tool } from "../../values/tool.js";
import { INPUT } from "./text-input.js";

/** A request without text tools. */
export interface PlainRequest extends ChatRequest {
  readonly tools?: readonly (FunctionTool | ProviderTool)[] | undefined;
}

/**
 * A request whose text tools, and their calls in the history, are those of functions with one text field, for targets
 * that have no text tools. Returns the same request if it has none.
 */
export function withFunctionTools(request: ChatRequest): PlainRequest {
  const { tools, messages } = request;
  const called = messages.some(hasTextCall);
  const offered = tools?.some(isTextTool) === true;
  if (!called && !offered) return request as PlainRequest;
  return {
    ...request,
    messages: called ? messages.map(plainMessage) : messages,
    tools: tools?.map((tool) => (tool.type === "text-tool" ? functionOf(tool) : tool)),
  };
}

function hasTextCall({ content }: Message): boolean {
  return typeof content !== "string" && content.some(isTextCall);
}

function isTextTool({ type }: Tool): boolean {
  return type === "text-tool";
}

function plainMessage(message: Message): Message {
  if (message.role !== "assistant" || typeof message.content === "string") return message;
  return { ...message, content: message.content.map(functionCallOf) };
}

/** The function with one text field that represents a text tool. The model reads the grammar in the description. */
function functionOf({ type: _type, grammar, ...shared }: TextTool): FunctionTool {
  const description =
    grammar === undefined
      ? "The input, as text"
      : `Text of this ${grammar.syntax} grammar:\n${grammar.definition}`;
  const parameters: JsonObject = {
    type: "object",
    properties: { [INPUT]: { type: "string", description } },
    required: [INPUT],
    additionalProperties: false,
  };
  return { ...shared, type: "function", parameters };
}

/** Whether a part is the call of a text tool. */
export function isTextCall(part: ContentPart): part is ToolCallPart & { readonly input: string } {
  return part.type === "tool-call" && part.input !== undefined;
}

/** The call of a text tool as the call of its function; any other part unchanged. */
export function functionCallOf(part: ContentPart): ContentPart {
  if (!isTextCall(part)) return part;
  const { input, ...call } = part;
  return { ...call, arguments: { [INPUT]: input } };
}

/** A response whose calls of text tools are those of functions, for dialects that have no others. */
export function withFunctionCalls(response: ChatResponse): ChatResponse {
  const { content } = response;
  return content.some(isTextCall) ? { ...response, content: content.map(functionCallOf) } : response;
}
