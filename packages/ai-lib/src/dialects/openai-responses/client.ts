import type { ClientHalf } from "../../core/dialect.js";
import { decodeModels, encodeModels } from "../openai-models.js";
import { decodeError } from "./errors.js";
import { decodeReply } from "./reply-decode.js";
import { encodeRequest } from "./request-encode.js";
import { ResponsesDecoder } from "./stream-decode.js";

/** The client half of OpenAI's responses (https://platform.openai.com/docs/api-reference/responses). */
export const client: ClientHalf = {
  id: "openai-responses",
  framing: "sse",
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new ResponsesDecoder(target, out),
  error: decodeError,
  models: { encode: encodeModels, decode: decodeModels },
};
