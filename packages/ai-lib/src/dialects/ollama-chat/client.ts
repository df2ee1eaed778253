import type { ClientHalf } from "../../core/dialect.js";
import { errorOfReply } from "./errors.js";
import { decodeModels, encodeModelsRequest } from "./models.js";
import { DIALECT } from "./names.js";
import { decodeReply } from "./reply-decode.js";
import { encodeRequest } from "./request-encode.js";
import { OllamaDecoder } from "./stream-decode.js";

/** The client's side of Ollama's native `/api/chat`. https://docs.ollama.com/api/chat */
export const client: ClientHalf = {
  id: DIALECT,
  framing: "ndjson",
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new OllamaDecoder(target, out),
  error: errorOfReply,
  models: { encode: encodeModelsRequest, decode: decodeModels },
};
