import type { AiLibError } from "../core/errors/error.js";

/** What is taken out of text before it is told: every match of a pattern, or what a function leaves. */
export type Redaction = RegExp | ((text: string) => string);

/** What stands where something was taken out. */
export const REDACTED = "[redacted]";

/**
 * Texts that look like credentials, always taken out: the prefixes that vendors give their keys, bearer tokens,
 * AWS key ids, JSON web tokens and PEM keys.
 */
const CREDENTIALS: readonly RegExp[] = [
  /\b(?:sk|pk|rk|gsk|csk|xai|pplx|nvapi|hf|r8|fw|tgp|vck|ghp|gho|github_pat|glpat)[-_][A-Za-z0-9_-]{12,}/g,
  /\bAIza[A-Za-z0-9_-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** Takes out what looks like a credential, then what the rules name, in their order. */
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

/** Codes whose message is written by this library and quotes nobody, where no reply stands behind it. */
const OWN_WORDS: ReadonlySet<string> = new Set(["NETWORK_ERROR", "TIMEOUT", "STREAM_TRUNCATED", "CANCELLED"]);

/** Characters of a message that are told. */
const MESSAGE_LIMIT = 300;

/**
 * The message of an error, where it can be told: a provider's own words may quote the prompt or the answer, so that
 * they are told only where they were asked for.
 * @param all tell the provider's words too
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
