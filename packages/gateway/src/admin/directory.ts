import { DirectoryError, type DirectoryErrorCode, type KeyDirectory } from "../keys/key-directory.js";
import { AdminError, type AdminErrorCode } from "./errors.js";
import type { AdminParts } from "./parts.js";

/** The directory of a gateway. @throws {AdminError} `not_configured` where it has none. */
export function directoryOf({ keys }: AdminParts): KeyDirectory {
  if (keys !== undefined) return keys;
  throw new AdminError("not_configured", "The gateway runs without a store of keys");
}

const CODES: Readonly<Record<DirectoryErrorCode, AdminErrorCode>> = {
  version_conflict: "version_conflict",
  exists: "conflict",
  not_found: "not_found",
  file_managed: "conflict",
  in_use: "conflict",
  invalid: "invalid_request",
};

/** Runs a change of the directory; its refusals become those of the API. */
export async function change<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    const { code, message, field } = error;
    throw new AdminError(CODES[code], message, {
      ...(field !== undefined && { details: [{ path: `body.${field}`, message }] }),
    });
  }
}

/** The revision that `If-Match` names. @throws {AdminError} `version_conflict` for a text that is no revision. */
export function revisionOf(version: string | undefined): number | undefined {
  if (version === undefined) return undefined;
  if (/^\d{1,15}$/.test(version)) return Number(version);
  throw new AdminError("version_conflict", "If-Match names a version that never was");
}
