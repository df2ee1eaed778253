import { asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import { nineCharacters } from "../../shared/common/call-ids.js";

/** An entry of `tool_calls`, complete or a piece of one. */
export interface CallPiece {
  /** `""` if there is none; the SDKs write `"null"` then. */
  readonly id: string;
  /** `""` if there is none. */
  readonly name: string;
  /** The arguments as JSON text. The schema also allows an object. */
  readonly text: string | undefined;
}

/** Decodes an entry of `tool_calls`. */
export function decodeCallPiece(entry: JsonObject): CallPiece {
  const called = asObject(entry["function"]);
  const id = asString(entry["id"]);
  const text = called?.["arguments"];
  return {
    id: id === undefined || id === "null" ? "" : id,
    name: asString(called?.["name"]) ?? "",
    text: isObject(text) ? JSON.stringify(text) : asString(text),
  };
}

/** An id for a call without one. The answer's id keeps it apart from the calls of other answers. */
export function syntheticId(answerId: string | undefined, position: number): string {
  return nineCharacters(`${answerId ?? ""}:${position}`);
}
