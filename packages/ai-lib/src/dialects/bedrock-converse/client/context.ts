import { type DialectTarget, EncodeWarnings, extensionsFor } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import { isObject, type JsonObject, mergeDeep } from "../../../core/values/json.js";
import type { CacheMark, Extensions, Message, Origin } from "../../../core/values/message.js";
import { CacheMarks, ttlOf } from "../../shared/common/cache-marks.js";
import { type ToolIds, wordIds } from "../../shared/common/tool-id.js";
import { BEDROCK_FAMILY, baseModelOf, kindOf, type ModelKind, reasoningFamilyOf } from "../shared/family.js";

/** A block, and the cache point that follows it. */
export interface Placed {
  readonly block: JsonObject;
  point?: JsonObject;
}

/** What one request's encoding shares between its pieces. */
export class EncodeContext {
  readonly losses = new EncodeWarnings();
  readonly marks = new CacheMarks();
  readonly model: string;
  readonly kind: ModelKind;
  /** Calls' ids as `[a-zA-Z0-9_-]{1,64}` takes them, the same on a call and its result. */
  readonly ids: ToolIds;
  private readonly families: ReadonlySet<string>;
  private documents = 0;

  constructor(
    readonly target: DialectTarget,
    messages: readonly Message[],
  ) {
    this.model = baseModelOf(target);
    this.kind = kindOf(this.model);
    this.families = new Set([BEDROCK_FAMILY, reasoningFamilyOf(this.model)]);
    this.ids = wordIds(messages, 64);
  }

  /** Whether this target reads a part's state. */
  reads(origin: Origin | undefined): origin is Origin {
    return origin !== undefined && this.isOurs(origin);
  }

  /** Notes that a part of an earlier answer is left out, since this target cannot read it. */
  dropState(origin: Origin | undefined, at: string, why: string): void {
    if (origin !== undefined && !this.isOurs(origin)) this.losses.stateDropped(at, origin.family);
    else this.losses.notReplayed(at, why);
  }

  /** Notes that a part goes without its state, since this target cannot read it. */
  noteState(origin: Origin | undefined, at: string): void {
    if (origin !== undefined && !this.isOurs(origin)) this.losses.stateDropped(`${at}.origin`, origin.family);
  }

  private isOurs({ family, account }: Origin): boolean {
    return this.families.has(family) && (account === undefined || account === this.target.account);
  }

  /** The extensions that concern this target. */
  extensions(extensions: Extensions | undefined): readonly JsonObject[] {
    return extensionsFor(extensions, "bedrock-converse", this.target.provider);
  }

  /**
   * A block with its vendor fields and its cache mark. A block is a union of one member: fields of that member merge
   * into it, another member, which is an object, stands for the whole block, so that what the contract has no part
   * for can be sent.
   */
  place(
    block: JsonObject,
    part: { readonly extensions?: Extensions | undefined; readonly cache?: CacheMark | undefined },
    at: string,
  ): Placed {
    let finished = block;
    for (const fields of this.extensions(part.extensions)) {
      const other = Object.entries(fields).some(
        ([member, value]) => isObject(value) && !(member in finished),
      );
      finished = other ? { ...fields } : mergeDeep(finished, fields);
    }
    const placed: Placed = { block: finished };
    if (part.cache !== undefined) this.mark(placed, part.cache, at);
    return placed;
  }

  /** Puts a cache point behind a block. */
  mark(placed: Placed, mark: CacheMark, at: string): void {
    placed.point = { cachePoint: { type: "default", ...ttlOf(mark.ttl, at, this.losses) } };
    this.marks.add(at, () => {
      delete placed.point;
    });
  }

  /** A number for a document without a name. */
  nextDocument(): number {
    this.documents += 1;
    return this.documents;
  }

  /** What no body could say; another provider may. Nothing was sent. */
  refuse(message: string): AiLibError {
    return new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message,
      local: true,
      target: { provider: this.target.provider, model: this.target.model },
    });
  }
}
