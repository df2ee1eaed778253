import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { EncodeContext, type EncodeRules } from "../../shared/common/encode-context.js";
import { cannot } from "../shared/cannot.js";
import { FAMILY } from "../shared/family.js";
import { type CallStyle, KNOWN_IDS, NO_IDS } from "../shared/parts.js";
import { type GeminiQuirks, quirksOf } from "../shared/quirks.js";
import { type ModelFacts, modelFacts } from "./model.js";

const RULES: EncodeRules = {
  dialect: "gemini",
  cannot,
  readers: () => ({ families: [FAMILY] }),
};

/** What the pieces of one request's encoding share. */
export class GeminiContext extends EncodeContext {
  readonly quirks: GeminiQuirks;
  readonly facts: ModelFacts;
  readonly callStyle: CallStyle;
  /** The names of the calls so far, by id: a result must name its function. */
  private readonly names = new Map<string, string>();
  /** The calls that were left out: their results are left out as well. */
  private readonly dropped = new Set<string>();

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
    this.quirks = quirksOf(target.quirks);
    this.facts = modelFacts(target);
    this.callStyle = this.quirks.noCallIds === true ? NO_IDS : KNOWN_IDS;
  }

  /** Notes the name of a call. */
  noteCall(id: string, name: string): void {
    this.names.set(id, name);
  }

  /** The name of a call; undefined for an unknown one. */
  nameOf(id: string): string | undefined {
    return this.names.get(id);
  }

  /** Leaves out a call, or a result without its call, with a warning. */
  dropCall(id: string, at: string, key: string): undefined {
    this.dropped.add(id);
    this.notReplayed(at, { key });
  }

  /** Whether a call was left out. */
  isDropped(id: string): boolean {
    return this.dropped.has(id);
  }
}
