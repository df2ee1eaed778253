import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Warning } from "../../../core/values/answer.js";
import type { Reply } from "../../../core/values/chat-response.js";
import { asObject } from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { pushBlock } from "../shared/parts.js";
import { errorOf } from "./errors.js";
import { endFactsOf, isErrorBody, noFacts, noteFacts, Origins, refusalOf } from "./facts.js";

/**
 * Decodes a whole reply.
 * @throws {AiLibError} the classified error for an error inside a 200; `INVALID_RESPONSE` for a body that is not a
 *   message.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const body = parseBody(reply.body);
  if (isErrorBody(body)) throw errorOf(body, target, reply);
  const blocks = body["content"];
  if (!Array.isArray(blocks))
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `${target.provider} sent JSON that is not a message: it has no \`content\` array`,
      body: reply.body,
    });
  const facts = noFacts();
  noteFacts(facts, body);
  facts.usage = asObject(body["usage"]);
  const end = endFactsOf(facts);
  const origins = new Origins(target);
  origins.answeredBy(facts.model);
  const content: ContentPart[] = [];
  const warnings: Warning[] = [];
  for (const block of blocks) pushBlock(content, block, origins, (warning) => warnings.push(warning));
  const refusal = refusalOf(facts);
  if (refusal !== undefined) content.push(refusal);
  return warnings.length === 0 ? { content, facts: end } : { content, facts: end, warnings };
}
