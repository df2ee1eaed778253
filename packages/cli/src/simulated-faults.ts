import type { Fault } from "ai-lib/testing";
import { usageError } from "./errors.js";
import { parseWholeNumber } from "./option-values.js";

/** Bytes of a body that no client reads to its end. */
const OVERSIZE = 64 * 1024 * 1024;

/** A fault by its name on the command line. */
interface NamedFault {
  /** What the number behind `=` means, and its default; absent where it takes none. */
  readonly value?: { readonly what: string; readonly default: number };
  make(value: number): Fault;
}

const frames = { what: "frames before it", default: 3 };
const ms = (usual: number) => ({ what: "milliseconds", default: usual });

const FAULTS: Readonly<Record<string, NamedFault>> = {
  "slow-head": { value: ms(5_000), make: (headDelayMs) => ({ headDelayMs }) },
  "slow-first": { value: ms(5_000), make: (firstFrameDelayMs) => ({ firstFrameDelayMs }) },
  slow: { value: ms(500), make: (frameDelayMs) => ({ frameDelayMs }) },
  dribble: { value: { what: "bytes at a time", default: 1 }, make: (bytes) => ({ dribble: { bytes } }) },
  comments: { value: frames, make: (after) => ({ comments: { after } }) },
  stall: { value: frames, make: (silent) => ({ silent }) },
  deaf: { make: () => ({ silent: "head" }) },
  "reset-head": { make: () => ({ reset: "head" }) },
  reset: { value: frames, make: (reset) => ({ reset }) },
  cut: { value: frames, make: (cut) => ({ cut }) },
  error: {
    value: frames,
    make: (after) => ({ inBand: { after, error: { code: "OVERLOADED", message: "simulated overload" } } }),
  },
  malformed: { value: frames, make: (malformed) => ({ malformed }) },
  "no-terminator": { make: () => ({ noTerminator: true }) },
  lingers: { make: () => ({ lingers: true }) },
  closes: { make: () => ({ closes: true }) },
  "same-id": { make: () => ({ id: "sim-same" }) },
  oversize: { value: { what: "bytes", default: OVERSIZE }, make: (oversize) => ({ oversize }) },
};

/** The names of faults with what their numbers mean, for the help. */
export const FAULT_HELP = [
  "ok",
  "429, 503 and other statuses[=seconds to wait]",
  ...Object.entries(FAULTS).map(([name, { value }]) =>
    value === undefined ? name : `${name}[=${value.what}]`,
  ),
].join(", ");

/**
 * Parses what one request of the simulator does: names with a number where they take one, joined by `+`, such as
 * `"503=2+closes"`. Undefined for `"ok"`: the request goes well.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown name or a number that is none; the message lists the known names.
 */
export function parseFault(text: string): Fault | undefined {
  if (text === "ok") return undefined;
  let fault: Fault = {};
  for (const part of text.split("+")) fault = { ...fault, ...parsePart(part) };
  return fault;
}

function parsePart(part: string): Fault {
  const [name = "", number, ...more] = part.split("=");
  if (more.length > 0) throw usageError(`--fail takes one number for "${name}", not "${part}"`);
  const value = number === undefined ? undefined : parseWholeNumber(`--fail ${name}`, number);
  if (/^[45]\d\d$/.test(name)) {
    const headers = value === undefined ? {} : { headers: { "retry-after": String(value) } };
    return { status: Number(name), ...headers };
  }
  const known = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined;
  if (known === undefined) throw usageError(`Unknown fault "${name}" of --fail; known are: ${FAULT_HELP}`);
  if (known.value === undefined && value !== undefined) throw usageError(`--fail ${name} takes no number`);
  return known.make(value ?? known.value?.default ?? 0);
}
