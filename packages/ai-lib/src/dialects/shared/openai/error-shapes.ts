import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from "../../../core/values/json.js";
import { defined } from "../common/body-fields.js";
import { upstreamOf } from "../common/upstream.js";

/** The fields of an error body. */
export interface ErrorBody {
  /** The message; empty if there is none. */
  readonly message: string;
  /** Codes and types, the most precise first. */
  readonly codes: readonly string[];
  /** The HTTP status in the body. */
  readonly status?: number;
  /** The body of the provider behind a gateway. */
  readonly upstream?: string;
  /** The name of that provider. */
  readonly upstreamName?: string;
  /** Headers of the provider behind a gateway. */
  readonly headers?: JsonObject;
  /** A delay such as `"34s"`, from Google's `RetryInfo`. */
  readonly retryDelay?: string;
}

/** The error of a body that is empty or not JSON. */
export const EMPTY_ERROR: ErrorBody = { message: "", codes: [] };

/** The error that a body describes, in any shape that vendors of the dialect use; undefined if it is not an error. */
export function decodeErrorBody(value: unknown): ErrorBody | undefined {
  // Google's compatible endpoint wraps its object in an array.
  const body = Array.isArray(value) ? asObject(value[0]) : asObject(value);
  if (body === undefined) return undefined;
  return decodeCertain(body) ?? decodeLoose(body);
}

/**
 * The error inside a 200 or a frame of a stream; undefined if there is none. `message` and `code` alone are an error
 * only without choices.
 */
export function errorIn(body: JsonObject): ErrorBody | undefined {
  const certain = decodeCertain(body);
  if (certain !== undefined) return certain;
  if (Array.isArray(body["choices"])) return undefined;
  const failed =
    body["success"] === false || asString(body["code"]) !== undefined || body["object"] === "error";
  return failed || asNumber(body["error_code"]) !== undefined ? decodeLoose(body) : undefined;
}

/** An error in a shape that no answer has. */
function decodeCertain(body: JsonObject): ErrorBody | undefined {
  const { error } = body;
  if (isObject(error) && Object.keys(error).length > 0) return decodeErrorObject(error);
  // xAI, Ollama, Baseten, Venice: a bare string.
  if (typeof error === "string" && error !== "") {
    const message = asString(body["message"]) ?? asString(body["error_description"]);
    return bodyOf(
      message ?? error,
      [body["code"], body["error_type"], body["type"], message === undefined ? undefined : error],
      body["status"],
    );
  }
  const minimax = asObject(body["base_resp"]);
  const status = asNumber(minimax?.["status_code"]);
  if (minimax !== undefined && status !== undefined && status !== 0)
    return bodyOf(asString(minimax["status_msg"]) ?? "", [status]);
  const tencent = asObject(asObject(body["Response"])?.["Error"]);
  if (tencent !== undefined) return bodyOf(asString(tencent["Message"]) ?? "", [tencent["Code"]]);
  if (body["object"] === "error")
    return bodyOf(asString(body["message"]) ?? "", [body["code"], body["type"]], body["code"]);
  return undefined;
}

/** An error in a shape that an answer could have, too. */
function decodeLoose(body: JsonObject): ErrorBody | undefined {
  const baidu = asNumber(body["error_code"]);
  if (baidu !== undefined && baidu !== 0) return bodyOf(asString(body["error_msg"]) ?? "", [baidu]);
  // Databricks.
  if (typeof body["error_code"] === "string")
    return bodyOf(asString(body["message"]) ?? "", [body["error_code"]]);
  // Cloudflare.
  const listed = asArray(body["errors"])[0];
  if (isObject(listed)) return bodyOf(asString(listed["message"]) ?? "", [listed["code"]]);
  // FastAPI, and problem details (RFC 9457).
  const { detail } = body;
  if (typeof detail === "string") return bodyOf(detail, [body["type"], body["title"]], body["status"]);
  const first = asArray(detail)[0];
  if (isObject(first)) return bodyOf(asString(first["msg"]) ?? JSON.stringify(first), [first["type"]]);
  if (isObject(detail)) return decodeErrorObject(detail);
  // Deepgram.
  const refused = asString(body["err_msg"]);
  if (refused !== undefined) return bodyOf(refused, [body["err_code"]]);
  const message = asString(body["message"]) ?? asString(body["msg"]);
  if (message === undefined) return undefined;
  return bodyOf(message, [body["code"], body["type"]], body["code"] ?? body["status"]);
}

function decodeErrorObject(error: JsonObject): ErrorBody {
  const inner = asObject(error["innererror"]) ?? asObject(error["inner_error"]);
  const metadata = asObject(error["metadata"]);
  const details = asArray(error["details"]);
  const delay = details.find((one) => isObject(one) && typeof one["retryDelay"] === "string");
  const reason = details.find((one) => isObject(one) && typeof one["reason"] === "string");
  const message = asString(error["message"]) ?? asString(error["msg"]) ?? asString(error["error"]) ?? "";
  const fields = bodyOf(
    message,
    [
      inner?.["code"],
      error["code"],
      isObject(reason) ? reason["reason"] : undefined,
      typeof error["status"] === "string" ? error["status"] : undefined,
      error["type"],
    ],
    asNumber(error["code"]) ?? error["status_code"] ?? error["status"] ?? error["code"],
  );
  const rest = {
    upstream: upstreamOf(error),
    upstreamName: asString(metadata?.["provider_name"]),
    headers: asObject(metadata?.["headers"]),
    retryDelay: isObject(delay) ? asString(delay["retryDelay"]) : undefined,
  };
  return { ...fields, ...defined(rest) };
}

function bodyOf(message: string, codes: readonly unknown[], status?: unknown): ErrorBody {
  const texts: string[] = [];
  for (const code of codes) {
    if (typeof code === "string" && code !== "") texts.push(code);
    else if (typeof code === "number") texts.push(String(code));
  }
  // `Number` throws for an object whose `toString` is not a function.
  const number = typeof status === "string" || typeof status === "number" ? Number(status) : Number.NaN;
  const valid = Number.isInteger(number) && number >= 400 && number <= 599;
  return valid ? { message, codes: texts, status: number } : { message, codes: texts };
}
