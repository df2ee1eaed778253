import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type { CacheMark, Extensions } from "../../../core/values/message.js";
import { CacheMarks, encodeTtl } from "../../shared/claude/cache.js";
import { type ClaudeFacts, claudeFacts } from "../../shared/claude/model.js";
import { wordForm } from "../../shared/common/call-ids.js";
import { EncodeContext } from "../../shared/common/encode-context.js";
import type { EncodeRules } from "../../shared/common/encode-rules.js";
import { COMMON_IMAGES } from "../../shared/common/media.js";
import { MB } from "../../shared/common/media-limits.js";
import { cannot } from "../shared/cannot.js";
import { type AnthropicMessagesQuirks, CLAUDE_FAMILY, familyOf, quirksOf } from "../shared/quirks.js";

/** https://platform.claude.com/docs/en/api/messages: ids match `^[a-zA-Z0-9_-]+$`. */
const CALL_ID = wordForm(256);

const RULES: EncodeRules = {
  dialect: "anthropic-messages",
  cannot,
  fileFields: ["context", "citations"],
  images: () => COMMON_IMAGES,
  // A request has at most 32 MB, in which bytes are base64: https://platform.claude.com/docs/en/build-with-claude/vision
  mediaLimits: () => [{ types: "", bytes: 24 * MB }],
  readers: ({ quirks }) => ({ families: [familyOf(quirks)], stores: [CLAUDE_FAMILY] }),
  callIds: () => CALL_ID,
};

/** State that the steps of encoding one request share. */
export class AnthropicContext extends EncodeContext {
  readonly quirks: AnthropicMessagesQuirks;
  readonly family: string;
  readonly facts: ClaudeFacts;
  readonly marks = new CacheMarks();
  /** Values for the `anthropic-beta` header. */
  readonly betas = new Set<string>();

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
    this.quirks = quirksOf(target.quirks);
    this.family = familyOf(target.quirks);
    const facts = claudeFacts(target.model);
    this.facts = {
      ...facts,
      thinking: this.quirks.thinking ?? facts.thinking,
      maxTokens: this.quirks.maxTokens ?? facts.maxTokens,
    };
  }

  /**
   * A block with its vendor fields and its cache mark. Vendor fields with another `type` replace the whole block, so
   * that blocks which the contract has no part for can be sent.
   */
  block(
    block: MutableJson,
    part: { readonly extensions?: Extensions | undefined; readonly cache?: CacheMark | undefined },
    at: string,
  ): MutableJson {
    let finished = block;
    for (const fields of this.extensionsFor(part.extensions))
      finished =
        typeof fields["type"] === "string" && fields["type"] !== finished["type"]
          ? { ...fields }
          : mergeDeep(finished, fields);
    if (part.cache !== undefined) this.mark(finished, part.cache, at);
    return finished;
  }

  /** Marks a block as the end of a prefix to cache. */
  mark(block: MutableJson, { ttl }: CacheMark, at: string): void {
    block["cache_control"] = { type: "ephemeral", ttl: encodeTtl(ttl, at, this) };
    this.marks.add(at, () => {
      delete block["cache_control"];
    });
  }
}
