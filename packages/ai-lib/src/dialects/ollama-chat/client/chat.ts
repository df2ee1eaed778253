import type { ClientHalf } from "../../../core/contract/dialect.js";
import { PLAIN_NAMES } from "../../shared/common/tool-names.js";
import { DIALECT } from "../shared/family.js";
import { decodeModels, encodeModelsRequest } from "../shared/models.js";
import { decodeError } from "./errors.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { OllamaStreamDecoder } from "./stream.js";

/** The client half of Ollama's native `/api/chat`. https://docs.ollama.com/api/chat */
export const chat: ClientHalf = {
  id: DIALECT,
  framing: "ndjson",
  toolNames: () => PLAIN_NAMES,
  mediaUrls: () => ({ image: false, audio: true, file: true }),
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new OllamaStreamDecoder(target, out),
  error: decodeError,
  models: { encode: encodeModelsRequest, decode: decodeModels },
};
