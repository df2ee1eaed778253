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
  /** The names of the calls so far, by id: a result names its function. */
  private readonly names = new Map<string, string>();
  /** The calls that were left out: their results are left out as well. */
  private readonly dropped = new Set<string>();

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
    this.quirks = quirksOf(target);
  }

  /** Notes the name of a call. */
  noteCall(id: string, name: string): void {
    this.names.set(id, name);
  }

  /** The name of a call; undefined for an unknown one. */
  nameOf(id: string): string | undefined {
    return this.names.get(id);
  }

  /** Leaves out a call with a warning. */
  dropCall(id: string, at: string, key: string): undefined {
    this.dropped.add(id);
    this.notReplayed(at, { key });
  }

  /** Whether a call was left out. */
  isDropped(id: string): boolean {
    return this.dropped.has(id);
  }
}
