import { type Io, isTerminal } from "./io.js";

/** The terminal behind a guarded stream. */
const RAW: unique symbol = Symbol("raw");
/** Whether a stream leaves control sequences in what is written. */
const LEAVES_CONTROLS: unique symbol = Symbol("leaves controls");

/**
 * Characters that drive a terminal or reorder its text: control characters besides tabs and line feeds, and the marks of
 * bidirectional text. Before them a style of this program, which is one match.
 */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are made visible
  /\x1b\[(?:[1-3]|2[23]|3[1-79]|90)m|\r\n|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text that is safe to show on a terminal: characters that would drive it become visible escapes such as `\u001b`. A
 * provider could otherwise set the clipboard, forge lines, or hide text.
 * @param styled whether the text is formatted, so that the styles of this program remain; default true
 */
export function visibleText(text: string, styled = true): string {
  return text.replace(CONTROLS, (found) => {
    if (found === "\r\n") return "\n";
    if (found.length > 1) return styled ? found : `\\u001b${found.slice(1)}`;
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/**
 * Text from a provider as it is shown on a stream: on a terminal without any control sequence, unchanged in a pipe. Use it
 * before colours are added.
 */
export function foreignText(stream: NodeJS.WritableStream, text: string): string {
  const leaves = (stream as { readonly [LEAVES_CONTROLS]?: true })[LEAVES_CONTROLS] ?? !isTerminal(stream);
  return leaves ? text : visibleText(text, false);
}

/** The same streams; what is written to a terminal goes through {@link visibleText}. Pipes and files get every byte. */
export function guardTerminals(io: Io): Io {
  return { ...io, stdout: guard(io.stdout), stderr: guard(io.stderr) };
}

/** The same streams; with `raw`, control sequences that go to a terminal as output are left in it. */
export function leaveControls(io: Io, raw: boolean | undefined): Io {
  if (raw !== true || !isTerminal(io.stdout)) return io;
  return { ...io, stdout: override(rawTerminal(io.stdout), { [LEAVES_CONTROLS]: true }) };
}

/** The terminal behind a guarded stream, for a library that moves its cursor. */
export function rawTerminal(stream: NodeJS.WritableStream): NodeJS.WritableStream {
  return (stream as { readonly [RAW]?: NodeJS.WritableStream })[RAW] ?? stream;
}

function guard(stream: NodeJS.WritableStream): NodeJS.WritableStream {
  if (!isTerminal(stream)) return stream;
  const write = (chunk: string | Uint8Array): boolean =>
    stream.write(visibleText(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8")));
  return override(stream, { write, [RAW]: stream });
}

/** A stream with some properties of its own. */
function override(stream: NodeJS.WritableStream, own: object): NodeJS.WritableStream {
  return new Proxy(stream, {
    get(target, key) {
      if (Object.hasOwn(own, key)) return Reflect.get(own, key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
