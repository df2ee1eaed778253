import { AiLibError } from "../core/errors/error.js";
import type { OpenedFile } from "./files-node.js";

/** Where there is no file system (browsers, workers): a path cannot be opened, bytes and URLs can. */
function refuse(path: string): AiLibError {
  return new AiLibError({
    code: "FILE_ERROR",
    message: `"${path}" is a path, and there is no file system here; pass a URL, bytes, a Blob or a stream`,
    local: true,
  });
}

/** @throws {AiLibError} `FILE_ERROR`, always. */
export function openFile(path: string): Promise<OpenedFile> {
  return Promise.reject(refuse(path));
}

/** @throws {AiLibError} `FILE_ERROR`, always. */
export function digestFile(path: string): Promise<string> {
  return Promise.reject(refuse(path));
}

/** @throws {AiLibError} `FILE_ERROR`, always. */
export function pathOfFileUrl(url: string): string {
  throw refuse(url);
}
