import { AiLibError } from "../errors/error.js";
import { NotLoaded } from "../errors/on-demand.js";
import type { KindLaws } from "../kinds/laws.js";
import type { Kind, RequestOf } from "../values/kinds.js";
import { snapshotRequest } from "./snapshot.js";

/**
 * The request as it is now, checked. A call within another needs no copy: its request is the copy that the outer call
 * made, or one that a provider of your own has just built.
 */
export function checkedRequest<K extends Kind>(laws: KindLaws<K>, request: RequestOf<K>): RequestOf<K> {
  const copy = snapshotRequest(request);
  try {
    laws.validate(copy);
  } catch (error) {
    throw error instanceof NotLoaded ? error : AiLibError.from(error, "INVALID_REQUEST");
  }
  return copy;
}
