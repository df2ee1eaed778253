import { percentEncoded, requireSegment } from "../../core/contract/places.js";
import { type AiLibError, configError, invalidRequest } from "../../core/errors/error.js";

const PLACE = /\{(\w+)\}/g;

/**
 * Fills the `{name}` places of a path. Each value is percent-encoded and stays within its segment.
 * @param fail makes the error about a value. Default: `INVALID_REQUEST`, since most values are names of models.
 * @throws {AiLibError} `CONFIG_ERROR` for a place without a value, and the error of `fail` for a segment that would be
 *   empty, `.` or `..`.
 */
export function fillPath(
  template: string,
  values: Readonly<Record<string, string | undefined>>,
  fail: (message: string) => AiLibError = invalidRequest,
): string {
  const fill = (_place: string, name: string): string => {
    const value = values[name];
    if (value === undefined) throw configError(`No value for {${name}} in "${template}"`);
    return percentEncoded(value);
  };
  return template
    .split("/")
    .map((segment) => {
      const filled = segment.replace(PLACE, fill);
      return filled === segment ? segment : requireSegment(filled, segment, fail);
    })
    .join("/");
}

/**
 * Fills the `{name}` places of a base URL. A variable that is the address of a server may be at its start; every other
 * value is percent-encoded, and cannot leave its place.
 * @param addresses names of the variables that are addresses.
 * @throws {AiLibError} `CONFIG_ERROR` as {@link fillPath} does.
 */
export function fillBaseUrl(
  template: string,
  values: Readonly<Record<string, string | undefined>>,
  addresses: ReadonlySet<string>,
): string {
  const name = /^\{(\w+)\}/.exec(template)?.[1];
  const address = name !== undefined && addresses.has(name) ? values[name] : undefined;
  if (name === undefined || address === undefined) return fillPath(template, values, configError);
  return address + fillPath(template.slice(name.length + 2), values, configError);
}

/** The names of the places in a template. */
export function templateNames(template: string): string[] {
  return [...template.matchAll(PLACE)].map((match) => match[1] ?? "");
}

/**
 * Joins a base URL and a path. A version at the end of the one and the start of the other is written once: users write
 * Anthropic's base URL with and without `/v1`.
 */
export function joinPath(baseUrl: string, path: string): string {
  const end = path.indexOf("/", 1);
  const first = end < 0 ? "" : path.slice(0, end);
  return /^\/v\d/.test(first) && baseUrl.endsWith(first) ? baseUrl + path.slice(end) : baseUrl + path;
}
