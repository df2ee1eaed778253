import type { JsonObject } from "ai-lib";
import { CONTENT, plainName } from "./length-names.js";

/**
 * Fields in which routers take models besides `model`, or a name of settings that have one:
 * https://openrouter.ai/docs/features/model-routing, https://vercel.com/docs/ai-gateway/models-and-providers/provider-options,
 * https://docs.litellm.ai/docs/proxy/reliability.
 */
const NAMES: ReadonlySet<string> = new Set(["fallbackmodels", "fallbacks", "modellist", "models", "preset"]);

/** Whether a body lets the vendor answer with another model than the one that it names. */
export function namesOtherModels(fields: object | undefined): boolean {
  const open: object[] = fields === undefined ? [] : [fields];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const name of Object.keys(next)) {
      const value = (next as JsonObject)[name];
      const plain = plainName(name);
      // Readers that take names in any case, such as Go's, may read it in place of `model`.
      const twin = plain === "model" && name !== "model";
      if ((twin || NAMES.has(plain)) && isGiven(value)) return true;
      if (typeof value === "object" && value !== null && !CONTENT.has(plain)) open.push(value);
    }
  return false;
}

function isGiven(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return typeof value === "string" && value !== "";
}
