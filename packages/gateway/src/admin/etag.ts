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

/** Whether `If-None-Match` names a version. */
export function isUnchanged(header: string | undefined, version: string): boolean {
  if (header === undefined) return false;
  return header
    .split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""))
    .some((tag) => tag === "*" || tag === etagOf(version));
}

/** @throws {AdminError} `version_conflict` where the client changed another version than the present one. */
export function requireVersion(given: string | undefined, present: string): void {
  if (given !== undefined && given !== present)
    throw new AdminError(
      "version_conflict",
      "It has changed since you read it: read it again, and repeat the change",
      { headers: { etag: etagOf(present) } },
    );
}
