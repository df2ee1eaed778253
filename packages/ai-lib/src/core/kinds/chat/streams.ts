import type { ChatEvent } from "../../values/chat-event.js";
import type { ChatResponse, Reply } from "../../values/chat-response.js";
import { Fold } from "./fold.js";
import { replayEvents } from "./replay.js";

/** The code of streamed chats. */
export const chatStreamCode = { Fold, replay };

/** The events of a whole answer. */
function replay(answer: Reply | ChatResponse, provider?: string): readonly ChatEvent[] {
  if ("facts" in answer)
    return replayEvents(
      answer.content,
      provider === undefined ? answer.facts : { ...answer.facts, provider },
    );
  return [
    ...replayEvents(answer.content, answer),
    ...answer.warnings.map((warning): ChatEvent => ({ type: "warning", warning })),
  ];
}
