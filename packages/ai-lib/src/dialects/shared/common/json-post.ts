import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import type { MutableJson } from "../../../core/values/json.js";
import type { Extensions } from "../../../core/values/message.js";
import { jsonFor } from "./headers.js";
import { wellFormedJson } from "./well-formed.js";

/** A request with a JSON body, to which the request's extensions for the provider are added. */
export function jsonPost(
  path: string,
  body: MutableJson,
  { extensions }: { readonly extensions?: Extensions | undefined },
  { provider }: DialectTarget,
): HttpRequest {
  const own =
    extensions !== undefined && Object.hasOwn(extensions, provider) ? extensions[provider] : undefined;
  return {
    method: "POST",
    path,
    headers: jsonFor("unary"),
    body: wellFormedJson(own === undefined ? body : { ...body, ...own }),
  };
}
