import type { Call } from "../core/contract/call.js";
import { configError } from "../core/errors/error.js";
import type { KindLaws } from "../core/kinds/laws.js";
import type { ReplyOf } from "../core/values/kinds.js";

/**
 * A small, plausible reply to a call of a unary kind; the same one for the same request.
 * @throws {AiLibError} `CONFIG_ERROR` for a kind without a sample.
 */
export function sampleReply({ laws, request }: Pick<Call, "laws" | "request">): ReplyOf {
  const { kind, sample } = laws as KindLaws;
  if (sample === undefined)
    throw configError(`There is no sample of the kind "${kind}"; give the script a \`reply\``);
  return sample(request);
}
