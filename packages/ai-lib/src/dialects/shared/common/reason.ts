import type { Cannot } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { isObject } from "../../../core/values/json.js";

/** Why a field is lost, where the entry that its path finds in `cannot` does not say all. */
export interface Why {
  /** The entry of `cannot` to quote. Default: the one that the field's path finds, see {@link reasonOf}. */
  readonly key?: string;
  /** A reason that lies in the endpoint or the model and not in the dialect. It replaces the entry of `cannot`. */
  readonly reason?: string;
  /** What applies to this request alone, such as the value that is sent. It follows the reason. */
  readonly detail?: string;
}

/**
 * Finds a field's entry in `cannot`, the most specific first. Positions are not written in the table's keys; the type
 * of a part or a tool, or the role of a message, can replace them: `messages.2.content.0.detail` is
 * `messages.user.content.image.detail`, `messages.content.image.detail`, `messages.user.content.detail` or
 * `messages.content.detail`. A value that is a word, or has a type, may follow its field: `toolChoice.none`,
 * `responseFormat.json`. A field without such an entry has the one of a name in its path: `messages.2.cache.ttl` that
 * of `cache`, `metadata.seed` that of `metadata`.
 */
export function reasonOf(cannot: Cannot, request: ChatRequest, field: string): string | undefined {
  const steps = field.split(".");
  let value: unknown = request;
  let paths: string[] = [];
  for (const step of steps) {
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Readonly<Record<string, unknown>>)[step]
        : undefined;
    if (/^\d+$/.test(step)) {
      const kind = kindOf(value);
      if (kind !== undefined) paths = [...paths.map((path) => `${path}.${kind}`), ...paths];
    } else {
      const nested = step === "content" && paths.some((path) => path.includes(".content"));
      paths = paths.length === 0 ? [step] : paths.map((path) => `${path}.${step}`);
      // What a tool's result holds is a part like any other.
      if (nested) paths.push("messages.content");
    }
  }
  const kind = typeof value === "string" ? value : kindOf(value);
  const values = kind === undefined ? [] : paths.map((path) => `${path}.${kind}`);
  const names = steps.filter((step) => !/^\d+$/.test(step) && !CONTAINERS.has(step));
  const key = [...values, ...paths, ...names].find((one) => Object.hasOwn(cannot, one));
  return key === undefined ? undefined : cannot[key];
}

/** Names that many fields have in their paths; an entry for one is about the list, not about what is in it. */
const CONTAINERS: ReadonlySet<string> = new Set(["messages", "content", "tools"]);

/** The type of a part, a tool or a format, or the role of a message. */
function kindOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const kind = value["type"] ?? value["role"];
  return typeof kind === "string" ? kind : undefined;
}
