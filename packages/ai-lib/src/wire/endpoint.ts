import { configError } from "../core/errors/error.js";

/**
 * Reads the address of a request.
 * @throws {AiLibError} `CONFIG_ERROR` where it is no http(s) URL. The address is not shown: its query or user
 * part may hold a key.
 */
export function parseEndpoint(url: string): URL {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw configError("The base URL is malformed; it must look like https://host/path");
  }
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:")
    throw configError(`The base URL must begin with https:// or http://, not ${parsed.protocol}`);
  return parsed;
}
