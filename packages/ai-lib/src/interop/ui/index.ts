/** Streams for pages: runs that can be resumed and stopped, and the messages of `useChat`. */
export type { LoggedStream, StreamLog, StreamLogEntry } from "../../core/contract/stream-log.js";
export {
  type ResumableStream,
  type ResumableStreams,
  type ResumableStreamsOptions,
  type ResumedResponseOptions,
  resumableStreams,
  type StartedStream,
} from "./resumable-streams.js";
export { approvalsFromUi, messagesFromUi, type UiMessage, type UiMessagesOptions } from "./ui-messages.js";
