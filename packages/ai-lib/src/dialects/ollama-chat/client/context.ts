import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { type Message, partsOf } from "../../../core/values/message.js";
import { EncodeContext } from "../../shared/common/encode-context.js";
import type { EncodeRules } from "../../shared/common/encode-rules.js";
import { COMMON_IMAGES } from "../../shared/common/media.js";
import { cannot } from "../shared/cannot.js";
import { DIALECT, isSynthetic } from "../shared/family.js";
import { type OllamaChatQuirks, quirksOf } from "../shared/quirks.js";

/** Ollama gives no state and stores no files, so it reads none. */
const RULES: EncodeRules = {
  dialect: DIALECT,
  cannot,
  // https://docs.ollama.com/capabilities/vision
  images: () => COMMON_IMAGES,
  readers: () => ({ families: [] }),
};

/** State that the steps of encoding one request share. */
export class OllamaContext extends EncodeContext {
  readonly quirks: OllamaChatQuirks;
  private readonly alike: ReadonlySet<string>;

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
    this.quirks = quirksOf(target);
    this.alike = callsAlike(this.messages);
  }

  /**
   * The id of a call or of its result, where it is sent. A result names its tool, which is enough unless a turn calls
   * that tool several times. https://docs.ollama.com/capabilities/tool-calling
   */
  sentId(id: string): string | undefined {
    return this.alike.has(id) && !isSynthetic(id) ? id : undefined;
  }
}

/** The ids of calls of one tool within one turn. */
function callsAlike(messages: readonly Message[]): ReadonlySet<string> {
  const alike = new Set<string>();
  for (const message of messages) {
    if (message.role !== "assistant") continue;
    const first = new Map<string, string>();
    for (const part of partsOf(message)) {
      if (part.type !== "tool-call") continue;
      const other = first.get(part.name);
      if (other === undefined) first.set(part.name, part.id);
      else alike.add(other).add(part.id);
    }
  }
  return alike;
}
