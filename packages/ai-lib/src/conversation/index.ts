export {
  type Appended,
  append,
  type Conversation,
  type ConversationInit,
  type ForkOptions,
  fork,
  handOver,
  readConversation,
  startConversation,
} from "./conversation.js";
export { type Summarized, type SummarizeOptions, summarize } from "./summarize.js";
export { type TrimOptions, trim } from "./trim.js";
