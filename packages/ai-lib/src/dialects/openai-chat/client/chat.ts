import type { ClientHalf } from "../../../core/contract/dialect.js";
import { PLAIN_NAMES } from "../../shared/common/tool-names.js";
import { decodeModels, encodeModelsRequest } from "../../shared/openai/models.js";
import { isMistralTarget } from "./context.js";
import { mediaUrls } from "./media.js";
import { errors } from "./on-demand.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { streams } from "./streams.js";

/** The client half of OpenAI's chat completions, which about forty vendors, gateways and local servers serve. */
export const chat: ClientHalf = {
  id: "openai-chat",
  framing: "sse",
  usageField: "stream_options",
  userFirst: isMistralTarget,
  toolNames: () => PLAIN_NAMES,
  mediaUrls,
  encode: encodeRequest,
  decode: decodeReply,
  load: (mode) => (mode === "stream" ? streams.ready() : undefined),
  decoder: (target, out) => new (streams.get())(target, out),
  error: (reply, target) => errors.get().decodeError(reply, target),
  models: { encode: encodeModelsRequest, decode: decodeModels },
};
