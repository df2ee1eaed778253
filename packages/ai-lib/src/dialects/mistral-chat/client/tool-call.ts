import { asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import { nineCharacters } from "../../shared/common/call-ids.js";

/** An entry of `tool_calls`, whole or a piece. */
export interface CallPiece {
  /** `""` where none was sent; the SDKs write `"null"` for that. */
  readonly id: string;
  /** `""` where none was sent. */
  readonly name: string;
  /** Raw JSON text; the schema allows an object too. */
  readonly text: string | undefined;
}

/** Reads an entry of `tool_calls`. */
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

/** An id for a call that came without one, told apart from those of other answers by the answer's id. */
export function inventedId(answerId: string | undefined, position: number): string {
  return nineCharacters(`${answerId ?? ""}:${position}`);
}
