import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { Origin } from "../../../core/values/message.js";
import { EncodeContext } from "../../shared/common/encode-context.js";
import type { EncodeRules } from "../../shared/common/encode-rules.js";
import { GEMINI_IMAGES } from "../../shared/common/media.js";
import { MB } from "../../shared/common/media-limits.js";
import { cannot } from "../shared/cannot.js";
import { FAMILY, signatureOf } from "../shared/family.js";
import { type CallStyle, KNOWN_IDS, NO_IDS } from "../shared/parts.js";
import { type GeminiQuirks, quirksOf } from "../shared/quirks.js";
import { type ModelFacts, modelFacts } from "./model.js";

const RULES: EncodeRules = {
  dialect: "gemini",
  cannot,
  fileFields: ["clip"],
  images: () => GEMINI_IMAGES,
  cloud: "gs",
  // https://ai.google.dev/gemini-api/docs/file-input-methods
  mediaLimits: () => [{ types: "application/pdf", bytes: 50 * MB }],
  readers: () => ({ families: [FAMILY] }),
};

/** State that the steps of encoding one request share. */
export class GeminiContext extends EncodeContext {
  readonly quirks: GeminiQuirks;
  readonly facts: ModelFacts;
  readonly callStyle: CallStyle;

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
    this.quirks = quirksOf(target.quirks);
    this.facts = modelFacts(target);
    this.callStyle = this.quirks.noCallIds === true ? NO_IDS : KNOWN_IDS;
  }

  override canRead(origin: Origin | undefined): origin is Origin {
    if (origin?.family === "openai-chat") return signatureOf(origin) !== undefined;
    return super.canRead(origin);
  }
}
