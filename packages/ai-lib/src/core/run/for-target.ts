import { type Call, callWith } from "../contract/call.js";
import { AiLibError } from "../errors/error.js";
import type { KindLaws, RequestTarget } from "../kinds/laws.js";
import type { Warning } from "../values/answer.js";

/**
 * The call as a target gets it, where its request says something else to each target.
 * @param warn gets what was changed or left out for this target
 * @throws {AiLibError} `UNSUPPORTED_FEATURE`, if the call is strict and something was changed or left out.
 */
export function callForTarget<C extends Call>(
  call: C,
  target: RequestTarget,
  warn: (warning: Warning) => void,
): C {
  const laws = call.laws as unknown as KindLaws;
  if (laws.forTarget === undefined) return call;
  const warnings: Warning[] = [];
  const request = laws.forTarget(call.request, target, warnings);
  if (call.context.strict) refuseLosses(target.provider, warnings);
  for (const warning of warnings) warn(warning);
  return request === call.request ? call : (callWith<Call>(call, { request }) as C);
}

/** @throws {AiLibError} `UNSUPPORTED_FEATURE` if a warning says that something would be left out or changed. */
export function refuseLosses(provider: string, warnings: readonly Warning[]): void {
  const lost = warnings.filter(({ code }) => code === "unsupported" || code === "changed");
  if (lost.length === 0) return;
  throw new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `${provider} cannot honour the request, and strict was set: ${lost.map(({ message }) => message).join("; ")}`,
    local: true,
  });
}
