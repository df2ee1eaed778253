import type { DialectId } from "../core/contract/dialect.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import { claudeFacts } from "../dialects/shared/claude/model.js";
import { addedThinking as claudeThinking } from "../dialects/shared/claude/thinking.js";

/**
 * The most tokens that a dialect asks for besides `maxTokens` of a chat. Claude's models before 4.6 have one limit for
 * thinking and answer together, so a budget for thinking is added to the limit. For servers that limit what calls use.
 * @param model that of the target; undefined for one that is not known, which counts as one that needs a budget
 */
export function addedThinking(request: ChatRequest, dialect: DialectId, model: string | undefined): number {
  return dialect === "anthropic-messages" || dialect === "bedrock-converse"
    ? claudeThinking(request, claudeFacts(model ?? ""))
    : 0;
}
