import type { AwsCredentials } from "./aws-signature.js";

/** A token with its expiry. */
export interface ExpiringToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What a {@link TokenSource} returns. */
export type IssuedToken = string | ExpiringToken | AwsCredentials;

/**
 * Returns a token, or AWS credentials as the functions of `@aws-sdk/credential-providers` do. A string is used once. An
 * {@link ExpiringToken}, and AWS credentials that expire, are used until a minute before they expire; AWS credentials
 * that do not expire are used from then on.
 */
export type TokenSource = () => IssuedToken | Promise<IssuedToken>;
