import type { Attempt, DialectId, ErrorCode, JsonObject, Kind, RequestOf, Usage } from "ai-lib";
import type { CallOptions, TokenEstimate } from "ai-lib/kit";
import type { RequestHead } from "ai-lib/serve";
import type { ChosenRoute } from "./chosen-route.js";

/** Whose key a request has. */
export interface Principal {
  /** The id of the key, never the key itself: it appears in logs and in the ledger. */
  readonly id: string;
  /** A name for people. Default: the id. */
  readonly name?: string | undefined;
  /** The groups that the key is in, the outermost first. */
  readonly path?: readonly string[] | undefined;
  /** Whether the key may ask for a model of the list of models. Default: it may ask for all. */
  mayUse?(model: string): boolean;
}

/** A call that asks to be admitted. */
export interface AdmissionRequest {
  /** The id of the call; that of its rows in the ledger and in the access log. */
  readonly id: string;
  readonly principal: Principal;
  /** The route that the model's name leads to. */
  readonly route: string;
  /** What answers there. */
  readonly choice: ChosenRoute;
  readonly kind: Kind;
  readonly mode: "unary" | "stream";
  /** The model that the client asked for. */
  readonly model: string | undefined;
  readonly request: RequestOf<Kind>;
  /** Bytes of the request's body. */
  readonly bodyBytes: number;
  /** The body of a chat, parsed; undefined for other kinds, and where a hook changed the request. */
  readonly fields?: JsonObject | undefined;
  /** The request has more than its body, such as a conversation that the gateway remembers. */
  readonly recalled?: boolean | undefined;
  /** Tokens of the prompt, estimated. */
  readonly estimate: TokenEstimate;
  /** Epoch milliseconds by which the call ends. */
  readonly deadline: number;
  /** The session that the client names, such as `x-claude-code-session-id`. */
  readonly session: string | undefined;
  /** The user that the client names. */
  readonly user: string | undefined;
  readonly tags: readonly string[];
}

/** How an admitted call ended. */
export interface CallEnd {
  readonly status: "success" | "error" | "cancelled";
  /** The usage of all attempts together; undefined where no attempt used anything. */
  readonly usage: Usage | undefined;
  /** Whether a part of the usage is an estimate, such as that of an answer that was cut. */
  readonly estimated: boolean;
  /** Each attempt with its own usage, including skipped members. */
  readonly attempts: readonly Attempt[];
}

/** The ticket of an admitted call until it ends. Exactly one of `settle` and `release` is called, once. */
export interface Ticket {
  /**
   * The maximum of tokens for an answer. A smaller one of the request stays; fields of vendors that ask for an answer
   * without a limit go. Default: the request is not changed.
   */
  readonly maxTokens?: number | undefined;
  /** The call is counted by the usage that the provider reports, so the provider must be asked for it. Default false. */
  readonly needsUsage?: boolean | undefined;
  /** The name of another route, or `provider/model`, that answers in place of the requested one. */
  readonly route?: string | undefined;
  /** Called before each attempt of the call, and may refuse it. Default: all may be made. */
  readonly beforeAttempt?: CallOptions["beforeAttempt"];
  /**
   * The call ended, with whatever it used.
   * @returns what limits counted for attempts of unknown use; undefined where they counted nothing for such
   */
  settle(end: CallEnd): Charged | undefined;
  /** No attempt was made. */
  release(): void;
}

/** Decides who may call, and how much. */
export interface Admission {
  /**
   * Finds the principal of a request by its headers; called before the body is read.
   * @throws {AiLibError} `AUTH_FAILED` without a valid key.
   */
  authenticate(head: RequestHead, peer: string | undefined): Principal | Promise<Principal>;
  /**
   * The principal of a request that was authenticated before, as it is now; called before a call is admitted, since a
   * body takes time to arrive and hooks take time to run. Default: the same one.
   * @throws {AiLibError} as `authenticate`, where the key is not valid any more.
   */
  renew?(principal: Principal, head: RequestHead, peer: () => string | undefined): Principal;
  /**
   * Admits a call, or refuses it: `RATE_LIMIT` or `QUOTA_EXHAUSTED` with `retryAt`, `PERMISSION_DENIED`.
   * @throws {AiLibError} the refusal.
   */
  admit(call: AdmissionRequest): Ticket | Promise<Ticket>;
  /**
   * Admits a copy of a call that was admitted, as a call of its own. It is not counted as a running call. Default: copies
   * are not counted.
   * @param call with the route that answers it as its `choice`
   * @returns undefined where there is no room for it
   */
  admitCopy?(call: AdmissionRequest): Ticket | undefined;
}

/** What limits counted for attempts of unknown use: the most that they can use, all of them together. */
export interface Charged {
  /** Of attempts whose provider reports no tokens; 0 for none. */
  readonly tokens: number;
  /** US dollars, of attempts whose cost is unknown; undefined where no limit counts dollars. */
  readonly dollars: number | undefined;
}

/** One finished call, for the ledger. */
export interface LedgerRow {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly firstContentMs: number | undefined;
  readonly principal: Principal;
  readonly session: string | undefined;
  readonly user: string | undefined;
  readonly tags: readonly string[];
  readonly route: string;
  readonly kind: Kind;
  readonly mode: "unary" | "stream";
  /** The dialect that the client spoke. */
  readonly dialect: DialectId;
  /** The model that the client asked for. */
  readonly model: string | undefined;
  readonly end: CallEnd;
  readonly charged?: Charged | undefined;
  /** The code of the error, for a call that failed. */
  readonly code: ErrorCode | undefined;
  /** The service tier of the answer, in the provider's words. */
  readonly serviceTier?: string | undefined;
  /** The request and the answer; only for a ledger with content. */
  readonly content?: { readonly request: object; readonly response: object | undefined } | undefined;
}

/** Numbers of a ledger, for metrics. */
export interface LedgerNumbers {
  /** Calls that wait to be written. */
  readonly queued: number;
  readonly written: number;
  /** Calls, and contents of calls, that were dropped because the queue was full or the store refused them. */
  readonly droppedCalls: number;
  readonly droppedContents: number;
  /** Writes that failed. */
  readonly failures: number;
}

/** Stores a row for every finished call. */
export interface Ledger {
  /** Whether rows have the content of their calls. Default false. */
  readonly keepsContent?: boolean;
  /** Takes a row; it must be quick and must not throw. */
  record(row: LedgerRow): void;
  numbers?(): LedgerNumbers;
  /** Writes what is not written yet. */
  close?(): Promise<void>;
}
