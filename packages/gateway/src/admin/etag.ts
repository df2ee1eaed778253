import { AdminError } from "./errors.js";

/** Writes a version as a strong entity tag. */
export function etagOf(version: string): string {
  return `"${version}"`;
}

/**
 * Reads `If-Match`.
 * @returns the version; undefined for `*`, which any version matches
 * @throws {AdminError} `precondition_required` without one; `invalid_request` for several, and for a weak one.
 */
export function versionOf(header: string | undefined): string | undefined {
  if (header === undefined)
    throw new AdminError("precondition_required", "This change needs If-Match: send the ETag that you read");
  const text = header.trim();
  if (text === "*") return undefined;
  const [, version] = /^"([\x21\x23-\x7e]{1,200})"$/.exec(text) ?? [];
  if (version === undefined)
    throw new AdminError("invalid_request", "If-Match must be one strong ETag, or *", {
      details: [{ path: "header.if-match", message: "one strong ETag, or *" }],
    });
  return version;
}

/** Whether `If-None-Match` names a tag. */
export function isUnchanged(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header
    .split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""))
    .some((tag) => tag === "*" || tag === etag);
}
