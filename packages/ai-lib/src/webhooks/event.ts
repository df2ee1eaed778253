import type { JsonObject } from "../core/values/json.js";

/** A request of a vendor to your webhook, before anything in it is believed. */
export interface WebhookDelivery {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The original body: its signature covers these bytes. */
  readonly body: Uint8Array;
}

/** What a vendor says in a delivery whose signature is right. */
export interface WebhookEvent {
  /** The vendor, such as `openai`. */
  readonly vendor: string;
  /** The same for every repeat of the delivery. */
  readonly id: string;
  /** What happened, in the vendor's word: `response.completed`, `succeeded`, `OK`. */
  readonly type: string;
  /** The id of the job, response or batch that it is about. Empty where the payload names none. */
  readonly subject: string;
  /** Epoch milliseconds at which the vendor signed it. */
  readonly at: number;
  readonly payload: JsonObject;
}

/** What a source needs besides a delivery. */
export interface WebhookTime {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How far the time of a signature may be from now, in milliseconds. */
  readonly toleranceMs: number;
}

/** Where deliveries come from: one vendor, and the rule by which it signs them. */
export interface WebhookSource {
  readonly vendor: string;
  /**
   * Checks a delivery and reads it.
   * @throws {AiLibError} `AUTH_FAILED` where the signature is missing, wrong or too old; `INVALID_REQUEST` for a signed
   *   body that is no JSON object.
   */
  verify(delivery: WebhookDelivery, time: WebhookTime): Promise<WebhookEvent>;
}
