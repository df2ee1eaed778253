import type { ClientHalf } from "../../../core/contract/dialect.js";
import { PLAIN_NAMES } from "../../shared/common/tool-names.js";
import { decodeModels, encodeModelsRequest } from "../../shared/openai/models.js";
import { TOOL_FAMILY } from "../shared/calls.js";
import { familyOf, quirksOf } from "../shared/quirks.js";
import { decodeError } from "./errors.js";
import { streams } from "./on-demand.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";

/** The client half of OpenAI's responses (https://platform.openai.com/docs/api-reference/responses). */
export const chat: ClientHalf = {
  id: "openai-responses",
  framing: "sse",
  toolNames: () => PLAIN_NAMES,
  asyncTools: (target) => familyOf(target, quirksOf(target)) === TOOL_FAMILY,
  mediaUrls: (target) => ({ image: true, audio: quirksOf(target).audioInput !== true, file: true }),
  encode: encodeRequest,
  decode: decodeReply,
  load: (mode) => (mode === "stream" ? streams.ready() : undefined),
  decoder: (target, out) => new (streams.get())(target, out),
  error: decodeError,
  models: { encode: encodeModelsRequest, decode: decodeModels },
};
