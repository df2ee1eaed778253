import { configError } from "../errors/error.js";
import { atLeast, wholeAtLeast } from "../errors/options.js";

/** How media at URLs are fetched and sent as bytes to a target that does not take URLs. */
export interface MediaFetchOptions {
  /** The most bytes of all media that one request fetches. Default 20,971,520 (20 MiB). */
  readonly maxBytes?: number | undefined;
  /** Milliseconds for all media of one request. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** The most redirects of one URL; each address is checked like the first. Default 3. */
  readonly maxRedirects?: number | undefined;
  /**
   * Hosts whose addresses may be private, loopback or link-local, as a URL writes them (`"files.internal"`,
   * `"127.0.0.1"`, `"[::1]"`). Every other host must resolve to public addresses alone. Default: none.
   */
  readonly privateHosts?: readonly string[] | undefined;
}

/** {@link MediaFetchOptions} with every default filled in. */
export interface ResolvedMediaFetch {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly maxRedirects: number;
  readonly privateHosts: ReadonlySet<string>;
}

const NAMES: ReadonlySet<string> = new Set([
  "maxBytes",
  "timeoutMs",
  "maxRedirects",
  "privateHosts",
] satisfies (keyof MediaFetchOptions)[]);

/**
 * The option `fetchMedia` with its defaults: `false` where media are not fetched, undefined if the option is not set.
 * @throws {AiLibError} `CONFIG_ERROR` for a wrong value or an unknown name.
 */
export function resolveMediaFetch(
  given: boolean | MediaFetchOptions | undefined,
): ResolvedMediaFetch | false | undefined {
  if (given === undefined || given === false) return given;
  const options: MediaFetchOptions = given === true ? {} : given;
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw configError("fetchMedia must be true, false or an object of its options");
  for (const name in options)
    if (!NAMES.has(name))
      throw configError(`Unknown option "fetchMedia.${name}"; there are ${[...NAMES].join(", ")}`);
  const { privateHosts = [] } = options;
  if (!Array.isArray(privateHosts) || !privateHosts.every((host) => typeof host === "string"))
    throw configError("fetchMedia.privateHosts must be a list of host names");
  return {
    maxBytes: wholeAtLeast("fetchMedia.maxBytes", options.maxBytes ?? 20 * 1024 * 1024, 1),
    timeoutMs: atLeast("fetchMedia.timeoutMs", options.timeoutMs ?? 30_000, 1),
    maxRedirects: wholeAtLeast("fetchMedia.maxRedirects", options.maxRedirects ?? 3, 0),
    privateHosts: new Set(privateHosts.map((host) => host.toLowerCase())),
  };
}
