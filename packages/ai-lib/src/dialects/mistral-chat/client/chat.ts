import type { ClientHalf } from "../../../core/contract/dialect.js";
import { PLAIN_NAMES } from "../../shared/common/tool-names.js";
import { DIALECT } from "../shared/family.js";
import { decodeModels, encodeModelsRequest } from "../shared/models.js";
import { decodeError } from "./errors.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { MistralStreamDecoder } from "./stream.js";

/** The client half of Mistral's chat completions, below `https://api.mistral.ai/v1`. https://docs.mistral.ai/api/endpoint/chat */
export const chat: ClientHalf = {
  id: DIALECT,
  framing: "sse",
  // "Conversation must start with a user message or system message" is a 400.
  userFirst: () => true,
  toolNames: () => PLAIN_NAMES,
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new MistralStreamDecoder(target, out),
  error: decodeError,
  models: { encode: encodeModelsRequest, decode: decodeModels },
};
