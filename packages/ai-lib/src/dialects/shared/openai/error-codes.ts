import type { ErrorCode, ErrorScope } from "../../../core/values/error-code.js";

/** What a code or type means. */
export interface Meaning {
  readonly code: ErrorCode;
  readonly scope?: ErrorScope;
}

/**
 * Codes and types in words, compared in lower case. Words mean the same from every vendor, also behind a gateway; what
 * numbers mean is in the file of their vendor, as the quirk `errorCodes`.
 */
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
      // The limits of a plan, which tell when they are renewed: ChatGPT's backend for Codex.
      "usage_limit_reached",
      "usage_limit_exceeded",
      "rate_limits_exceeded",
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
      "too_many_prompt_tokens",
      "prompt_too_long",
      "input_too_long",
      "tokens_limit_reached",
      // GitHub Copilot.
      "model_max_prompt_tokens_exceeded",
      // LiteLLM.
      "contextwindowexceedederror",
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
  [{ code: "INVALID_REQUEST" }, ["invalid_value", "unknown_url"]],
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

/**
 * What a code or type in words means; undefined if it is not known. An entry that ends in `.*` covers every
 * code under it.
 */
export function meaningOf(code: string): Meaning | undefined {
  const word = code.toLowerCase();
  return MEANINGS.get(word) ?? MEANINGS.get(`${word.split(".", 1)[0]}.*`);
}
