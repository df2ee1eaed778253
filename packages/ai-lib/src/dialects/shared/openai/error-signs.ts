import { asObject, type JsonObject } from "../../../core/values/json.js";

/**
 * Whether a body with the status 200, or a frame of a stream, may be an error: `errorIn` says whether it is one, whose code
 * a bundle loads only then. True for every error, and for few other bodies.
 */
export function mayBeError(body: JsonObject): boolean {
  if (body["error"] != null || !Array.isArray(body["choices"]) || body["object"] === "error") return true;
  // MiniMax has the status of each answer here; Tencent has its errors in `Response`.
  const status = asObject(body["base_resp"])?.["status_code"];
  return (status != null && status !== 0) || body["Response"] != null;
}
