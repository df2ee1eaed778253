import type { Attempt } from "ai-lib";
import type { LedgerRow } from "../../src/admission.js";
import { makeCallId } from "../../src/call-id.js";

/** A finished call with 5 tokens in and 1 out, as the data plane gives it to the ledger. */
export function ledgerRow(given: Partial<LedgerRow> = {}): LedgerRow {
  const at = Date.now();
  const attempt = {
    ...{ target: { provider: "p", model: "m" }, outcome: "success", startedAt: at, endedAt: at },
    usage: { inputTokens: 5, outputTokens: 1 },
  } as Attempt;
  return {
    ...{ id: makeCallId(at), startedAt: at, endedAt: at, firstContentMs: 1, principal: { id: "k" } },
    ...{ session: undefined, user: undefined, tags: [], route: "r", kind: "chat", mode: "unary" },
    ...{ dialect: "openai-chat", model: "m", code: undefined },
    end: { status: "success", usage: attempt.usage, estimated: false, attempts: [attempt] },
    ...given,
  };
}
