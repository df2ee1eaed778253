import { configError } from "../../core/errors/error.js";

/**
 * Fills the `{name}` places of a URL or path. A value is percent-encoded unless it is a URL.
 * @throws {AiLibError} `CONFIG_ERROR` for a place without a value.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string | undefined>>): string {
  return template.replace(/\{(\w+)\}/g, (_place, name: string) => {
    const value = values[name];
    if (value === undefined) throw configError(`No value for {${name}} in "${template}"`);
    return value.includes("://") ? value : encodeURIComponent(value);
  });
}

/** The names of the places in a template. */
export function templateNames(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
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
