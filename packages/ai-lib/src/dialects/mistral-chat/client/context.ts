import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { NINE_CHARACTERS } from "../../shared/common/call-ids.js";
import { EncodeContext } from "../../shared/common/encode-context.js";
import type { EncodeRules } from "../../shared/common/encode-rules.js";
import { COMMON_IMAGES } from "../../shared/common/media.js";
import { cannot } from "../shared/cannot.js";
import { DIALECT, FAMILY } from "../shared/family.js";
import { type MistralChatQuirks, quirksOf } from "../shared/quirks.js";

const RULES: EncodeRules = {
  dialect: DIALECT,
  cannot,
  images: () => COMMON_IMAGES,
  // Files are documents: https://docs.mistral.ai/capabilities/document_ai/document_qna
  refusedFiles: () => ["audio/", "video/"],
  readers: () => ({ families: [FAMILY], stores: [DIALECT] }),
  callIds: (target) => (quirksOf(target).anyToolCallId === true ? undefined : NINE_CHARACTERS),
};

/** State that the steps of encoding one request share. */
export class MistralContext extends EncodeContext {
  readonly quirks: MistralChatQuirks;

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
    this.quirks = quirksOf(target);
  }
}
