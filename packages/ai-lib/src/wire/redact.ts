const MASK = "[redacted]";

/** Shorter ones are no secrets, and would mask half of a text. */
const SHORTEST_SECRET = 4;
/** Shorter pieces of base64 occur by chance. */
const SHORTEST_BASE64 = 8;

/**
 * A text with every occurrence of some secrets masked, in whatever form a request or an echo of it carries them:
 * as they are, percent-encoded, escaped in JSON, in base64 or base64url, also within a longer encoded text (the
 * password of a basic authorization).
 */
export function redact(text: string, secrets: readonly string[]): string {
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
  // The longest first: a secret that is part of another must not break the other's mask.
  for (const form of [...forms].sort((a, b) => b.length - a.length)) safe = safe.replaceAll(form, MASK);
  return safe;
}

/** The characters that a secret is sure to give in base64 where `offset` bytes, modulo three, stand before it. */
function base64Within(secret: string, offset: number): string {
  const bytes = new TextEncoder().encode(secret);
  let binary = "\0".repeat(offset);
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).slice(Math.ceil((offset * 8) / 6), Math.floor((binary.length * 8) / 6));
}
