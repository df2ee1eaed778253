/** Servers that speak the wire formats of providers: each request is answered in its own dialect. */
export type { DecodedRequest, DialectId, ServerFacts, ServerHalf } from "../core/contract/dialect.js";
export type { Frame, Framing, HttpReply, HttpRequest } from "../core/contract/transport.js";
export { type FrameWriter, frameWriter } from "../wire/frame-writer.js";
export { addedThinking } from "./added-thinking.js";
export { type ConversationOptions, Conversations, conversations } from "./conversations.js";
export { serverHalves } from "./halves.js";
export { NodeOutput, serve } from "./node.js";
export type { RequestHead, Route, ServedCall, ServedCallOf, ServeOptions } from "./options.js";
export { type OutputListener, type ReplyOutput, sendReply } from "./output.js";
export { type RelayOptions, relay } from "./relay.js";
export type { AnswerHead, RelayBehaviour, RelayEnd } from "./relay-run.js";
export { type AnswerEncoding, ServedReply } from "./served-reply.js";
export { serveWeb, WebOutput } from "./web.js";
