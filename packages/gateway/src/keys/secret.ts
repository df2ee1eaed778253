import { hash, randomBytes } from "node:crypto";

/** `aik_`, 8 public characters, and 32 bytes in base64url. */
const FORM = /^aik_([\w-]{8})[\w-]{43}$/;

/** Bytes whose base64url is the public part. */
const PUBLIC_BYTES = 6;
const SECRET_BYTES = 32;

/** Characters that a key which an operator chooses has at least. */
export const MIN_KEY_LENGTH = 16;

/** Makes the secret of a key. */
export function makeSecret(): string {
  return `aik_${randomBytes(PUBLIC_BYTES).toString("base64url")}${randomBytes(SECRET_BYTES).toString("base64url")}`;
}

/** The public part of a secret, which identifies it; `""` for keys of another form, such as those of a file. */
export function publicPartOf(secret: string): string {
  return FORM.exec(secret)?.[1] ?? "";
}

/**
 * Hashes a secret: SHA-256 of the pepper, a line break and the secret. A fast hash is right for 256 random bits.
 * @param pepper `""` for none
 */
export function hashSecret(secret: string, pepper: string): Buffer {
  return hash("sha256", `${pepper}\n${secret}`, "buffer");
}
