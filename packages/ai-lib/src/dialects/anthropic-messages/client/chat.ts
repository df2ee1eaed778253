import type { ClientHalf } from "../../../core/contract/dialect.js";
import { LONG_NAMES } from "../../shared/common/tool-names.js";
import { decodeModels, encodeModels } from "../shared/models.js";
import { decodeError } from "./errors.js";
import { streams } from "./on-demand.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";

/**
 * The client half of Anthropic's messages (https://platform.claude.com/docs/en/api/messages). Anthropic, Google's
 * Vertex AI (quirk `vertex`), MiniMax and many gateways serve them. The base URL is the host, as for the official
 * SDKs; the paths begin with `/v1`.
 */
export const chat: ClientHalf = {
  id: "anthropic-messages",
  framing: "sse",
  // "messages: first message must use the user role" is a 400.
  userFirst: () => true,
  toolNames: () => LONG_NAMES,
  // https://platform.claude.com/docs/en/build-with-claude/pdf-support#option-1-url-based-pdf-document
  mediaUrls: () => ({ image: true, audio: true, file: ["application/pdf"] }),
  encode: encodeRequest,
  decode: decodeReply,
  load: (mode) => (mode === "stream" ? streams.ready() : undefined),
  decoder: (target, out) => new (streams.get())(target, out),
  error: decodeError,
  models: { encode: encodeModels, decode: decodeModels },
};
