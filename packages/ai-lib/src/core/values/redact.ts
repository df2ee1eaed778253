/** The text that replaces a secret. */
export const REDACTED = "[redacted]";

/** A rule that removes text: every match of a pattern, or a function that returns the text without it. */
export type Redaction = RegExp | ((text: string) => string);

/**
 * Text that looks like a credential: vendors' key prefixes, bearer tokens, AWS key ids, JSON web tokens, PEM keys.
 * It is always removed.
 */
const CREDENTIALS: readonly Redaction[] = [
  /\b(?:sk|pk|rk|gsk|csk|xai|pplx|nvapi|hf|r8|fw|tgp|vck|ghp|gho|github_pat|glpat)[-_][A-Za-z0-9_-]{12,}/g,
  /\bAIza[A-Za-z0-9_-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  withoutWebTokens,
];

/** The least characters of the first two parts of a JSON web token. */
const TOKEN_PART = 11;

/**
 * Masks JSON web tokens: three parts of base64url, of which the first begins with `eyJ`. Written as a loop, since a
 * pattern would read a run of characters again from each `eyJ` within it.
 */
function withoutWebTokens(text: string): string {
  let safe = "";
  let copied = 0;
  for (let start = text.indexOf("eyJ"); start !== -1; ) {
    const first = endOfRun(text, start);
    const second = text[first] === "." ? endOfRun(text, first + 1) : first;
    const isToken = first - start >= TOKEN_PART && second - first > 8 && text[second] === ".";
    const end = isToken ? endOfRun(text, second + 1) : first;
    if (isToken) {
      safe += text.slice(copied, start) + REDACTED;
      copied = end;
    }
    start = text.indexOf("eyJ", end);
  }
  return safe + text.slice(copied);
}

/** Where the characters of base64url end that begin at `from`. */
function endOfRun(text: string, from: number): number {
  BASE64URL.lastIndex = from;
  return BASE64URL.test(text) ? BASE64URL.lastIndex : from;
}

const BASE64URL = /[A-Za-z0-9_-]+/y;

/**
 * Makes a function that replaces secrets in text by `"[redacted]"`: first whatever looks like a credential, then the
 * matches of `rules`, in order. The observers of ai-lib use it; use it for logs of your own.
 *
 * @example
 * const redact = redactor([/customer-\d+/]);
 * console.log(redact("customer-17 uses Bearer abcdefgh12345678"));
 */
export function redactor(rules: readonly Redaction[] = []): (text: string) => string {
  const all = [
    ...CREDENTIALS,
    ...rules.map((rule) => (rule instanceof RegExp ? withGlobalFlag(rule) : rule)),
  ];
  return (text) => {
    let left = text;
    for (const rule of all) left = rule instanceof RegExp ? left.replace(rule, REDACTED) : rule(left);
    return left;
  };
}

function withGlobalFlag(rule: RegExp): RegExp {
  return rule.global ? rule : new RegExp(rule.source, `${rule.flags}g`);
}
