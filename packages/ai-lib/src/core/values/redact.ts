/** What replaces a secret. */
export const REDACTED = "[redacted]";

/** Shorter texts are no secrets; masking them would mask half of a text. */
const SHORTEST_SECRET = 4;
/** Shorter pieces of base64 occur by chance. */
const SHORTEST_BASE64 = 8;

/**
 * Masks every occurrence of known secrets in a text, in each form in which a request or an echo of it carries them:
 * plain, percent-encoded, escaped in JSON, in base64 or base64url, also within a longer encoded text (the password
 * of a basic authorization). Secrets of fewer than four characters are not masked.
 */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    const encoded = encodeURIComponent(secret.replace(/\p{Surrogate}/gu, ""));
    forms.add(secret);
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(encoded);
    forms.add(encoded.replace(/%20/g, "+"));
    forms.add(encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()));
    for (const offset of [0, 1, 2]) {
      const form = base64Within(secret, offset);
      if (form.length < SHORTEST_BASE64) continue;
      forms.add(form);
      forms.add(form.replaceAll("+", "-").replaceAll("/", "_"));
    }
  }
  let safe = text;
  // The longest first, so that a secret which is part of another does not break the other's mask.
  for (const form of [...forms].sort((a, b) => b.length - a.length)) safe = safe.replaceAll(form, REDACTED);
  return safe;
}

/** The characters that a secret always becomes in base64 when `offset` bytes, modulo three, precede it. */
function base64Within(secret: string, offset: number): string {
  const bytes = new TextEncoder().encode(secret);
  let binary = "\0".repeat(offset);
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).slice(Math.ceil((offset * 8) / 6), Math.floor((binary.length * 8) / 6));
}

/** A rule that removes text: every match of a pattern, or a function that returns the text without it. */
export type Redaction = RegExp | ((text: string) => string);

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
