import type { Clock } from "../core/contract/clock.js";
import { AiLibError } from "../core/errors/error.js";
import { LIMITS } from "../core/values/limits.js";
import type { AwsCredentials } from "./aws-signature.js";
import type { ExpiringToken, IssuedToken, TokenSource } from "./token-source.js";

/**
 * A token of a source.
 * @throws {AiLibError} `AUTH_FAILED`, local, for a source that throws, rejects, never settles or returns no token.
 */
export function fetchToken(source: TokenSource, clock: Clock): Promise<IssuedToken> {
  return new Promise((resolve, reject) => {
    const fail = (what: string, cause?: unknown): void =>
      reject(
        AiLibError.is(cause)
          ? cause
          : new AiLibError({
              code: "AUTH_FAILED",
              message: `The token source ${what}, so that the request was not sent`,
              local: true,
              cause,
            }),
      );
    const cancel = clock.after(LIMITS.tokenMs, () =>
      fail(`did not answer within ${LIMITS.tokenMs / 1000} s`),
    );
    Promise.resolve()
      .then(source)
      .then(
        (given) => {
          if (isToken(given)) resolve(given);
          else fail("returned no token");
        },
        (error: unknown) => fail("failed", error),
      )
      .finally(cancel);
  });
}

/** Whether a value is a token: a text that is not empty, alone or with a time of expiry, or AWS credentials. */
function isToken(given: unknown): given is IssuedToken {
  if (typeof given === "string") return given !== "";
  const { accessKeyId, secretAccessKey } = (given ?? {}) as Partial<AwsCredentials>;
  if (typeof accessKeyId === "string" && typeof secretAccessKey === "string") return true;
  const { token, expiresAt } = (given ?? {}) as Partial<ExpiringToken>;
  return typeof token === "string" && token !== "" && typeof expiresAt === "number";
}
