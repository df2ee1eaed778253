export type { WebhookDelivery, WebhookEvent, WebhookSource, WebhookTime } from "./event.js";
export { type FalWebhookOptions, falWebhooks } from "./fal.js";
export { serveWebhooks } from "./node.js";
export { type WebhookOptions, WebhookReceiver } from "./receiver.js";
export { type ReadPayload, standardWebhooks, type WebhookSecret } from "./standard.js";
export { anthropicWebhooks, openaiWebhooks, replicateWebhooks } from "./vendors.js";
export { serveWebhooksWeb } from "./web.js";
