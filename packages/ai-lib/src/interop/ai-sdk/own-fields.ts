import { asObject, isObject, type JsonObject } from "../../core/values/json.js";
import type { CacheMark, Origin, PartBase } from "../../core/values/message.js";
import type { SpecMetadata, SpecObject, SpecOptions } from "./spec.js";

/**
 * The name of ai-lib in `providerOptions` and `providerMetadata`. It contains fields of a request, a message or a part
 * by ai-lib's names, and the opaque state of an answer's part, which returns there with the next prompt.
 */
export const OWN = "ai-lib";

/** What a `providerOptions` says to ai-lib. */
export function ownFields(options: SpecOptions | undefined): JsonObject {
  return asObject(options?.[OWN]) ?? {};
}

/** The fields of a part or a message from `providerOptions`: state, marks of the cache, fields of vendors. */
export function partFields(options: SpecOptions | undefined): PartBase {
  if (options === undefined) return {};
  const own = ownFields(options);
  const cache = (asObject(own["cache"]) as CacheMark | undefined) ?? claudeCache(options["anthropic"]);
  const origin = asObject(own["origin"]);
  const extensions = asObject(own["extensions"]);
  return {
    ...(cache !== undefined && { cache }),
    ...(isObject(origin?.["data"]) &&
      typeof origin["family"] === "string" && { origin: origin as unknown as Origin }),
    ...(extensions !== undefined && { extensions: extensions as PartBase["extensions"] }),
  };
}

/** `cacheControl` of the AI SDK's provider for Anthropic, which programs set on parts that go to any provider. */
function claudeCache(options: Readonly<Record<string, unknown>> | undefined): CacheMark | undefined {
  const control = asObject(options?.["cacheControl"] ?? options?.["cache_control"]);
  if (control === undefined) return undefined;
  const { ttl } = control;
  return typeof ttl === "string" ? { ttl } : {};
}

/** `providerMetadata` with the given fields; none where none is set. */
export function ownMetadata(fields: Readonly<Record<string, unknown>>): { providerMetadata?: SpecMetadata } {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return set.length === 0 ? {} : { providerMetadata: { [OWN]: Object.fromEntries(set) as SpecObject } };
}
