import type { UsageFrames } from "../../../core/contract/dialect.js";
import { asArray, asObject, tryParse } from "../../../core/values/json.js";

const OPEN = 0x5b;
const CLOSE = 0x5d;
const SPACE = 0x20;

/** A chunk with usage has no choices: https://platform.openai.com/docs/api-reference/chat-streaming/streaming. */
export const usageFrames: UsageFrames = {
  mayBeIn(bytes) {
    for (let at = bytes.indexOf(OPEN); at !== -1; at = bytes.indexOf(OPEN, at + 1)) {
      let next = at + 1;
      while ((bytes[next] ?? CLOSE) <= SPACE) next++;
      if (bytes[next] === CLOSE) return true;
    }
    return false;
  },
  is(data) {
    const { choices, usage } = asObject(tryParse(data)) ?? {};
    return asArray(choices)?.length === 0 && asObject(usage) !== undefined;
  },
};
