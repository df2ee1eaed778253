import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { EncodeContext, type EncodeRules } from "../../shared/common/encode-context.js";
import { cannot } from "../shared/cannot.js";
import { DIALECT } from "../shared/family.js";
import { type OllamaChatQuirks, quirksOf } from "../shared/quirks.js";

/** Ollama gives no state and stores no files, so it reads none. */
const RULES: EncodeRules = { dialect: DIALECT, cannot, readers: () => ({ families: [] }) };

/** What the pieces of one request's encoding share. */
export class OllamaContext extends EncodeContext {
  readonly quirks: OllamaChatQuirks;

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
    this.quirks = quirksOf(target);
  }
}
