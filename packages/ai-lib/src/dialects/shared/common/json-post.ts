import type { DialectId, DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { Extensions } from "../../../core/values/message.js";
import { extended } from "./extensions.js";
import { JSON_BODY, jsonFor } from "./headers.js";
import { wellFormedJson } from "./well-formed.js";

/**
 * A request with a JSON body, to which the request's extensions for the provider are added.
 * @param dialect the dialect whose extensions are added before, where the API belongs to one
 */
export function jsonPost(
  path: string,
  body: MutableJson,
  { extensions }: { readonly extensions?: Extensions | undefined },
  { provider }: DialectTarget,
  dialect?: DialectId,
): HttpRequest {
  return {
    method: "POST",
    path,
    headers: jsonFor("unary"),
    body: wellFormedJson(extended(body, extensions, dialect, provider)),
  };
}

/** A reply with a JSON body. */
export function jsonReply(body: JsonObject): HttpReply {
  return { status: 200, headers: JSON_BODY, body: JSON.stringify(body) };
}
