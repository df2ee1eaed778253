import type { ErrorCode, ErrorScope } from "../../core/reaction.js";
import type { ErrorFamily } from "./error-shapes.js";

/** What a vendor's code means. */
export interface Meaning {
  readonly code: ErrorCode;
  readonly scope?: ErrorScope;
}

/**
 * Codes and types in words, from the vendors' lists of error codes. They are told apart by themselves, so one table
 * serves all. The first that fits decides.
 */
const WORDS: readonly (readonly [RegExp, ErrorCode, ErrorScope?])[] = [
  // OpenAI: https://platform.openai.com/docs/guides/error-codes ; Groq, Together and Perplexity use the same words.
  [
    /^(invalid_api_key|authentication_error|invalid_authentication(_error)?|no_api_key|incorrect_api_key)$/,
    "AUTH_FAILED",
  ],
  // DashScope, Volcengine, Tencent, Baidu v2.
  [
    /^(InvalidApiKey|AuthenticationError|AuthFailure(\..*)?|invalid_iam_token|invalid_token|token_expired|unauthorized(_error)?)$/i,
    "AUTH_FAILED",
  ],
  [
    /^(unsupported_country_region_territory|country_not_supported|region_not_supported)$/,
    "PERMISSION_DENIED",
    "region",
  ],
  [
    /^(Model\.AccessDenied|ModelNotOpen|model_access_denied|no_model_permission)$/i,
    "PERMISSION_DENIED",
    "model",
  ],
  [
    /^(permission_(error|denied)(_error)?|insufficient_permissions|access_denied|AccessDenied(\..*)?|UnauthorizedOperation(\..*)?|access_terminated|account_deactivated|FailedOperation\.ServiceNotActivated)$/i,
    "PERMISSION_DENIED",
  ],
  // Moonshot: exceeded_current_quota_error. DashScope: Arrearage. Volcengine: AccountOverdueError. Tencent: the last three.
  [
    /^(insufficient_(quota|balance|credits|funds)(_error)?|billing_(hard_limit_reached|not_active|error)|exceeded_current_quota_error|spend_limit_(reached|exceeded)|payment_required|Arrearage|account_?overdue(_?error)?|SetLimitExceeded|AllocationQuota\.FreeTierOnly|ResourceUnavailable\.(InArrears|LowBalance)|FailedOperation\.(ResourcePackExhausted|FreeResourcePackExhausted)|ResourceInsufficient\..*)$/i,
    "QUOTA_EXHAUSTED",
  ],
  [
    /^(rate_limit(_exceeded|_reached)?(_error)?|rate_limit_reached_error|RateLimitReached|too_many_requests|TooManyRequests|[rt]pm_rate_limit_exceeded|limit_(requests|burst_rate|tokens)|Throttling(\..*)?|RateLimitExceeded(\..*)?|ModelAccount[RT]pmRateLimitExceeded|AccountRateLimitExceeded|RequestBurstTooFast|InflightBatchsizeExceeded|QuotaExceeded|RequestLimitExceeded(\..*)?|LimitExceeded(\..*)?)$/i,
    "RATE_LIMIT",
  ],
  [
    /^(context_length_exceeded|exceed_context_size_error|string_above_max_length|context_window_exceeded|max_tokens_exceeded|request_too_large|prompt_too_long|tokens_too_long)$/i,
    "CONTEXT_TOO_LONG",
  ],
  [
    /^(model_not_found|model_not_available|model_decommissioned|model_deprecated|invalid_model|unknown_model|DeploymentNotFound|ModelNotFound|ModelDeprecated|not_found_error|resource_not_found_error|InvalidEndpointOrModel(\..*)?|ResourceNotFound(\..*)?)$/i,
    "MODEL_NOT_FOUND",
  ],
  [
    /^(content_filter|content_policy_violation|ResponsibleAIPolicyViolation|data_?inspection_?failed|InvalidParameter\.DataInspection|.*SensitiveContentDetected(\..*)?|.*RiskDetection|moderation_blocked|OperationDenied\.(TextIllegalDetected|ImageIllegalDetected)|prompt_blocked|unsafe_content)$/i,
    "CONTENT_FILTERED",
  ],
  [
    /^(engine_overloaded(_error)?|overloaded(_error)?|server_overloaded|ServerOverloaded|service_unavailable(_error)?|capacity_exceeded|service_tier_capacity_exceeded|flex_capacity_exceeded|FailedOperation\.EngineServerLimitExceeded)$/i,
    "OVERLOADED",
  ],
  [
    /^(unsupported_(parameter|value|feature|model|media_type)|OperationNotSupported|not_supported|UnsupportedOperation(\..*)?)$/i,
    "UNSUPPORTED_FEATURE",
  ],
  [/^(invalid_value|invalid_request_body)$/, "INVALID_REQUEST"],
  // What this library's own server half writes, besides the above.
  [/^network_error$/, "NETWORK_ERROR"],
  [/^stream_truncated$/, "STREAM_TRUNCATED"],
  [/^invalid_response$/, "INVALID_RESPONSE"],
  [/^timeout$/, "TIMEOUT"],
  // Groq: the model's call did not fit its schema. Asking again often helps: https://console.groq.com/docs/tool-use
  [/^(tool_use_failed|json_validate_failed)$/, "INVALID_RESPONSE"],
  [
    /^(server_error|internal_(server_)?error|InternalError(\..*)?|InternalServiceError|api_error|FailedOperation\.(EngineServerError|EngineRequestTimeout)|upstream_error|bad_gateway|gateway_timeout)$/i,
    "PROVIDER_ERROR",
  ],
];

/** Numbers, each vendor's own. */
const NUMBERS: Readonly<Record<Exclude<ErrorFamily, "words">, Readonly<Record<number, Meaning>>>> = {
  // https://docs.bigmodel.cn/cn/faq/api-code
  zhipu: table({
    AUTH_FAILED: [1000, 1001, 1002, 1003, 1004, 1111],
    PERMISSION_DENIED: [1110, 1112, 1120, 1121, 1220, 1313],
    QUOTA_EXHAUSTED: [1113, 1309],
    INVALID_REQUEST: [1210, 1213, 1214, 1215],
    MODEL_NOT_FOUND: [1211, 1221, 1222],
    UNSUPPORTED_FEATURE: [1212],
    PROVIDER_ERROR: [500, 1200, 1230, 1231, 1234],
    CONTEXT_TOO_LONG: [1261],
    CONTENT_FILTERED: [1300, 1301],
    RATE_LIMIT: [1302, 1303, 1304, 1308, 1310],
    OVERLOADED: [1305, 1312],
  }),
  // https://platform.minimaxi.com/document/error_code
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

/** What a code or type means, by the vendor's own table or the shared words; undefined where neither knows it. */
export function meaningOf(code: string, family: ErrorFamily): Meaning | undefined {
  if (family !== "words") return NUMBERS[family][Number(code)];
  const word = WORDS.find(([pattern]) => pattern.test(code));
  if (word === undefined) return undefined;
  const [, meaning, scope] = word;
  return scope === undefined ? { code: meaning } : { code: meaning, scope };
}
