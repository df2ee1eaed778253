import type { ClientHalf } from "../../core/dialect.js";
import { decodeModels, encodeModels } from "../openai-models.js";
import { errorOfReply } from "./errors.js";
import { decodeReply } from "./reply-decode.js";
import { encodeRequest } from "./request-encode.js";
import { ChatStreamDecoder } from "./stream-decode.js";

/** The client half of OpenAI's chat completions, as about forty vendors, gateways and local servers speak it. */
export const client: ClientHalf = {
  id: "openai-chat",
  framing: "sse",
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new ChatStreamDecoder(target, out),
  error: errorOfReply,
  models: { encode: encodeModels, decode: decodeModels },
};
