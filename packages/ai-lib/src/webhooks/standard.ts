import { configError } from "../core/errors/error.js";
import { asObject, asString, type JsonObject } from "../core/values/json.js";
import { base64Bytes } from "./base64-bytes.js";
import type { WebhookDelivery, WebhookEvent, WebhookSource, WebhookTime } from "./event.js";
import { freshTime, notSigned, payloadOf, requiredHeader, type VerifyingKey } from "./signed.js";

/** The secret of a webhook, or several while one replaces another. */
export interface WebhookSecret {
  /** As the vendor shows it: `whsec_...`. */
  readonly secret: string | readonly string[];
}

/** What a payload is about. */
export type ReadPayload = (payload: JsonObject) => { readonly type: string; readonly subject: string };

/** Secrets are base64 behind this. */
const PREFIX = "whsec_";

/**
 * A vendor that signs by https://www.standardwebhooks.com: HMAC-SHA256 over `id.timestamp.body`.
 * @param read finds the event in the payload
 * @throws {AiLibError} `CONFIG_ERROR` for a secret that is empty or no base64.
 */
export function standardWebhooks(
  vendor: string,
  { secret }: WebhookSecret,
  read: ReadPayload,
): WebhookSource {
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (secrets.length === 0) throw configError(`The webhook of ${vendor} needs a secret`);
  const keys = secrets.map((one) => importKey(secretBytes(one, vendor)));
  return {
    vendor,
    async verify(delivery: WebhookDelivery, time: WebhookTime): Promise<WebhookEvent> {
      const id = requiredHeader(delivery, "webhook-id", vendor);
      const timestamp = requiredHeader(delivery, "webhook-timestamp", vendor);
      const signatures = requiredHeader(delivery, "webhook-signature", vendor);
      const at = freshTime(timestamp, time, vendor);
      const signed = signedBytes(`${id}.${timestamp}.`, delivery.body);
      if (!(await isSigned(await Promise.all(keys), signatures, signed)))
        throw notSigned(vendor, "no signature is right");
      const payload = payloadOf(delivery, vendor);
      return { vendor, id, at, payload, ...read(payload) };
    },
  };
}

/** The payload of an event that has its own type, and its subject in `data`: OpenAI's form. */
export function eventOfData(payload: JsonObject): { type: string; subject: string } {
  const data = asObject(payload["data"]);
  return { type: asString(payload["type"]) ?? "", subject: asString(data?.["id"]) ?? "" };
}

function secretBytes(secret: string, vendor: string): Uint8Array<ArrayBuffer> {
  const bytes = secret.startsWith(PREFIX)
    ? base64Bytes(secret.slice(PREFIX.length))
    : new TextEncoder().encode(secret);
  if (bytes === undefined || bytes.length === 0)
    throw configError(`The secret of the webhook of ${vendor} is malformed: pass it as the vendor shows it`);
  return bytes;
}

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<VerifyingKey> {
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

function signedBytes(head: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = new TextEncoder().encode(head);
  const bytes = new Uint8Array(prefix.length + body.length);
  bytes.set(prefix);
  bytes.set(body, prefix.length);
  return bytes;
}

/** Whether one of the signatures, apart by spaces, is right for one of the keys. Each check takes constant time. */
async function isSigned(
  keys: readonly VerifyingKey[],
  signatures: string,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  for (const part of signatures.split(" ")) {
    if (!part.startsWith("v1,")) continue;
    const signature = base64Bytes(part.slice("v1,".length));
    if (signature === undefined) continue;
    for (const key of keys) if (await crypto.subtle.verify("HMAC", key, signature, signed)) return true;
  }
  return false;
}
