import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { type MutableJson, mergeDeep } from "../../../core/values/json.js";
import { jsonFor } from "../../shared/common/headers.js";
import { OpenAIChatContext } from "./context.js";
import { encodeMessages } from "./messages.js";
import { rare } from "./on-demand.js";
import { hasSamplingAlone, ParameterEncoder } from "./parameters.js";

/**
 * A request for `POST /chat/completions`. https://platform.openai.com/docs/api-reference/chat/create
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for `continues` and for media that the endpoint does not accept.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const context = new OpenAIChatContext(request, mode, target);
  context.refuseContinues();
  context.dropPhases();
  const { quirks } = context;
  const messages = encodeMessages(context.messages, context);
  const fields: MutableJson = { model: target.model, messages };
  if (!hasMessagesAlone(request)) encodeFields(request, messages, fields, context);
  if (mode === "stream") {
    fields["stream"] = true;
    if (quirks.noStreamOptions !== true) fields["stream_options"] = { include_usage: true };
  }
  const body = quirks.body === undefined ? fields : mergeDeep(quirks.body, fields);
  return {
    http: {
      method: "POST",
      path: "/chat/completions",
      headers: encodeHeaders(request, context),
      body: context.json(context.extended(body, request.extensions)),
    },
    warnings: context.warnings,
  };
}

/** Whether a request has no field but its messages and a model, as many have. */
function hasMessagesAlone(request: ChatRequest): boolean {
  for (const field in request) if (field !== "messages" && field !== "model") return false;
  return true;
}

/** Adds all other fields of a request to those of the body, and what has no field to the messages. */
function encodeFields(
  request: ChatRequest,
  messages: MutableJson[],
  fields: MutableJson,
  context: OpenAIChatContext,
): void {
  const parameters = new ParameterEncoder(request, fields, context);
  if (hasSamplingAlone(request)) parameters.sampling();
  else rare.get().encodeAllFields(parameters, messages);
}

function encodeHeaders(
  { cacheKey }: ChatRequest,
  { mode, quirks: { cacheKeyHeader } }: OpenAIChatContext,
): Readonly<Record<string, string>> {
  return cacheKeyHeader === undefined || cacheKey === undefined
    ? jsonFor(mode)
    : { ...jsonFor(mode), [cacheKeyHeader]: cacheKey };
}
