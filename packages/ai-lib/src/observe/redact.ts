import type { AiLibError } from "../core/errors/error.js";

/** A rule that removes text: every match of a pattern, or a function that returns the text without it. */
export type Redaction = RegExp | ((text: string) => string);

/** The replacement for removed text. */
export const REDACTED = "[redacted]";

/**
 * Text that looks like a credential: vendors' key prefixes, bearer tokens, AWS key ids, JSON web tokens, PEM keys.
 * It is always removed.
 */
const CREDENTIALS: readonly RegExp[] = [
  /\b(?:sk|pk|rk|gsk|csk|xai|pplx|nvapi|hf|r8|fw|tgp|vck|ghp|gho|github_pat|glpat)[-_][A-Za-z0-9_-]{12,}/g,
  /\bAIza[A-Za-z0-9_-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/**
 * Makes a function that replaces secrets in text by `"[redacted]"`: first whatever looks like a credential, then the
 * matches of `rules`, in order. The observers of ai-lib use it; use it for logs of your own.
 *
 * @example
 * const redact = redactor([/customer-\d+/]);
 * console.log(redact("customer-17 uses Bearer abcdefgh12345678"));
 */
export function redactor(rules: readonly Redaction[] = []): (text: string) => string {
  const all = [...CREDENTIALS, ...rules.map((rule) => (rule instanceof RegExp ? globally(rule) : rule))];
  return (text) => {
    let left = text;
    for (const rule of all) left = rule instanceof RegExp ? left.replace(rule, REDACTED) : rule(left);
    return left;
  };
}

function globally(rule: RegExp): RegExp {
  return rule.global ? rule : new RegExp(rule.source, `${rule.flags}g`);
}

/** Codes whose message this library writes itself, as long as no reply of the provider is attached. */
const OWN_WORDS: ReadonlySet<string> = new Set(["NETWORK_ERROR", "TIMEOUT", "STREAM_TRUNCATED", "CANCELLED"]);

/** The longest message that is logged, in characters. */
const MESSAGE_LIMIT = 300;

/**
 * The message of an error, if it is safe to log. A provider's message may quote the prompt or the answer, so it is
 * left out unless `all` is true.
 * @param all include messages that the provider wrote
 */
export function tellable(
  error: AiLibError,
  all: boolean,
  redact: (text: string) => string,
): string | undefined {
  const own =
    (error.local || OWN_WORDS.has(error.code)) &&
    error.status === undefined &&
    error.body === undefined &&
    error.attempts.length <= 1;
  return all || own ? redact(error.message).slice(0, MESSAGE_LIMIT) : undefined;
}
