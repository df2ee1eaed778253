import type { ChatProvider, ChatRequest, DialectId } from "ai-lib";
import { addedThinking } from "ai-lib/serve";

/** What answers a chat. */
interface Answerer {
  readonly provider: ChatProvider;
  /** The model to ask it for; undefined for its default. */
  readonly model: string | undefined;
}

/**
 * The most tokens of thinking that a request asks for besides the limit of its answer: its own budget, which vendors
 * such as Alibaba count apart (https://www.alibabacloud.com/help/en/model-studio/deep-thinking), or what a member of
 * the route makes of its effort.
 */
export function thinkingOf(request: ChatRequest, choice: Answerer | undefined): number {
  const { budgetTokens = 0 } = request.reasoning ?? {};
  return Math.max(budgetTokens, choice === undefined ? 0 : addedBy(choice.provider, choice.model, request));
}

function addedBy(provider: ChatProvider, model: string | undefined, request: ChatRequest): number {
  const { members = [], target } = provider;
  let most = 0;
  for (const member of members) most = Math.max(most, addedBy(member, model, request));
  const dialect = dialectOf(provider);
  if (dialect !== undefined)
    // A member may ask for another model than the route.
    for (const name of [model, target?.model])
      if (name !== undefined || target?.model === undefined)
        most = Math.max(most, addedThinking(request, dialect, name));
  return most;
}

/** The dialect of a provider; undefined for compositions and for providers of other kinds. */
function dialectOf(provider: ChatProvider): DialectId | undefined {
  return (provider as { readonly data?: { readonly dialect?: DialectId } }).data?.dialect;
}
