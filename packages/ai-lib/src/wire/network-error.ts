import { AiLibError } from "../core/errors/error.js";
import { entryOf } from "../core/values/json.js";

/** Advice by the platform's error code. It names no path, no query and no key. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name is not known; check the base URL and the name service",
  EAI_AGAIN: "its name could not be looked up; is there a network?",
  ECONNREFUSED: "nothing listens there; is the server running, and is the port of the base URL right?",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed while the request was being sent",
  ETIMEDOUT: "the connection timed out; is the host reachable, or is a proxy needed (HTTPS_PROXY)?",
  EHOSTUNREACH: "the host cannot be reached; is there a network, or is a proxy needed (HTTPS_PROXY)?",
  ENETUNREACH: "the network cannot be reached; is there a network, or is a proxy needed (HTTPS_PROXY)?",
  EPROTO: "the TLS handshake failed; does the server speak TLS on this port (https, or rather http)?",
  CERT_HAS_EXPIRED: "its TLS certificate has expired; renew it, or check this machine's clock",
  CERT_NOT_YET_VALID: "its TLS certificate is not valid yet; check this machine's clock",
  ERR_TLS_CERT_ALTNAME_INVALID: "its TLS certificate is for another name; check the host of the base URL",
};

const UNTRUSTED =
  "its TLS certificate is not signed by an authority that this machine trusts; name that authority's certificate " +
  "in NODE_EXTRA_CA_CERTS or in the transport's ca option";

/** Codes of OpenSSL and Node for a certificate of an unknown authority. */
const UNTRUSTED_CODES: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_UNTRUSTED",
]);

/** The platform's code of an error (`ECONNRESET`, ...), of its cause, or of the first of several errors. */
export function platformCode(error: unknown): string | undefined {
  let at: unknown = error;
  for (let depth = 0; depth < 5 && typeof at === "object" && at !== null; depth++) {
    const { code, errors, cause } = at as { code?: unknown; errors?: unknown; cause?: unknown };
    const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
    if (first === undefined && typeof code === "string") return code;
    if (first !== undefined) at = first;
    else at = cause;
  }
  return undefined;
}

/**
 * The error of a network failure, with advice.
 * @param host the host and port, for the message.
 * @param stage `open` before the head of the reply, `body` after it.
 */
export function networkError(error: unknown, host: string, stage: "open" | "body"): AiLibError {
  const code = platformCode(error);
  if (code?.startsWith("HPE_") === true && stage === "open")
    return new AiLibError({
      code: "INVALID_RESPONSE",
      message: `${host} did not answer in HTTP (${code}); check the scheme, host and port of the base URL`,
      cause: error,
    });
  const advice =
    code === undefined
      ? undefined
      : UNTRUSTED_CODES.has(code)
        ? UNTRUSTED
        : (entryOf(ADVICE, code) ?? (code.startsWith("ERR_SSL") ? ADVICE["EPROTO"] : undefined));
  const what =
    stage === "body"
      ? `The reply of ${host} was cut before its end`
      : `No reply from ${host}${advice === undefined ? "" : `: ${advice}`}`;
  return new AiLibError({
    code: "NETWORK_ERROR",
    message: code === undefined ? what : `${what} (${code})`,
    cause: error,
  });
}

/** The error of a reply that ended before its announced length. */
export function cutShort(host: string, detail: string): AiLibError {
  return new AiLibError({
    code: "NETWORK_ERROR",
    message: `The reply of ${host} was cut before its end (${detail})`,
  });
}

/** The error of a connection that was not established in time. */
export function connectTimeout(host: string, connectMs: number): AiLibError {
  return new AiLibError({
    code: "NETWORK_ERROR",
    phase: "connect",
    message:
      `No connection to ${host} within connectMs (${connectMs} ms); is the host reachable, ` +
      "or is a proxy needed (HTTPS_PROXY)?",
  });
}
