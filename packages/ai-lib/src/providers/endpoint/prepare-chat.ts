import type { ClientHalf, DialectTarget } from "../../core/contract/dialect.js";
import { fitToModel } from "../../core/kinds/chat/fit-model.js";
import { openHistory } from "../../core/kinds/chat/open-history.js";
import { repairHistory } from "../../core/kinds/chat/repair-history.js";
import { type NamedRequest, nameTools } from "../../core/kinds/chat/tool-names.js";
import type { Warning } from "../../core/values/answer.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ModelFacts } from "../../core/values/model.js";
import type { Tool } from "../../core/values/tool.js";

/**
 * A request whose history and names of tools every vendor, and whose content this model, accepts, with warnings about what
 * was changed.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a medium that the model does not take.
 */
export function prepareChat(
  half: ClientHalf,
  given: ChatRequest,
  target: DialectTarget,
  facts: ModelFacts | undefined,
): NamedRequest {
  const { provider, model } = target;
  const { request, warnings: losses } = fitToModel(given, facts, { provider, model });
  const repaired: Warning[] = [];
  const waiting = half.asyncTools?.(target) === true ? asyncTools(request.tools) : undefined;
  const history = repairHistory(request.messages, repaired, waiting);
  const messages = half.userFirst?.(target) === true ? openHistory(history, request, repaired) : history;
  const ready = messages === request.messages ? request : { ...request, messages };
  const named = nameTools(ready, half.toolNames?.(target));
  return { ...named, warnings: [...losses, ...repaired, ...named.warnings] };
}

/** The names of the tools whose results may come in any later turn. */
function asyncTools(tools: readonly Tool[] | undefined): ReadonlySet<string> | undefined {
  const names = tools?.flatMap((tool) =>
    tool.type !== "provider" && tool.async === true ? [tool.name] : [],
  );
  return names === undefined || names.length === 0 ? undefined : new Set(names);
}
