import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { isObject, type JsonObject, mergeDeep } from "../../../core/values/json.js";
import type { CacheMark, Extensions } from "../../../core/values/message.js";
import { CacheMarks, encodeTtl } from "../../shared/claude/cache.js";
import { wordForm } from "../../shared/common/call-ids.js";
import { EncodeContext } from "../../shared/common/encode-context.js";
import type { EncodeRules } from "../../shared/common/encode-rules.js";
import { MB, type MediaLimit } from "../../shared/common/media-limits.js";
import { cannot } from "../shared/cannot.js";
import { BEDROCK_FAMILY, baseModelOf, kindOf, type ModelKind, reasoningFamilyOf } from "../shared/family.js";

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html: `[a-zA-Z0-9_-]{1,64}`. */
const CALL_ID = wordForm(64);

const RULES: EncodeRules = {
  dialect: "bedrock-converse",
  cannot,
  fileFields: ["context", "citations"],
  readers: (target) => ({ families: [BEDROCK_FAMILY, reasoningFamilyOf(baseModelOf(target))] }),
  cloud: "s3",
  callIds: () => CALL_ID,
  mediaLimits: documentLimits,
};

/**
 * Documents have at most 4.5 MB, but for PDFs of Claude from 4 on, and PDFs and DOCX files of Nova:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-api-restrictions.html
 */
function documentLimits(target: DialectTarget): readonly MediaLimit[] {
  const kind = kindOf(baseModelOf(target));
  const large = kind === "claude" || kind === "nova" || kind === "nova-2";
  const free = large ? ["application/pdf", "application/vnd.openxmlformats"] : [];
  return [
    ...free.map((types) => ({ types, bytes: Number.POSITIVE_INFINITY })),
    ...["application/", "text/"].map((types) => ({ types, bytes: 4.5 * MB })),
    // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html
    { types: "image/", bytes: 3.75 * MB },
  ];
}

/** A block, and the cache point that follows it. */
export interface PlacedBlock {
  readonly block: JsonObject;
  point?: JsonObject;
}

/** State that the steps of encoding one request share. */
export class BedrockContext extends EncodeContext {
  readonly marks = new CacheMarks();
  readonly model: string;
  readonly kind: ModelKind;
  private documents = 0;
  private readonly documentNames = new Set<string>();

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
    this.model = baseModelOf(target);
    this.kind = kindOf(this.model);
  }

  /**
   * A block with its vendor fields and its cache mark. A block is a union with one member: vendor fields merge into
   * that member. Another member, which is an object, replaces the whole block, so that blocks which the contract has
   * no part for can be sent.
   */
  block(
    block: JsonObject,
    part: { readonly extensions?: Extensions | undefined; readonly cache?: CacheMark | undefined },
    at: string,
  ): PlacedBlock {
    let finished = block;
    for (const fields of this.extensionsFor(part.extensions)) {
      const other = Object.entries(fields).some(
        ([member, value]) => isObject(value) && !(member in finished),
      );
      finished = other ? { ...fields } : mergeDeep(finished, fields);
    }
    const placed: PlacedBlock = { block: finished };
    if (part.cache !== undefined) this.mark(placed, part.cache, at);
    return placed;
  }

  /** Adds a cache point after a block. */
  mark(placed: PlacedBlock, { ttl }: CacheMark, at: string): void {
    placed.point = { cachePoint: { type: "default", ttl: encodeTtl(ttl, at, this) } };
    this.marks.add(at, () => {
      delete placed.point;
    });
  }

  /**
   * The name of a document, unique in the request: Bedrock refuses two documents of one name. A repeated name ends in a
   * number.
   * @param name a valid name, or "" for a document without one.
   */
  documentName(name: string): string {
    let unique = name === "" ? `Document ${++this.documents}` : name;
    if (name === "") while (this.documentNames.has(unique)) unique = `Document ${++this.documents}`;
    else for (let n = 2; this.documentNames.has(unique); n++) unique = `${name.slice(0, 190)} ${n}`;
    this.documentNames.add(unique);
    return unique;
  }
}
