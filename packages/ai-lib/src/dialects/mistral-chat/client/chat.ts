import type { ClientHalf } from "../../../core/contract/dialect.js";
import { PLAIN_NAMES } from "../../shared/common/tool-names.js";
import { DIALECT } from "../shared/family.js";
import { decodeModels, encodeModelsRequest } from "../shared/models.js";
import { decodeError } from "./errors.js";
import { streams } from "./on-demand.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";

/** The client half of Mistral's chat completions, below `https://api.mistral.ai/v1`. https://docs.mistral.ai/api/endpoint/chat */
export const chat: ClientHalf = {
  id: DIALECT,
  framing: "sse",
  // "Conversation must start with a user message or system message" is a 400.
  userFirst: () => true,
  toolNames: () => PLAIN_NAMES,
  encode: encodeRequest,
  decode: decodeReply,
  load: (mode) => (mode === "stream" ? streams.ready() : undefined),
  decoder: (target, out) => new (streams.get())(target, out),
  error: decodeError,
  models: { encode: encodeModelsRequest, decode: decodeModels },
};
