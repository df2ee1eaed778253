import { type Call, callWith } from "../../core/contract/call.js";
import type { DialectTarget } from "../../core/contract/dialect.js";
import type { ResolvedMediaFetch } from "../../core/contract/media-fetch.js";
import { AiLibError } from "../../core/errors/error.js";
import { isObject } from "../../core/values/json.js";
import type { MediaInlining } from "./inline-media.js";
import type { Medium } from "./medium.js";

/** The fields of a kind's requests that may have addresses of media, and their types. */
const PLACES: Readonly<Record<string, readonly (readonly [field: string, type: Medium["type"]])[]>> = {
  transcribe: [["audio", "audio"]],
  image: [
    ["images", "image"],
    ["mask", "image"],
  ],
  embed: [["inputs", "image"]],
  moderate: [["inputs", "image"]],
  ocr: [["document", "file"]],
};

/** The media of one request at addresses of the web, each with its path and with the object that has the address. */
interface Found {
  readonly media: Map<Medium, string>;
  readonly owners: Map<object, Medium>;
}

/**
 * Fetches the media of a call of another kind than chat, where its target refuses their addresses; undefined where
 * there are none, where the target takes them, and where fetching is not enabled.
 * @param encode encodes the call; throws where the target refuses it.
 */
export function inlineKindMedia(
  call: Call,
  encode: () => unknown,
  target: DialectTarget,
  options: ResolvedMediaFetch | false | undefined,
): MediaInlining | undefined {
  const places = PLACES[call.kind];
  if (options === undefined || options === false || places === undefined) return undefined;
  const request = call.request as unknown as Readonly<Record<string, unknown>>;
  const found: Found = { media: new Map(), owners: new Map() };
  for (const [field, type] of places) look(request[field], field, type, found);
  if (found.media.size === 0 || !isRefused(encode)) return undefined;
  const controller = new AbortController();
  const inlined = import("./fetched-media.js").then(async ({ fetchAll }) => {
    const fetched = await fetchAll(found.media, target, options, call.context, controller);
    const changed: Record<string, unknown> = { ...request };
    for (const [field] of places) changed[field] = replaced(request[field], found, fetched);
    return callWith(call, { request: changed as unknown as typeof call.request });
  });
  return { request: inlined, stop: () => controller.abort() };
}

function look(value: unknown, at: string, type: Medium["type"], found: Found): void {
  if (Array.isArray(value)) {
    for (const [i, each] of (value as readonly unknown[]).entries()) look(each, `${at}.${i}`, type, found);
    return;
  }
  if (!isObject(value)) return;
  const { url, data, mediaType } = value;
  if (data !== undefined || typeof url !== "string" || !/^https?:/i.test(url)) return;
  const medium = { type, url, ...(typeof mediaType === "string" ? { mediaType } : {}) } as Medium;
  found.media.set(medium, at);
  found.owners.set(value, medium);
}

/** Whether a target refuses an unchanged request. Any other error comes from the request that is sent. */
function isRefused(encode: () => unknown): boolean {
  try {
    encode();
    return false;
  } catch (error) {
    return AiLibError.is(error) && error.code === "UNSUPPORTED_FEATURE";
  }
}

function replaced(value: unknown, found: Found, fetched: ReadonlyMap<Medium, Medium>): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => replaced(each, found, fetched));
  if (!isObject(value)) return value;
  const medium = found.owners.get(value);
  const bytes = medium === undefined ? undefined : fetched.get(medium);
  if (bytes === undefined) return value;
  const { url: _url, ...rest } = value;
  return { ...rest, data: bytes.data, mediaType: bytes.mediaType };
}
