import type { ErrorCode, ErrorScope } from "../../../core/values/error-code.js";
import type { ErrorFamily } from "./error-shapes.js";

/** What a vendor's code means. */
export interface Meaning {
  readonly code: ErrorCode;
  readonly scope?: ErrorScope;
}

/** Codes and types in words, compared in lower case. Vendors' lists of error codes are named beside them. */
const WORDS: readonly (readonly [Meaning, readonly string[]])[] = [
  [
    { code: "AUTH_FAILED" },
    [
      // OpenAI: https://platform.openai.com/docs/guides/error-codes . Groq, Together and Perplexity say the same.
      "invalid_api_key",
      "incorrect_api_key",
      "no_api_key",
      "authentication_error",
      "unauthorized",
      // Cerebras, Moonshot.
      "wrong_api_key",
      "invalid_authentication_error",
      // DashScope, Volcengine, Tencent, Baidu v2.
      "invalidapikey",
      "authenticationerror",
      "authfailure",
      "authfailure.*",
      "invalid_iam_token",
      // Google.
      "api_key_invalid",
      "unauthenticated",
    ],
  ],
  [
    { code: "PERMISSION_DENIED", scope: "region" },
    ["unsupported_country_region_territory", "region_not_supported"],
  ],
  // DashScope, Volcengine.
  [
    { code: "PERMISSION_DENIED", scope: "model" },
    ["model.accessdenied", "modelnotopen", "model_access_denied"],
  ],
  [
    { code: "PERMISSION_DENIED" },
    [
      "permission_denied",
      "permission_error",
      "permission_denied_error",
      "insufficient_permissions",
      "account_deactivated",
      "access_terminated",
      "access_denied",
      "accessdenied",
      "accessdenied.*",
      "unauthorizedoperation",
      "unauthorizedoperation.*",
      "failedoperation.servicenotactivated",
    ],
  ],
  [
    { code: "QUOTA_EXHAUSTED" },
    [
      "insufficient_quota",
      "insufficient_balance",
      "insufficient_credits",
      "insufficient_funds",
      "billing_hard_limit_reached",
      "billing_not_active",
      "payment_required",
      // Moonshot: https://platform.moonshot.ai/docs/api/errors
      "exceeded_current_quota_error",
      // DashScope: https://help.aliyun.com/zh/model-studio/error-code
      "arrearage",
      "allocationquota.freetieronly",
      // Volcengine: https://www.volcengine.com/docs/82379/1299023 ; there the quota is the free trial.
      "accountoverdueerror",
      "setlimitexceeded",
      "quotaexceeded",
      "account_overdue",
      // Tencent: https://cloud.tencent.com/document/product/1729/101848
      "resourceunavailable.inarrears",
      "resourceunavailable.lowbalance",
      "failedoperation.resourcepackexhausted",
      "failedoperation.freeresourcepackexhausted",
      "resourceinsufficient.*",
    ],
  ],
  [
    { code: "RATE_LIMIT" },
    [
      "rate_limit_exceeded",
      "rate_limit_error",
      "rate_limit",
      "rate_limit_reached_error",
      "too_many_requests",
      "too_many_requests_error",
      "requests",
      "tokens",
      // Azure, GitHub.
      "ratelimitreached",
      // Cerebras: a quota of a minute or a day.
      "request_quota_exceeded",
      "token_quota_exceeded",
      // DashScope.
      "limit_requests",
      "limit_burst_rate",
      "throttling",
      "throttling.*",
      // Volcengine, Tencent, Baidu v2, Databricks, Google.
      "ratelimitexceeded.*",
      "modelaccountrpmratelimitexceeded",
      "modelaccounttpmratelimitexceeded",
      "accountratelimitexceeded",
      "requestbursttoofast",
      "inflightbatchsizeexceeded",
      "requestlimitexceeded",
      "requestlimitexceeded.*",
      "limitexceeded",
      "limitexceeded.*",
      "rpm_rate_limit_exceeded",
      "tpm_rate_limit_exceeded",
      "request_limit_exceeded",
      "resource_exhausted",
    ],
  ],
  [
    { code: "CONTEXT_TOO_LONG" },
    [
      "context_length_exceeded",
      "context_window_exceeded",
      "string_above_max_length",
      "request_too_large",
      // llama.cpp.
      "exceed_context_size_error",
    ],
  ],
  [
    { code: "MODEL_NOT_FOUND" },
    [
      "model_not_found",
      "model_not_available",
      "model_decommissioned",
      "invalid_model",
      "not_found_error",
      "resource_not_found_error",
      // Azure, DashScope, Volcengine, Tencent, Databricks.
      "deploymentnotfound",
      "modelnotfound",
      "modeldeprecated",
      "invalidendpointormodel.*",
      "resourcenotfound",
      "resourcenotfound.*",
      "resource_does_not_exist",
      "endpoint_not_found",
    ],
  ],
  [
    { code: "CONTENT_FILTERED" },
    [
      "content_filter",
      "content_policy_violation",
      "responsibleaipolicyviolation",
      "moderation_blocked",
      // DashScope, Volcengine, Tencent.
      "datainspectionfailed",
      "data_inspection_failed",
      "sensitivecontentdetected",
      "sensitivecontentdetected.*",
      "inputtextsensitivecontentdetected",
      "outputtextsensitivecontentdetected",
      "inputimagesensitivecontentdetected",
      "operationdenied.textillegaldetected",
      "operationdenied.imageillegaldetected",
    ],
  ],
  [
    { code: "OVERLOADED" },
    [
      "engine_overloaded",
      "engine_overloaded_error",
      "overloaded",
      "overloaded_error",
      "server_overloaded",
      "serveroverloaded",
      "service_unavailable",
      "service_unavailable_error",
      "unavailable",
      "unavailable_error",
      "capacity_exceeded",
      "flex_capacity_exceeded",
      "service_tier_capacity_exceeded",
      "failedoperation.engineserverlimitexceeded",
    ],
  ],
  [
    { code: "UNSUPPORTED_FEATURE" },
    ["unsupported_parameter", "unsupported_value", "operationnotsupported", "unsupportedoperation.*"],
  ],
  [{ code: "INVALID_REQUEST" }, ["invalid_value"]],
  // Groq: the model's call or JSON did not fit its schema. Asking again often helps: https://console.groq.com/docs/errors
  [{ code: "INVALID_RESPONSE" }, ["tool_use_failed", "json_validate_failed", "invalid_response"]],
  [
    { code: "PROVIDER_ERROR" },
    [
      "server_error",
      "internal_error",
      "internal_server_error",
      "api_error",
      "upstream_error",
      "internalerror",
      "internalerror.*",
      "internalserviceerror",
      "failedoperation.engineservererror",
      "failedoperation.enginerequesttimeout",
    ],
  ],
  // What this library's own server half writes, besides the above.
  [{ code: "NETWORK_ERROR" }, ["network_error"]],
  [{ code: "STREAM_TRUNCATED" }, ["stream_truncated"]],
  [{ code: "TIMEOUT" }, ["timeout"]],
];

const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  WORDS.flatMap(([meaning, words]) => words.map((word) => [word, meaning] as const)),
);

/** Numbers, each vendor's own. */
const NUMBERS: Readonly<Record<Exclude<ErrorFamily, "words">, Readonly<Record<number, Meaning>>>> = {
  // https://docs.bigmodel.cn/cn/faq/api-code
  zhipu: table({
    AUTH_FAILED: [1000, 1001, 1002, 1003, 1004, 1111],
    PERMISSION_DENIED: [1110, 1112, 1120, 1121, 1220, 1311, 1313],
    QUOTA_EXHAUSTED: [1113, 1309],
    INVALID_REQUEST: [1210, 1213, 1214, 1215],
    MODEL_NOT_FOUND: [1211, 1221, 1222],
    UNSUPPORTED_FEATURE: [1212],
    PROVIDER_ERROR: [1200, 1230, 1231, 1234],
    CONTEXT_TOO_LONG: [1261],
    CONTENT_FILTERED: [1300, 1301],
    RATE_LIMIT: [1302, 1303, 1304, 1308, 1310],
    OVERLOADED: [1305, 1312],
  }),
  // https://platform.minimax.io/docs/api-reference/errorcode
  minimax: table({
    PROVIDER_ERROR: [1000, 1001, 1013, 1024, 1033],
    RATE_LIMIT: [1002, 1039, 1041, 2045, 2056],
    AUTH_FAILED: [1004, 2049],
    QUOTA_EXHAUSTED: [1008],
    CONTENT_FILTERED: [1026, 1027],
    INVALID_REQUEST: [1042, 2013],
  }),
  // https://cloud.baidu.com/doc/WENXINWORKSHOP/s/tlmyncueh
  baidu: table({
    PROVIDER_ERROR: [1, 336000],
    OVERLOADED: [2, 336100],
    MODEL_NOT_FOUND: [3],
    RATE_LIMIT: [4, 18, 336501, 336502, 336503, 336504, 336505],
    PERMISSION_DENIED: [6],
    AUTH_FAILED: [13, 14, 15, 100, 110, 111],
    QUOTA_EXHAUSTED: [17, 19],
    INVALID_REQUEST: [336001, 336002, 336003, 336004, 336005, 336006],
    CONTEXT_TOO_LONG: [336007, 336103, 336104],
  }),
  // https://www.xfyun.cn/doc/spark/HTTP%E8%B0%83%E7%94%A8%E6%96%87%E6%A1%A3.html
  iflytek: table({
    INVALID_REQUEST: [10003, 10004, 10005, 10163],
    RATE_LIMIT: [10006, 10007, 11201, 11202, 11203],
    OVERLOADED: [10008, 10010],
    PROVIDER_ERROR: [10012, 10110],
    CONTENT_FILTERED: [10013, 10014, 10019],
    CONTEXT_TOO_LONG: [10907],
    PERMISSION_DENIED: [11200],
    AUTH_FAILED: [10313, 10314],
  }),
};

function table(codes: Partial<Record<ErrorCode, readonly number[]>>): Record<number, Meaning> {
  const meanings: Record<number, Meaning> = {};
  for (const [code, numbers] of Object.entries(codes))
    for (const number of numbers) meanings[number] = { code: code as ErrorCode };
  return meanings;
}

/**
 * What a code or type means, by the vendor's own table or the shared words; undefined where neither knows it. An
 * entry that ends in `.*` stands for every code under it.
 */
export function meaningOf(code: string, family: ErrorFamily): Meaning | undefined {
  if (family !== "words") return NUMBERS[family][Number(code)];
  const word = code.toLowerCase();
  return MEANINGS.get(word) ?? MEANINGS.get(`${word.split(".", 1)[0]}.*`);
}
