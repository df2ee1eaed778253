import { chatStreams } from "./on-demand.js";
import { chatStreamCode } from "./streams.js";

/** Makes the code of streamed chats available without a load, for code that cannot wait for it. */
export function provideChatStreams(): void {
  chatStreams.provide(chatStreamCode);
}
