import type { EncodeWarnings } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Extensions, Origin } from "../../../core/values/message.js";
import { extended } from "../../shared/common/extensions.js";
import { DIALECT, FAMILY } from "../shared/family.js";

/** Where a request goes, and what was lost on the way. */
export class Destination {
  /** Documents that stand beside the messages. */
  readonly documents: JsonObject[] = [];

  constructor(
    readonly losses: EncodeWarnings,
    private readonly provider: string,
    private readonly account: string | undefined,
  ) {}

  /** Merges what `extensions` hold for the target into an object. */
  extended(object: JsonObject, extensions: Extensions | undefined): JsonObject {
    return extended(object, extensions, DIALECT, this.provider);
  }

  /** Whether state is Cohere's own, and of this account where it is bound to one. */
  reads(origin: Origin): boolean {
    return origin.family === FAMILY && (origin.account === undefined || origin.account === this.account);
  }

  /** Notes marks and state of a part that cannot be sent. */
  noteMarks(part: Pick<ContentPart, "cache" | "origin">, at: string): void {
    if (part.cache !== undefined)
      this.losses.unsupported(`${at}.cache`, "Cohere finds its caches by prefix alone");
    if (part.origin !== undefined && !this.reads(part.origin))
      this.losses.stateDropped(`${at}.origin`, part.origin.family);
  }

  /** Notes that something of an earlier answer is not sent back; what was asked for is not touched. */
  leave(field: string, why: string): void {
    this.losses.warnings.push({ code: "state-dropped", field, message: `"${field}" was left out: ${why}` });
  }
}

/** What the user wants seen is never left out: an answer that missed it would be wrong. */
export function refused(at: string, why: string): AiLibError {
  return new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `\`${at}\` cannot be sent to Cohere: ${why}`,
    local: true,
  });
}
