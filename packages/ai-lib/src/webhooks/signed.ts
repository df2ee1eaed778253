import { AiLibError } from "../core/errors/error.js";
import { isObject, type JsonObject, tryParse } from "../core/values/json.js";
import type { WebhookDelivery, WebhookTime } from "./event.js";

/** A key that verifies. The platform's own name for it is not known everywhere. */
export type VerifyingKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** The longest signature header that is read: some dozen signatures. */
const MAX_HEADER = 4096;

/** The error of a delivery whose signature is not the vendor's. It never contains the expected signature. */
export function notSigned(vendor: string, why: string): AiLibError {
  return new AiLibError({
    code: "AUTH_FAILED",
    message: `The webhook is not proved to come from ${vendor}: ${why}`,
    local: true,
  });
}

/** @throws {AiLibError} `AUTH_FAILED` for a header that is missing or too long. */
export function requiredHeader({ headers }: WebhookDelivery, name: string, vendor: string): string {
  const value = headers[name];
  if (value === undefined || value === "") throw notSigned(vendor, `the header ${name} is missing`);
  if (value.length > MAX_HEADER) throw notSigned(vendor, `the header ${name} is too long`);
  return value;
}

/**
 * Epoch milliseconds of a header in seconds.
 * @throws {AiLibError} `AUTH_FAILED` for no number, and for a time that is too far from now: a delivery that was recorded
 *   cannot be sent again.
 */
export function freshTime(seconds: string, { now, toleranceMs }: WebhookTime, vendor: string): number {
  const at = /^\d{1,12}$/.test(seconds) ? Number(seconds) * 1000 : Number.NaN;
  if (!(Math.abs(now - at) <= toleranceMs)) throw notSigned(vendor, "its time is too far from now");
  return at;
}

/** The payload of a delivery whose signature is right. @throws {AiLibError} `INVALID_REQUEST` for no JSON object. */
export function payloadOf({ body }: WebhookDelivery, vendor: string): JsonObject {
  const payload = tryParse(new TextDecoder().decode(body));
  if (isObject(payload)) return payload;
  throw new AiLibError({
    code: "INVALID_REQUEST",
    message: `The webhook of ${vendor} holds no JSON object`,
    local: true,
  });
}
