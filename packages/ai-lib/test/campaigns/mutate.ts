/** Draws from a seed: the same seed makes the same inputs. */
export class Draw {
  constructor(private seed: number) {}

  /** A number from 0 (included) to 1 (excluded). */
  readonly random = (): number => {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };

  /** A whole number below a limit. */
  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

/** JSON that no value of this process stands for. */
const RAW = [
  "1e400",
  "-1e400",
  "-0",
  "9007199254740993",
  nested(20_000),
  nested(300),
  '{"__proto__":{"polluted":1}}',
];

/** What may stand anywhere on the wire. */
const INTRUDERS: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e9,
  1e308,
  "",
  " ",
  "x",
  "null",
  "{",
  "[DONE]",
  "constructor",
  "__proto__",
  "toString",
  "then",
  "\ud800",
  "\u0000",
  "a\r\nb",
  "x".repeat(5_000),
  "data:image/png;base64,QUJD",
  `{"a":${nested(20_000)}}`,
  [],
  [null],
  [[[]]],
  {},
  { toString: 1 },
  { length: 3 },
  JSON.parse('{"then":1}'),
  { toJSON: 1 },
  { type: "error" },
  { type: "text" },
  { text: 5 },
  ...RAW.map((_, i) => `@@RAW${i}@@`),
];

const KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "error",
  "type",
  "index",
  "id",
  "content",
  "usage",
  "message",
];

type Place = readonly [holder: Record<string, unknown>, key: string];

function places(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== "object" || value === null || found.length > 2_000) return found;
  for (const key of Object.keys(value)) {
    found.push([value as Record<string, unknown>, key]);
    places((value as Record<string, unknown>)[key], found);
  }
  return found;
}

/** A document with one to three things wrong, as text. */
export function spoil(value: unknown, draw: Draw): string {
  const copy: unknown = structuredClone(value);
  for (let n = 1 + draw.below(3); n > 0; n--) {
    const all = places(copy);
    if (all.length === 0) return write(draw.pick(INTRUDERS));
    const [holder, key] = draw.pick(all);
    const [other, name] = draw.pick(all);
    switch (draw.below(6)) {
      case 0:
        delete holder[key];
        break;
      case 1:
        holder[key] = structuredClone(other[name]);
        break;
      case 2:
        Object.defineProperty(holder, draw.pick(KEYS), {
          value: structuredClone(draw.pick(INTRUDERS)),
          enumerable: true,
          configurable: true,
          writable: true,
        });
        break;
      case 3:
        holder[key] = typeof holder[key] === "string" ? `${holder[key]}${draw.pick(KEYS)}` : [holder[key]];
        break;
      default:
        holder[key] = structuredClone(draw.pick(INTRUDERS));
    }
  }
  return write(copy);
}

function write(value: unknown): string {
  return (JSON.stringify(value) ?? "null").replace(
    /"@@RAW(\d)@@"/g,
    (_, n: string) => RAW[Number(n)] ?? "null",
  );
}

/** Bytes with a few of them changed, left out or repeated. */
export function flip(bytes: Uint8Array, draw: Draw): Uint8Array {
  let changed = Uint8Array.from(bytes);
  for (let n = 1 + draw.below(8); n > 0 && changed.length > 0; n--) {
    const at = draw.below(changed.length);
    if (draw.below(3) > 0) changed[at] = draw.below(256);
    else changed = Uint8Array.from([...changed.subarray(0, at), ...changed.subarray(at + 1 + draw.below(4))]);
  }
  return changed;
}

/** Bytes cut into reads of any size. */
export function cutUp(bytes: Uint8Array, draw: Draw): Uint8Array[] {
  if (draw.below(3) === 0) return [bytes];
  const reads: Uint8Array[] = [];
  const most = 1 + draw.below(Math.max(64, bytes.length));
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + draw.below(most);
    reads.push(bytes.subarray(at, at + size));
    at += size;
  }
  return reads;
}
