import { type DialectTarget, EncodeWarnings, extensionsFor } from "../../../core/contract/dialect.js";
import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type { CacheMark, Extensions, Message, Origin } from "../../../core/values/message.js";
import { type ClaudeFacts, claudeFacts } from "../../shared/claude/claude.js";
import { CacheMarks } from "../../shared/common/cache-marks.js";
import { type ToolIds, wordIds } from "../../shared/common/tool-id.js";
import { markBlock } from "../shared/cache.js";
import { type AnthropicMessagesQuirks, CLAUDE_FAMILY, quirksOf } from "../shared/quirks.js";

/** What one request's encoding shares between its pieces. */
export class EncodeContext {
  readonly losses = new EncodeWarnings();
  readonly quirks: AnthropicMessagesQuirks;
  readonly family: string;
  readonly facts: ClaudeFacts;
  readonly marks = new CacheMarks();
  /** Values for the `anthropic-beta` header. */
  readonly betas = new Set<string>();
  /** Calls' ids as `^[a-zA-Z0-9_-]+$` takes them, the same on a call and its result. */
  readonly ids: ToolIds;

  constructor(
    readonly target: DialectTarget,
    messages: readonly Message[],
  ) {
    this.ids = wordIds(messages, 256);
    this.quirks = quirksOf(target.quirks);
    this.family = this.quirks.family ?? CLAUDE_FAMILY;
    const facts = claudeFacts(target.model);
    this.facts = {
      ...facts,
      thinking: this.quirks.thinking ?? facts.thinking,
      maxTokens: this.quirks.maxTokens ?? facts.maxTokens,
    };
  }

  /** Whether this target reads a part's state. */
  reads(origin: Origin | undefined): origin is Origin {
    return origin !== undefined && this.isOurs(origin);
  }

  /** Notes that state of another family is left out. */
  dropState(origin: Origin | undefined, at: string): void {
    if (origin !== undefined && !this.isOurs(origin)) this.losses.stateDropped(at, origin.family);
  }

  /** Notes that a part goes without its state, since this target cannot read it. */
  noteState(origin: Origin | undefined, at: string): void {
    if (origin !== undefined && !this.isOurs(origin)) this.losses.stateDropped(`${at}.origin`, origin.family);
  }

  private isOurs({ family, account }: Origin): boolean {
    return family === this.family && (account === undefined || account === this.target.account);
  }

  /** The extensions that concern this target. */
  extensions(extensions: Extensions | undefined): readonly JsonObject[] {
    return extensionsFor(extensions, "anthropic-messages", this.target.provider);
  }

  /**
   * A block with its vendor fields and its cache mark. Vendor fields with a `type` of their own stand for the whole
   * block: so a block that the contract has no part for can still be sent.
   */
  finish(
    block: MutableJson,
    part: { readonly extensions?: Extensions | undefined; readonly cache?: CacheMark | undefined },
    at: string,
  ): MutableJson {
    let finished = block;
    for (const fields of this.extensions(part.extensions))
      finished =
        typeof fields["type"] === "string" && fields["type"] !== finished["type"]
          ? { ...fields }
          : mergeDeep(finished, fields);
    if (part.cache !== undefined) markBlock(finished, part.cache, at, this);
    return finished;
  }
}
