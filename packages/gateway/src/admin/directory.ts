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

/** Times that a change for any version is tried while others come in between. */
const MAX_TRIES = 100;

/**
 * Runs a change of a record, which it reads first. With `If-Match: *` another change in between is no conflict: the
 * change is made to what there is then.
 * @param version that of `If-Match`; undefined for `*`
 */
export async function changeRecord<T>(version: string | undefined, run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await change(run);
    } catch (error) {
      const isLate = error instanceof AdminError && error.code === "version_conflict";
      if (!isLate || version !== undefined || tries >= MAX_TRIES) throw error;
    }
  }
}

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

/**
 * The revision that a change is for.
 * @param version that of `If-Match`: an ETag, or a revision; undefined for `*`
 * @param present the record, and its ETag
 * @throws {AdminError} `version_conflict` for another version
 */
export function revisionOf(
  version: string | undefined,
  present: { readonly revision: number; readonly version: string },
): number {
  const { revision } = present;
  if (version === undefined || version === present.version || version === String(revision)) return revision;
  throw new AdminError(
    "version_conflict",
    `If-Match names another version than the present one, revision ${revision}; read it again`,
  );
}
