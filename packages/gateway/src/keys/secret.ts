import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** `aik_`, 8 public characters, and 32 bytes in base64url. */
const FORM = /^aik_([\w-]{8})[\w-]{43}$/;

/** Bytes whose base64url is the public part. */
const PUBLIC_BYTES = 6;
const SECRET_BYTES = 32;

/** Makes the secret of a key. */
export function makeSecret(): string {
  return `aik_${randomBytes(PUBLIC_BYTES).toString("base64url")}${randomBytes(SECRET_BYTES).toString("base64url")}`;
}

/** The part of a secret that identifies it and is no secret; `""` for keys of another form, such as those of a file. */
export function publicPartOf(secret: string): string {
  return FORM.exec(secret)?.[1] ?? "";
}

/** Hashes a secret. A fast hash is right for a secret of 256 random bits. @param pepper `""` for none */
export function hashSecret(secret: string, pepper: string): string {
  return createHmac("sha256", pepper).update(secret).digest("hex");
}

/** Compares hashes of the same length in a time that does not depend on where they differ. */
export function isSameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
