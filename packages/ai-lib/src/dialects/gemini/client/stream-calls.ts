import { AiLibError } from "../../../core/errors/error.js";
import { asNumber, asString, type JsonObject } from "../../../core/values/json.js";

/** An open object or array of the text. */
interface Level {
  /** Its name or position within its parent; `""` for the arguments themselves. */
  readonly key: string | number;
  readonly array: boolean;
  /** The names that an object has, or undefined for an array. */
  readonly names: Set<string> | undefined;
  /** How many members it has. */
  count: number;
}

/** The most objects and arrays that may be open within each other. */
const MAX_DEPTH = 64;

/**
 * Turns arguments that arrive as values with JSON paths into JSON text. The model writes its arguments from left to
 * right, so the paths arrive in the order of the text; a path into an object that is already closed is an error.
 * https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc
 */
export class PartialArgs {
  private readonly levels: Level[] = [];
  /** The path of the string that is still open. */
  private openString: string | undefined;

  /**
   * The text that partial arguments add.
   * @throws {AiLibError} `INVALID_RESPONSE` for an invalid path or one that goes back.
   */
  add(partials: readonly unknown[]): string {
    let text = "";
    for (const one of partials)
      if (typeof one === "object" && one !== null) text += this.one(one as JsonObject);
    return text;
  }

  /** The text that closes all that is open. */
  close(): string {
    const text = this.begin();
    return text + this.closeDownTo(0);
  }

  private begin(): string {
    if (this.levels.length > 0) return "";
    this.levels.push(level("", false));
    return "{";
  }

  private closeDownTo(depth: number): string {
    let text = this.openString === undefined ? "" : '"';
    this.openString = undefined;
    while (this.levels.length > depth) text += this.levels.pop()?.array === true ? "]" : "}";
    return text;
  }

  private one(partial: JsonObject): string {
    const path = asString(partial["jsonPath"]);
    if (path === undefined) return "";
    const goesOn = partial["willContinue"] === true;
    const words = asString(partial["stringValue"]);
    if (this.openString === path) {
      this.openString = goesOn ? path : undefined;
      return inner(words ?? "") + (goesOn ? "" : '"');
    }
    const value = words === undefined ? scalar(partial) : `"${inner(words)}${goesOn ? "" : '"'}`;
    if (value === undefined) return "";
    const text = this.openPath(path) + value;
    if (words !== undefined && goesOn) this.openString = path;
    return text;
  }

  /** Closes and opens containers until the next value of the text is the one at `path`. */
  private openPath(path: string): string {
    const keys = parsePath(path);
    let text = this.begin();
    const parents = keys.length - 1;
    let shared = 0;
    while (shared < parents && this.levels[shared + 1]?.key === keys[shared]) shared++;
    text += this.closeDownTo(shared + 1);
    for (let depth = shared; depth < parents; depth++) {
      const array = typeof keys[depth + 1] === "number";
      text += this.member(keys[depth] ?? "", path) + (array ? "[" : "{");
      this.levels.push(level(keys[depth] ?? "", array));
    }
    return text + this.member(keys[parents] ?? "", path);
  }

  /** A comma if needed, and the name if the parent is an object. */
  private member(key: string | number, path: string): string {
    const parent = this.levels.at(-1);
    if (parent === undefined || this.levels.length > MAX_DEPTH) throw disordered(path);
    const comma = parent.count > 0 ? "," : "";
    if (typeof key === "number") {
      if (!parent.array || key !== parent.count) throw disordered(path);
      parent.count++;
      return comma;
    }
    if (parent.names === undefined || parent.names.has(key)) throw disordered(path);
    parent.names.add(key);
    parent.count++;
    return `${comma}${JSON.stringify(key)}:`;
  }
}

function level(key: string | number, array: boolean): Level {
  return { key, array, names: array ? undefined : new Set(), count: 0 };
}

function scalar(partial: JsonObject): string | undefined {
  const number = asNumber(partial["numberValue"]);
  if (number !== undefined) return JSON.stringify(number);
  if (typeof partial["boolValue"] === "boolean") return String(partial["boolValue"]);
  return "nullValue" in partial ? "null" : undefined;
}

/** Text as it is written between the quotes of a JSON string. */
function inner(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]/y;

/** The steps of a JSON path (RFC 9535): names and positions. */
function parsePath(path: string): (string | number)[] {
  const keys: (string | number)[] = [];
  STEP.lastIndex = 1;
  let at = 1;
  while (path.startsWith("$") && at < path.length) {
    const match = STEP.exec(path);
    if (match === null) break;
    at = STEP.lastIndex;
    const [, name, position, single, double] = match;
    keys.push(position === undefined ? (name ?? unescaped(single ?? double ?? "")) : Number(position));
  }
  if (keys.length === 0 || at < path.length) throw disordered(path);
  return keys;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function disordered(path: string): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The model's streamed arguments cannot be decoded at the path ${JSON.stringify(path.slice(0, 200))}`,
  });
}
