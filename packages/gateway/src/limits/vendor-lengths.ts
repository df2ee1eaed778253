import type { Extensions, JsonObject } from "ai-lib";
import {
  CONTENT,
  COUNTS,
  countOf,
  isEndless,
  isLength,
  isThinking,
  plainName,
  THINKING,
} from "./length-names.js";

/** What a request says about the length of its answer in fields of vendors. */
export interface VendorLengths {
  /** The longest answer that a field names, in tokens. */
  readonly output: number;
  /** Tokens of thinking. */
  readonly thinking: number;
  /** Answers that are generated, also those that the vendor drops. */
  readonly answers: number;
  /** A field asks for an answer without a limit. */
  readonly endless: boolean;
}

/**
 * Reads the lengths that a body, or the extensions of a request, names. A server may read any of them, whatever dialect
 * it speaks, and it may take a name in another case: Go's JSON decoder does (https://pkg.go.dev/encoding/json#Unmarshal).
 * So names count by what they say: `n_predict` of llama.cpp, `options.num_predict` of Ollama, `best_of` and `min_tokens`
 * of vLLM, `max_gen_len` and `max_tokens` in Bedrock's `additionalModelRequestFields`, `thinking_budget` of DashScope.
 */
export function vendorLengths(fields: object | undefined): VendorLengths {
  const found = { output: 0, thinking: 0, answers: 1, endless: false };
  /** Objects that are not read yet, each with whether it is about thinking. */
  const open: (readonly [object, boolean])[] = fields === undefined ? [] : [[fields, false]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [object, thinks] = next;
    for (const name of Object.keys(object)) {
      const value = (object as JsonObject)[name];
      if (typeof value === "object" && value !== null) {
        const plain = plainName(name);
        if (!CONTENT.has(plain)) open.push([value, THINKING.test(plain)]);
        continue;
      }
      const count = countOf(value);
      if (count === undefined) continue;
      const plain = plainName(name);
      if (isThinking(plain, thinks)) found.thinking = Math.max(found.thinking, count);
      else if (isEndless(plain, count)) found.endless = true;
      else if (isLength(plain)) found.output = Math.max(found.output, count);
      else if (COUNTS.has(plain) && count > 1) found.answers *= count;
    }
  }
  return found;
}

/** Extensions without the fields that ask for an answer without a limit; the same object where there are none. */
export function withoutEndless(extensions: Extensions): Extensions {
  return without(extensions as JsonObject, MAX_DEPTH) as Extensions;
}

/** Levels of an object in which vendors have fields. */
const MAX_DEPTH = 20;

function without(object: JsonObject, levels: number): JsonObject {
  let kept: { [name: string]: JsonObject[string] } | undefined;
  for (const name of Object.keys(object)) {
    const value = object[name];
    const plain = plainName(name);
    const count = countOf(value);
    if (count !== undefined && isEndless(plain, count) && !isThinking(plain, false)) {
      kept ??= { ...object };
      delete kept[name];
    } else if (typeof value === "object" && value !== null && !Array.isArray(value) && levels > 0) {
      if (CONTENT.has(plain) || THINKING.test(plain)) continue;
      const inner = without(value as JsonObject, levels - 1);
      if (inner === value) continue;
      kept ??= { ...object };
      kept[name] = inner;
    }
  }
  return kept ?? object;
}
