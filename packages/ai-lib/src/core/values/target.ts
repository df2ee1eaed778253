/** The target of a call: one provider, one model, one key. Plain data, safe to log. */
export interface Target {
  /** Provider id. */
  readonly provider: string;
  readonly model?: string;
  /** An alias of the key, never the secret. */
  readonly key?: string;
  readonly account?: string;
  readonly region?: string;
}
