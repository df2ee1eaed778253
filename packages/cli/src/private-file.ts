import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { usageError } from "./errors.js";

/*
 * Files that hold secrets of the user: keys and recorded prompts. As `ssh` does, the command line refuses a file that
 * others may read or change, and one that another user put there, and says how to fix it.
 */

/**
 * Opens a private file, or a link of the user's own to one.
 * @param flags those of `open` (`fs.constants`)
 * @throws {AiLibError} `CONFIG_ERROR` for a file or a link of another user, for what is no file, and for a file that
 *   others may read or write; the errors of the file system as they are.
 */
export async function openPrivate(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(await locatePrivate(path), flags | (constants.O_NOFOLLOW ?? 0), 0o600);
  try {
    // The opened file itself, so that it cannot be replaced between the check and its use.
    const { mode, uid } = await handle.stat();
    if ((mode & constants.S_IFMT) !== constants.S_IFREG)
      throw usageError(`${path} is no file. Remove it, or name another path`);
    requireOwner(path, uid);
    if (hasOwners && (mode & 0o077) !== 0)
      throw usageError(`Other users may read or change ${path}. Run: chmod 600 ${quote(path)}`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * The path of a private file itself, where a link of the user's own leads to it.
 * @throws {AiLibError} `CONFIG_ERROR` for a link of another user, and for one that leads nowhere.
 */
export async function locatePrivate(path: string): Promise<string> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found?.isSymbolicLink() !== true) return path;
  requireOwner(path, found.uid);
  return realpath(path).catch(() => {
    throw usageError(`${path} is a link that leads nowhere. Remove it: rm ${quote(path)}`);
  });
}

/** Windows has other permissions, and Node has no user ids there. */
const hasOwners = process.getuid !== undefined;

function requireOwner(path: string, uid: number): void {
  const own = process.getuid?.();
  if (own === undefined || uid === own || uid === 0) return;
  throw usageError(`${path} belongs to another user. Remove it, or name another path`);
}

/** A path as a word of a shell. */
function quote(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
