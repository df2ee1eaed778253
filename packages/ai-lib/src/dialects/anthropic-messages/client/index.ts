import type { ClientHalf } from "../../../core/contract/dialect.js";
import { decodeModels, encodeModels } from "../shared/models.js";
import { decodeError } from "./errors.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { AnthropicDecoder } from "./stream.js";

/**
 * Anthropic's messages, as https://platform.claude.com/docs/en/api/messages describes them: spoken by Anthropic,
 * by Google's Vertex AI (quirk `vertex`), by MiniMax and many gateways. The base URL is the host, as the official
 * SDKs take it; the paths begin with `/v1`.
 */
export const client: ClientHalf = {
  id: "anthropic-messages",
  framing: "sse",
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new AnthropicDecoder(target, out),
  error: decodeError,
  models: { encode: encodeModels, decode: decodeModels },
};
