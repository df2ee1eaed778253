import type { ClientHalf } from "../../../core/contract/dialect.js";
import { embedCodec } from "../../shared/openai/embed.js";
import { decodeModels, encodeModels } from "../../shared/openai/models.js";
import { errorOfReply } from "./errors.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { ChatStreamDecoder } from "./stream.js";

/** The client half of OpenAI's chat completions, as about forty vendors, gateways and local servers speak it. */
export const client: ClientHalf = {
  id: "openai-chat",
  framing: "sse",
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new ChatStreamDecoder(target, out),
  error: errorOfReply,
  kinds: { embed: embedCodec },
  models: { encode: encodeModels, decode: decodeModels },
};
