import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from "../../../core/values/json.js";

/** What an error body says, whatever its shape. */
export interface ErrorWords {
  readonly message: string;
  /** Codes and types, the most telling first. */
  readonly codes: readonly string[];
  /** An HTTP status that stands in the body. */
  readonly status?: number;
  /** The body of the provider behind a gateway. */
  readonly upstream?: string;
  /** Headers of the provider behind a gateway. */
  readonly headers?: JsonObject;
  /** A delay such as `"34s"`, from Google's `RetryInfo`. */
  readonly retryDelay?: string;
}

/** Reads an error body in any shape that speakers of the dialect use; undefined where it is none. */
export function decodeErrorBody(value: unknown): ErrorWords | undefined {
  // Google's compatible endpoint wraps its object in an array.
  const body = Array.isArray(value) ? asObject(value[0]) : asObject(value);
  if (body === undefined) return undefined;
  return decodeCertain(body) ?? decodeLoose(body);
}

/**
 * The error that a 200 or a frame of a stream carries. Only shapes that no answer has: `message` and `code` alone
 * count where there are no choices.
 */
export function errorIn(body: JsonObject): ErrorWords | undefined {
  const certain = decodeCertain(body);
  if (certain !== undefined) return certain;
  if (Array.isArray(body["choices"])) return undefined;
  const failed =
    body["success"] === false || asString(body["code"]) !== undefined || body["object"] === "error";
  return failed || asNumber(body["error_code"]) !== undefined ? decodeLoose(body) : undefined;
}

function decodeCertain(body: JsonObject): ErrorWords | undefined {
  const { error } = body;
  if (isObject(error) && Object.keys(error).length > 0) return decodeErrorObject(error);
  // xAI, Ollama, Baseten, Venice: a bare string.
  if (typeof error === "string" && error !== "") {
    const message = asString(body["message"]) ?? asString(body["error_description"]);
    return words(
      message ?? error,
      [body["code"], body["error_type"], body["type"], message === undefined ? undefined : error],
      body["status"],
    );
  }
  const minimax = asObject(body["base_resp"]);
  const status = asNumber(minimax?.["status_code"]);
  if (minimax !== undefined && status !== undefined && status !== 0)
    return words(asString(minimax["status_msg"]) ?? "", [status]);
  const tencent = asObject(asObject(body["Response"])?.["Error"]);
  if (tencent !== undefined) return words(asString(tencent["Message"]) ?? "", [tencent["Code"]]);
  if (body["object"] === "error")
    return words(asString(body["message"]) ?? "", [body["code"], body["type"]], body["code"]);
  return undefined;
}

function decodeLoose(body: JsonObject): ErrorWords | undefined {
  const baidu = asNumber(body["error_code"]);
  if (baidu !== undefined && baidu !== 0) return words(asString(body["error_msg"]) ?? "", [baidu]);
  // Databricks.
  if (typeof body["error_code"] === "string")
    return words(asString(body["message"]) ?? "", [body["error_code"]]);
  // Cloudflare.
  const listed = asArray(body["errors"])[0];
  if (isObject(listed)) return words(asString(listed["message"]) ?? "", [listed["code"]]);
  // FastAPI, problem details, and servers on them.
  const { detail } = body;
  if (typeof detail === "string") return words(detail, [body["type"], body["title"]], body["status"]);
  const first = asArray(detail)[0];
  if (isObject(first)) return words(asString(first["msg"]) ?? JSON.stringify(first), [first["type"]]);
  if (isObject(detail)) return decodeErrorObject(detail);
  const message = asString(body["message"]) ?? asString(body["msg"]);
  if (message === undefined) return undefined;
  return words(message, [body["code"], body["type"]], body["code"] ?? body["status"]);
}

function decodeErrorObject(error: JsonObject): ErrorWords {
  const inner = asObject(error["innererror"]) ?? asObject(error["inner_error"]);
  const metadata = asObject(error["metadata"]);
  const upstream = metadata?.["raw"];
  const details = asArray(error["details"]);
  const delay = details.find((one) => isObject(one) && typeof one["retryDelay"] === "string");
  const reason = details.find((one) => isObject(one) && typeof one["reason"] === "string");
  const message = asString(error["message"]) ?? asString(error["msg"]) ?? asString(error["error"]) ?? "";
  const found = words(
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
  const headers = asObject(metadata?.["headers"]);
  return {
    ...found,
    ...(typeof upstream === "string"
      ? { upstream }
      : isObject(upstream)
        ? { upstream: JSON.stringify(upstream) }
        : {}),
    ...(headers === undefined ? {} : { headers }),
    ...(isObject(delay) ? { retryDelay: String(delay["retryDelay"]) } : {}),
  };
}

function words(message: string, codes: readonly unknown[], status?: unknown): ErrorWords {
  const texts: string[] = [];
  for (const code of codes) {
    if (typeof code === "string" && code !== "") texts.push(code);
    else if (typeof code === "number") texts.push(String(code));
  }
  // Anything else may have a `toString` of its own, which is no function.
  const number = typeof status === "string" || typeof status === "number" ? Number(status) : Number.NaN;
  return {
    message,
    codes: texts,
    ...(Number.isInteger(number) && number >= 400 && number <= 599 ? { status: number } : {}),
  };
}
