import type { ContextManagement, Reasoning } from "../../../core/values/chat-request.js";
import { asArray, asNumber, asObject, isObject, type JsonObject } from "../../../core/values/json.js";
import { defined } from "../../shared/common/body-fields.js";

/** https://platform.claude.com/docs/en/build-with-claude/context-editing */
const CLEAR = "clear_tool_uses_20250919";
const THINK = "clear_thinking_20251015";
/** https://platform.claude.com/docs/en/build-with-claude/compaction */
const COMPACT = "compact_20260112";

/** The `context_management` of a body; undefined if the request asks for none. */
export function encodeContextManagement(
  wanted: ContextManagement | undefined,
  thinking: Reasoning["keep"],
): JsonObject | undefined {
  const { compactAt, clearToolResults } = wanted ?? {};
  const edits: JsonObject[] = [];
  // The first of the edits, says the page of context editing.
  if (thinking !== undefined)
    edits.push({ type: THINK, keep: thinking === "all" ? "all" : { type: "thinking_turns", value: 1 } });
  if (clearToolResults !== undefined) {
    const { at, keep } = clearToolResults;
    edits.push({
      type: CLEAR,
      trigger: at === undefined ? undefined : { type: "input_tokens", value: at },
      keep: keep === undefined ? undefined : { type: "tool_uses", value: keep },
    });
  }
  if (compactAt !== undefined)
    edits.push({ type: COMPACT, trigger: { type: "input_tokens", value: compactAt } });
  return edits.length === 0 ? undefined : { edits };
}

/** What the `context_management` of a body asks for. */
export interface DecodedManagement {
  readonly management?: ContextManagement;
  readonly keep?: NonNullable<Reasoning["keep"]>;
}

/** The inverse of {@link encodeContextManagement}; undefined for settings that the contract has no name for. */
export function decodeContextManagement(value: unknown): DecodedManagement | undefined {
  if (!isObject(value) || Object.keys(value).some((key) => key !== "edits")) return undefined;
  let management: ContextManagement = {};
  let keep: Reasoning["keep"];
  for (const edit of asArray(value["edits"])) {
    const kept = decodeKeep(edit);
    const more = kept === undefined ? decodeEdit(edit) : {};
    if (more === undefined) return undefined;
    keep = kept ?? keep;
    management = { ...management, ...more };
  }
  const empty = Object.keys(management).length === 0;
  if (empty && keep === undefined) return undefined;
  return { ...(empty ? {} : { management }), ...defined({ keep }) };
}

function decodeKeep(edit: unknown): Reasoning["keep"] {
  const { type, keep, ...others } = asObject(edit) ?? {};
  if (type !== THINK || Object.keys(others).length > 0) return undefined;
  if (keep === "all") return "all";
  return countOf(keep, "thinking_turns") === 1 ? "turn" : undefined;
}

function decodeEdit(edit: unknown): ContextManagement | undefined {
  const { type, trigger, keep, ...others } = asObject(edit) ?? {};
  if (Object.keys(others).length > 0) return undefined;
  const at = trigger === undefined ? undefined : countOf(trigger, "input_tokens");
  const kept = keep === undefined ? undefined : countOf(keep, "tool_uses");
  if ((trigger !== undefined && at === undefined) || (keep !== undefined && kept === undefined))
    return undefined;
  if (type === CLEAR) return { clearToolResults: defined({ at, keep: kept }) };
  return type === COMPACT && at !== undefined && keep === undefined ? { compactAt: at } : undefined;
}

function countOf(value: unknown, unit: string): number | undefined {
  const count = asObject(value);
  return count?.["type"] === unit ? asNumber(count["value"]) : undefined;
}
