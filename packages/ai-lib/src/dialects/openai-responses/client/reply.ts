import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Warning } from "../../../core/values/answer.js";
import type { Reply } from "../../../core/values/chat-response.js";
import { isObject } from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { decodeFacts } from "../shared/facts.js";
import { decodeItem, ReplyContext } from "../shared/parts.js";
import { decodeInBandError, errorIn } from "./errors.js";

/**
 * Decodes a whole response (https://platform.openai.com/docs/api-reference/responses/object).
 * @throws {AiLibError} the classified error for a response that failed and for an error inside a 200;
 *   `INVALID_RESPONSE` for a body that is not a response.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const body = parseBody(reply.body);
  const status = body["status"];
  if (status === "failed" || status === "cancelled" || errorIn(body) !== undefined)
    throw decodeInBandError(body, reply.body, target);
  const { output } = body;
  if (!Array.isArray(output))
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "The reply has no output, so there is no answer",
      body: reply.body,
    });
  const warnings: Warning[] = [];
  const context = new ReplyContext(target, (warning) => warnings.push(warning));
  const facts = decodeFacts(body);
  context.id = facts.id ?? "";
  context.model = facts.model ?? target.model;
  const content: ContentPart[] = [];
  for (const item of output as unknown[]) {
    if (!isObject(item)) continue;
    content.push(...decodeItem(item, content.length, context));
  }
  return warnings.length === 0 ? { content, facts } : { content, facts, warnings };
}
