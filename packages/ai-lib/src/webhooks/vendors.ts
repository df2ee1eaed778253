import { asObject, asString } from "../core/values/json.js";
import type { WebhookSource } from "./event.js";
import { eventOfData, standardWebhooks, type WebhookSecret } from "./standard.js";

/**
 * Webhooks of OpenAI: responses in the background and batches, among others. The secret is that of the webhook in the
 * settings of the project. https://platform.openai.com/docs/guides/webhooks
 * @throws {AiLibError} `CONFIG_ERROR` for a secret that is malformed.
 */
export function openaiWebhooks(options: WebhookSecret): WebhookSource {
  return standardWebhooks("openai", options, eventOfData);
}

/**
 * Webhooks of Anthropic. The key is that of the webhook in the console.
 * https://platform.claude.com/docs/en/api/beta/webhooks
 * @throws {AiLibError} `CONFIG_ERROR` for a secret that is malformed.
 */
export function anthropicWebhooks(options: WebhookSecret): WebhookSource {
  return standardWebhooks("anthropic", options, (payload) => {
    const data = asObject(payload["data"]);
    return { type: asString(data?.["type"]) ?? "", subject: asString(data?.["id"]) ?? "" };
  });
}

/**
 * Webhooks of Replicate, whose payload is the prediction. `GET /v1/webhooks/default/secret` gives the secret.
 * https://replicate.com/docs/topics/webhooks/verify-webhook
 * @throws {AiLibError} `CONFIG_ERROR` for a secret that is malformed.
 */
export function replicateWebhooks(options: WebhookSecret): WebhookSource {
  return standardWebhooks("replicate", options, (payload) => ({
    type: asString(payload["status"]) ?? "",
    subject: asString(payload["id"]) ?? "",
  }));
}
