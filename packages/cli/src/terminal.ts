import { type Io, isTerminal } from "./io.js";

const RAW: unique symbol = Symbol("raw");

/**
 * Characters that drive a terminal or reorder its text: control characters besides tabs and line feeds, and the marks of
 * bidirectional text.
 */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are made visible
  /\r\n|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The same, and before it the styles of this program, which are left as they are. */
const CONTROLS_BUT_STYLES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are made visible
  /\x1b\[(?:[1-3]|2[23]|3[1-79]|90)m|\r\n|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text that is safe to show on a terminal: characters that would drive it become visible escapes such as `\u001b`. A
 * provider could otherwise set the clipboard, forge lines, or hide text.
 * @param styled whether the text is formatted, so that the styles of this program remain; default true
 */
export function visibleText(text: string, styled = true): string {
  return text.replace(styled ? CONTROLS_BUT_STYLES : CONTROLS, (found) => {
    if (found === "\r\n") return "\n";
    return found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/**
 * Text from a provider as it is shown on a stream: on a terminal without any control sequence, unchanged in a pipe. Use it
 * before colours are added.
 */
export function foreignText(stream: NodeJS.WritableStream, text: string): string {
  return isTerminal(stream) ? visibleText(text, false) : text;
}

/** The same streams; what is written to a terminal goes through {@link visibleText}. Pipes and files get every byte. */
export function guardTerminals(io: Io): Io {
  return { ...io, stdout: guard(io.stdout), stderr: guard(io.stderr) };
}

/** The terminal behind a guarded stream, for a library that moves its cursor. */
export function rawTerminal(stream: NodeJS.WritableStream): NodeJS.WritableStream {
  return (stream as { readonly [RAW]?: NodeJS.WritableStream })[RAW] ?? stream;
}

function guard(stream: NodeJS.WritableStream): NodeJS.WritableStream {
  if (!isTerminal(stream)) return stream;
  const write = (chunk: string | Uint8Array): boolean =>
    stream.write(visibleText(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8")));
  return new Proxy(stream, {
    get(target, key) {
      if (key === "write") return write;
      if (key === RAW) return target;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
