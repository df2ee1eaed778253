import type { ErrorCode, Kind, RequestOf, ResponseOf } from "ai-lib";
import type { CallEnd } from "../admission.js";

/** The input of a hook. It is plain data; a hook at an address gets it as JSON. */
export interface HookEvent {
  readonly at: "request" | "response" | "end";
  /** The id of the call, that of the ledger and the logs. */
  readonly call: string;
  /** The id of the client's key. */
  readonly key: string;
  readonly route: string;
  readonly kind: Kind;
  readonly mode: "unary" | "stream";
  readonly model: string | undefined;
  readonly session: string | undefined;
  readonly user: string | undefined;
  readonly tags: readonly string[];
  /** At `request` and `response`: the request, in the form of ai-lib. */
  readonly request?: RequestOf<Kind> | undefined;
  /** At `response`: the whole answer. */
  readonly response?: ResponseOf<Kind> | undefined;
  /** At `end`: the outcome of the call, without content. */
  readonly end?: CallEnd | undefined;
}

/** Codes of errors that a hook may refuse a call with. */
export const REFUSAL_CODES = [
  "CONTENT_FILTERED",
  "PERMISSION_DENIED",
  "INVALID_REQUEST",
  "RATE_LIMIT",
] as const satisfies readonly ErrorCode[];

/** The decision of a hook. Without a value, or with an empty object, the call continues unchanged. */
export interface HookResult {
  /** At `request`: what is asked for instead. */
  readonly request?: RequestOf<Kind> | undefined;
  /** At `response`: the answer that the client gets instead. */
  readonly response?: ResponseOf<Kind> | undefined;
  /** Ends the call with an error for the client. `code` is `CONTENT_FILTERED` by default. */
  readonly refuse?:
    | { readonly message: string; readonly code?: (typeof REFUSAL_CODES)[number] | undefined }
    | undefined;
}

/** A hook of a module: exported as `hook`. The signal aborts when its time is over. */
export type Hook = (
  event: HookEvent,
  signal: AbortSignal,
) => HookResult | undefined | Promise<HookResult | undefined>;
