import { invalidRequest } from "./error.js";
import { isObject } from "./json.js";
import { type Message, partsOf } from "./message.js";
import type { ChatRequest } from "./request.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "tools",
  "toolChoice",
  "parallelToolCalls",
  "responseFormat",
  "maxTokens",
  "temperature",
  "topP",
  "topK",
  "stop",
  "seed",
  "presencePenalty",
  "frequencyPenalty",
  "logprobs",
  "reasoning",
  "output",
  "serviceTier",
  "cacheKey",
  "continues",
  "user",
  "metadata",
  "extensions",
] satisfies (keyof ChatRequest)[]);

const ROLES: ReadonlySet<string> = new Set(["system", "user", "assistant", "tool"]);

/**
 * Refuses a request that no provider could take, before anything is sent.
 * @throws {AiLibError} `INVALID_REQUEST` that names the field and what to do.
 */
export function checkRequest(request: ChatRequest): void {
  if (!isObject(request))
    throw invalidRequest("A request is an object with `messages`; a client also takes a string");
  for (const field of Object.keys(request)) if (!REQUEST_FIELDS.has(field)) refuseField(field);
  if (!Array.isArray(request.messages) || request.messages.length === 0)
    throw invalidRequest("`messages` is empty: a request needs at least one user message");
  checkMessages(request.messages, request.continues !== undefined);
  checkTools(request);
  for (const field of ["maxTokens", "temperature", "topP", "topK"] as const) {
    const value: unknown = request[field];
    if (value !== undefined && (typeof value !== "number" || Number.isNaN(value) || value < 0))
      throw invalidRequest(`\`${field}\` must be a number of 0 or more, not ${String(value)}`);
  }
}

function refuseField(field: string): never {
  if (field === "n" || field === "choices" || field === "candidateCount")
    throw invalidRequest(`"${field}": one request has one answer; use \`batch\` to ask several times`);
  throw invalidRequest(
    `Unknown request field "${field}"; known are: ${[...REQUEST_FIELDS].join(", ")}. Vendor fields go into \`extensions\``,
  );
}

/** @param continued the calls may lie with the vendor, who keeps what the request goes on from. */
function checkMessages(messages: readonly Message[], continued: boolean): void {
  const calls = new Set<string>();
  let answerable = false;
  messages.forEach((message, i) => {
    const at = `messages.${i}`;
    if (!isObject(message) || !ROLES.has(message.role))
      throw invalidRequest(`\`${at}.role\` must be one of system, user, assistant, tool`);
    if (typeof message.content !== "string" && !Array.isArray(message.content))
      throw invalidRequest(`\`${at}.content\` must be a string or an array of parts`);
    if (message.role === "tool" && typeof message.content === "string")
      throw invalidRequest(
        `\`${at}.content\` of a tool message is an array of tool-result parts; use toolResult(call, value)`,
      );
    if (message.role !== "system") answerable = true;
    partsOf(message).forEach((part, j) => {
      if (part.type === "tool-call") calls.add(part.id);
      else if (
        part.type === "tool-result" &&
        part.executedBy === undefined &&
        !continued &&
        !calls.has(part.id)
      )
        throw invalidRequest(
          `\`${at}.content.${j}\` is the result of the tool call "${part.id}", which no earlier message made; append response.message to the history before its results`,
        );
      else if (part.type === "image" || part.type === "audio" || part.type === "file") {
        const given = [part.url, part.data, part.uploaded].filter((one) => one !== undefined).length;
        if (given !== 1)
          throw invalidRequest(
            `\`${at}.content.${j}\` (${part.type}) needs exactly one of url, data and uploaded`,
          );
        if (part.data !== undefined && part.mediaType === undefined)
          throw invalidRequest(
            `\`${at}.content.${j}\` (${part.type}) has data and no mediaType, such as "image/png"`,
          );
      }
    });
  });
  if (!answerable) throw invalidRequest("`messages` holds nothing but system messages: add a user message");
}

function checkTools(request: ChatRequest): void {
  const names = new Set<string>();
  (request.tools ?? []).forEach((tool, i) => {
    if (tool.type !== "function") return;
    if (typeof tool.name !== "string" || tool.name === "")
      throw invalidRequest(`\`tools.${i}.name\` is missing`);
    if (names.has(tool.name)) throw invalidRequest(`\`tools.${i}.name\` "${tool.name}" is there twice`);
    names.add(tool.name);
    const { parameters } = tool as { parameters: unknown };
    const type = isObject(parameters) ? parameters["type"] : undefined;
    if (!isObject(parameters) || (type !== undefined && type !== "object"))
      throw invalidRequest(
        `\`tools.${i}.parameters\` of "${tool.name}" must be a JSON Schema whose root is an object: { "type": "object", "properties": {...} }`,
      );
  });
  const choice = request.toolChoice;
  if (isObject(choice) && !names.has(choice.name))
    throw invalidRequest(`\`toolChoice\` names "${choice.name}", which is no function tool of the request`);
  if (choice === "required" && (request.tools?.length ?? 0) === 0)
    throw invalidRequest('`toolChoice` is "required" and the request has no tools');
}
