import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Warning } from "../../../core/values/answer.js";
import type { Reply } from "../../../core/values/chat-response.js";
import { asObject } from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { pushBlock } from "../shared/parts.js";
import { decodeError } from "./errors.js";
import { endFactsOf, failedAnswer, originsOf } from "./facts.js";

/**
 * Decodes a whole reply.
 * @throws {AiLibError} the classified error for an error inside a 200; `INVALID_RESPONSE` for a body that is not an
 *   answer.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const body = parseBody(reply.body);
  const blocks = asObject(asObject(body["output"])?.["message"])?.["content"];
  if (!Array.isArray(blocks)) {
    if (typeof body["message"] === "string" || reply.headers["x-amzn-errortype"] !== undefined)
      throw decodeError(reply, target);
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `${target.provider} sent JSON that is not an answer: it has no \`output.message.content\``,
      body: reply.body,
    });
  }
  const facts = endFactsOf(body);
  const origins = originsOf(target);
  const content: ContentPart[] = [];
  const warnings: Warning[] = [];
  for (const block of blocks) pushBlock(content, block, origins, (warning) => warnings.push(warning));
  const called = content.some((part) => part.type === "tool-call" && part.executedBy === undefined);
  const failed = failedAnswer(body, called, target);
  if (failed !== undefined && "error" in failed) throw failed.error;
  if (failed !== undefined) warnings.push(failed.warning);
  return warnings.length === 0 ? { content, facts } : { content, facts, warnings };
}
