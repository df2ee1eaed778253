import type { ClientHalf } from "../../../core/contract/dialect.js";
import { IDENTIFIERS } from "../../shared/common/tool-names.js";
import { DIALECT } from "../shared/family.js";
import { decodeModels, encodeModelsRequest } from "../shared/models.js";
import { decodeError } from "./errors.js";
import { streams } from "./on-demand.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";

/** The client half of version 2 of Cohere's chat API, below `https://api.cohere.com/v2`. https://docs.cohere.com/v2/reference/chat */
export const chat: ClientHalf = {
  id: DIALECT,
  framing: "sse",
  toolNames: () => IDENTIFIERS,
  mediaUrls: () => ({ image: true, audio: true, file: false }),
  encode: encodeRequest,
  decode: decodeReply,
  load: (mode) => (mode === "stream" ? streams.ready() : undefined),
  decoder: (target, out) => new (streams.get())(target, out),
  error: decodeError,
  models: { encode: encodeModelsRequest, decode: decodeModels },
};
