import type { DialectId, ErrorCode, Kind, KindApi } from "ai-lib";

/** Tokens by class, and what a vendor bills besides them. All of them add up. */
export interface Meters {
  /** All prompt tokens, cache reads and writes included. */
  readonly input: number;
  /** All generated tokens, reasoning included. */
  readonly output: number;
  /** Prompt tokens read from the provider's cache; a part of `input`. */
  readonly cached: number;
  /** Prompt tokens written to the provider's cache; a part of `input`. */
  readonly cacheWrite: number;
  /** Generated tokens of reasoning; a part of `output`. */
  readonly reasoning: number;
  /**
   * Rarer classes by name: `write:1h` (cache writes by lifetime), `in:audio` and `out:audio` (tokens by modality),
   * `tool:web_search` (uses of a provider's tools), `unit:seconds` (units that are billed besides tokens).
   */
  readonly others?: Readonly<Record<string, number>> | undefined;
}

/** One attempt of a call, as the ledger has it. It holds no content and no messages of errors. */
export interface AttemptRecord {
  readonly provider: string;
  readonly model: string;
  /**
   * The dialect of the provider; for a kind that has an API of its own there, such as `deepgram-speak`, that API.
   * Undefined where it is unknown, as in rows of versions that did not record it.
   */
  readonly dialect?: DialectId | KindApi | undefined;
  readonly outcome: "success" | "error" | "cancelled" | "skipped";
  readonly code?: ErrorCode | undefined;
  /** The status of the provider's answer. */
  readonly status?: number | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Milliseconds from `startedAt` to the first content. */
  readonly firstContentMs?: number | undefined;
  /** Undefined for an attempt that used nothing. */
  readonly meters?: Meters | undefined;
  /**
   * Whether the meters were estimated here and not reported by the provider, or the dollars are those that limits counted
   * because the cost is unknown.
   */
  readonly estimated: boolean;
  /** The id of the rate that prices the meters; undefined without meters. */
  readonly rate?: string | undefined;
  /**
   * US dollars that no rate expresses: what the provider says it billed, or what limits counted because the cost is
   * unknown. They count in place of the rate.
   */
  readonly billed?: number | undefined;
}

/** One finished call, as the ledger has it. */
export interface CallRecord {
  /** `call_` and 24 hexadecimal digits, of which the first twelve are `startedAt`. */
  readonly id: string;
  /** Epoch milliseconds at which the call ended: the order of the ledger, together with `id`. */
  readonly endedAt: number;
  readonly startedAt: number;
  readonly firstContentMs?: number | undefined;
  /** The id of the client's key, never the key itself. */
  readonly key: string;
  /** The ids of the groups that the key was in, the outermost first. */
  readonly groups: readonly string[];
  readonly user?: string | undefined;
  readonly session?: string | undefined;
  readonly tags: readonly string[];
  readonly route: string;
  readonly kind: Kind;
  readonly mode: "unary" | "stream";
  /** The dialect that the client spoke. */
  readonly dialect: DialectId;
  /** The model that the client asked for. */
  readonly model?: string | undefined;
  readonly status: "success" | "error" | "cancelled";
  readonly code?: ErrorCode | undefined;
  /** In the order in which they were made. */
  readonly attempts: readonly AttemptRecord[];
}

/** A call as it is read from the ledger: with dollars, which come from the rates as they are now. */
export interface CallEntry extends CallRecord {
  readonly attempts: readonly PricedAttempt[];
  /** The meters of all attempts together, without `others`. */
  readonly meters: Omit<Meters, "others">;
  /** US dollars of all attempts; undefined where the price of one is unknown. */
  readonly dollars: number | undefined;
}

/** An attempt with its cost. */
export interface PricedAttempt extends AttemptRecord {
  /** US dollars; undefined where the price is unknown. */
  readonly dollars: number | undefined;
}

/** What a client asked and what it got, redacted. Kept only where the configuration asks for it. */
export interface ContentRecord {
  /** The id of the call. */
  readonly call: string;
  /** Epoch milliseconds. */
  readonly endedAt: number;
  /** JSON. */
  readonly request: string;
  /** JSON; undefined for a call without an answer. */
  readonly response?: string | undefined;
  /**
   * JSON: why attempts failed or were skipped, a list of `{ attempt, message }` with the number of the attempt from 0;
   * undefined where all succeeded.
   */
  readonly errors?: string | undefined;
}
