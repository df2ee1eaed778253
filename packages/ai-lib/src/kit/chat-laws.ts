import { chatLaws as lawsOfChat } from "../core/kinds/chat/laws.js";
import { provideChatChecks, provideToolArguments } from "../core/kinds/chat/provide.js";
import { provideChatStreams } from "../core/kinds/chat/provide-streams.js";
import type { KindLaws } from "../core/kinds/laws.js";

/** The rules of the kind `chat`. */
export const chatLaws: KindLaws<"chat"> = withAllCode(lawsOfChat);

/** Programs use the rules synchronously, where nothing can wait for code that is loaded on demand. */
function withAllCode(laws: KindLaws<"chat">): KindLaws<"chat"> {
  provideChatChecks();
  provideToolArguments();
  provideChatStreams();
  return laws;
}
