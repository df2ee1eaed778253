import type { ChatRequest } from "ai-lib";
import { addedThinking } from "ai-lib/serve";
import { type Answerer, endpointsOf } from "./endpoints.js";

/**
 * The most tokens of thinking that a request asks for besides the limit of its answer: its own budget, which vendors
 * such as Alibaba count apart (https://www.alibabacloud.com/help/en/model-studio/deep-thinking), or what a member of
 * the route makes of its effort.
 */
export function thinkingOf(request: ChatRequest, choice: Answerer | undefined): number {
  let most = request.reasoning?.budgetTokens ?? 0;
  if (choice === undefined) return most;
  // A member may ask for another model than the route.
  for (const { dialect, model } of endpointsOf(choice.provider))
    for (const name of [choice.model, model])
      if (name !== undefined || model === undefined)
        most = Math.max(most, addedThinking(request, dialect, name));
  return most;
}
