import type { Message } from "../../../core/values/message.js";
import { ANY_TOOL_ID, nineCharacterIds, nineCharacters, type ToolIds } from "../../shared/common/call-ids.js";
import type { OpenAiChatQuirks } from "../shared/quirks.js";

/** Tool call ids in the shape that an endpoint takes. */
export function idsFor(messages: readonly Message[], quirks: OpenAiChatQuirks): ToolIds {
  if (quirks.toolCallIdNine === true) return nineCharacterIds(messages);
  const longest = quirks.maxToolCallId;
  return longest === undefined
    ? ANY_TOOL_ID
    : { of: (id) => (id.length <= longest ? id : shortened(id, longest)) };
}

/** The head of a long id and a hash of the whole, so that ids which begin alike stay apart. */
function shortened(id: string, longest: number): string {
  return `${id.slice(0, longest - 10)}_${nineCharacters(id)}`;
}
