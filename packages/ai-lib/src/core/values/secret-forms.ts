/** Shorter texts are not masked: they occur too often in other text. */
const SHORTEST_SECRET = 4;
/** Shorter pieces of base64 and hexadecimal digits occur by chance. */
const SHORTEST_CODED = 8;

/** One form in which a text may repeat a secret. */
export interface SecretForm {
  readonly text: string;
  /** The least characters of its start or end that count as part of the secret at the edge of a cut text. */
  readonly edge: number;
}

/** The least characters of a secret that are masked at the edge of a cut text. Shorter ones occur by chance. */
const PLAIN_EDGE = 6;
const CODED_EDGE = 10;

/**
 * The forms of some secrets, besides those that {@link unescapeText} undoes: plain, percent-encoded (for characters that
 * are not ASCII), in base64 or base64url, also within a longer encoded text (the password of a basic authorization), and
 * in hexadecimal digits. Secrets of fewer than four characters have none.
 */
export function formsOf(secrets: Iterable<string>): SecretForm[] {
  const forms = new Map<string, number>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    const encoded = encodeURIComponent(secret.replace(/\p{Surrogate}/gu, ""));
    forms.set(secret, PLAIN_EDGE);
    forms.set(encoded, PLAIN_EDGE);
    forms.set(encoded.replace(/%20/g, "+"), PLAIN_EDGE);
    forms.set(
      encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
      PLAIN_EDGE,
    );
    if (secret.includes(" ")) forms.set(secret.replaceAll(" ", "+"), PLAIN_EDGE);
    // A server may encode a whole address or a whole reply, in which the secret is encoded or escaped before.
    const inQuery = new URLSearchParams({ _: secret }).toString().slice(2);
    for (const text of new Set([secret, encoded, inQuery, JSON.stringify(secret).slice(1, -1)]))
      for (const coded of codedForms(text)) if (coded.length >= SHORTEST_CODED) forms.set(coded, CODED_EDGE);
  }
  return [...forms].map(([text, edge]) => ({ text, edge }));
}

function codedForms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  let binary = "";
  let hex = "";
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
    hex += byte.toString(16).padStart(2, "0");
  }
  const forms = [hex, hex.toUpperCase()];
  for (const offset of [0, 1, 2]) {
    const form = base64Within(binary, offset);
    forms.push(form, form.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms;
}

/** The characters that bytes always become in base64 when `offset` bytes, modulo three, precede them. */
function base64Within(binary: string, offset: number): string {
  const padded = "\0".repeat(offset) + binary;
  return btoa(padded).slice(Math.ceil((offset * 8) / 6), Math.floor((padded.length * 8) / 6));
}
