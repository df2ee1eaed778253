import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { EncodeContext } from "../../shared/common/encode-context.js";
import type { EncodeRules } from "../../shared/common/encode-rules.js";
import { COMMON_IMAGES } from "../../shared/common/media.js";
import { cannot } from "../shared/cannot.js";
import { DIALECT, FAMILY } from "../shared/family.js";

const RULES: EncodeRules = {
  dialect: DIALECT,
  cannot,
  readers: () => ({ families: [FAMILY] }),
  images: () => COMMON_IMAGES,
};

/** State that the steps of encoding one request share. */
export class CohereContext extends EncodeContext {
  /** Documents, which are a field besides the messages. */
  readonly documents: JsonObject[] = [];

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
  }

  /** Warns about the cache mark of a part, and about state that Cohere cannot read. */
  warnMarks({ cache, origin }: Pick<ContentPart, "cache" | "origin">, at: string): void {
    if (cache !== undefined) this.unsupported(`${at}.cache`);
    this.stateOf(origin, `${at}.origin`);
  }
}
