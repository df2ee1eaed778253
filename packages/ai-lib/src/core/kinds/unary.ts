import { invalidRequest } from "../errors/error.js";
import { isObject } from "../values/json.js";
import type { EventOf, Kind } from "../values/kinds.js";
import type { Accumulator, KindLaws } from "./laws.js";
import { checkModelName } from "./model-name.js";

/** The rules that are the same for every kind that does not stream. */
export function unary<K extends Kind>(kind: K): Pick<KindLaws<K>, "isContent" | "accumulate" | "replay"> {
  return {
    isContent: () => false,
    accumulate(): Accumulator<K> {
      throw new TypeError(`Calls of the kind "${kind}" do not stream`);
    },
    replay: (): readonly EventOf<K>[] => [],
  };
}

/**
 * Refuses a value that is not an object, fields that a request does not have, and a model name that is not a text.
 * @throws {AiLibError} `INVALID_REQUEST` naming the field and those that are known.
 */
export function checkFields(what: string, request: unknown, known: ReadonlySet<string>): void {
  if (!isObject(request)) throw invalidRequest(`A request for ${what} is an object`);
  for (const field of Object.keys(request)) {
    if (!known.has(field))
      throw invalidRequest(
        `Unknown request field "${field}"; known are: ${[...known].join(", ")}. Vendor fields go into \`extensions\``,
      );
  }
  checkModelName(request["model"]);
}

/** @throws {AiLibError} `INVALID_REQUEST` for a number that is not whole or below a least. */
export function checkWhole(field: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= least))
    throw invalidRequest(`\`${field}\` must be a whole number of at least ${least}, not ${String(value)}`);
}

/** @throws {AiLibError} `INVALID_REQUEST` for a value that is not among the known ones. */
export function checkWord(field: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value))
    throw invalidRequest(`\`${field}\` must be one of ${known.join(", ")}, not "${String(value)}"`);
}
