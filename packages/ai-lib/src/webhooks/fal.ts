import { contextOf } from "../core/contract/call.js";
import type { Transport } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import { parseBody } from "../core/errors/parse-body.js";
import { asArray, asString, isObject } from "../core/values/json.js";
import { requestOnce } from "../providers/endpoint/request-once.js";
import { defaultTransport } from "../providers/endpoint/transport.js";
import { hexBytes } from "./base64-bytes.js";
import type { WebhookDelivery, WebhookSource, WebhookTime } from "./event.js";
import { freshTime, notSigned, payloadOf, requiredHeader, type VerifyingKey } from "./signed.js";

/** The address of fal's public keys. */
const KEYS_URL = "https://rest.fal.ai/.well-known/jwks.json";

/** fal allows a day. */
const KEYS_LAST_MS = 12 * 3_600_000;

/** Keys are fetched again for an unknown signature, and not more often: anybody can send one. */
const LEAST_BETWEEN_MS = 300_000;

/** Keys that are tried. */
const MAX_KEYS = 20;

const FETCH_MS = 10_000;

/** Options of {@link falWebhooks}. */
export interface FalWebhookOptions {
  /** Address of the public keys. Default: fal's own. */
  readonly keysUrl?: string | undefined;
  /** Fetches the keys. Default: that of providers. */
  readonly transport?: Transport | undefined;
}

/**
 * Webhooks of fal, signed with ED25519. There is no secret: the public keys are fetched and cached.
 * https://fal.ai/docs/documentation/model-apis/inference/webhooks
 */
export function falWebhooks({ keysUrl = KEYS_URL, transport }: FalWebhookOptions = {}): WebhookSource {
  const keys = new PublicKeys(keysUrl, transport);
  return {
    vendor: "fal",
    async verify(delivery: WebhookDelivery, time: WebhookTime) {
      const [id, user, timestamp, signature] = ["request-id", "user-id", "timestamp", "signature"].map(
        (name) => requiredHeader(delivery, `x-fal-webhook-${name}`, "fal"),
      ) as [string, string, string, string];
      const at = freshTime(timestamp, time, "fal");
      const bytes = hexBytes(signature);
      const digest = await crypto.subtle.digest("SHA-256", delivery.body as Uint8Array<ArrayBuffer>);
      const message = new TextEncoder().encode([id, user, timestamp, hexOf(digest)].join("\n"));
      if (bytes === undefined || !(await keys.verify(bytes, message, time.now)))
        throw notSigned("fal", "no signature is right");
      const payload = payloadOf(delivery, "fal");
      const subject = asString(payload["request_id"]) ?? id;
      return { vendor: "fal", id, type: asString(payload["status"]) ?? "", subject, at, payload };
    },
  };
}

/** The public keys of a vendor, fetched at first use. */
class PublicKeys {
  private fetching: Promise<readonly VerifyingKey[]> | undefined;
  private fetchedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly url: string,
    private readonly transport: Transport | undefined,
  ) {}

  async verify(
    signature: Uint8Array<ArrayBuffer>,
    message: Uint8Array<ArrayBuffer>,
    now: number,
  ): Promise<boolean> {
    if (await isSigned(await this.keys(now, KEYS_LAST_MS), signature, message)) return true;
    if (now - this.fetchedAt < LEAST_BETWEEN_MS) return false;
    // fal may have begun to sign with another key.
    return isSigned(await this.keys(now, LEAST_BETWEEN_MS), signature, message);
  }

  private keys(now: number, lastMs: number): Promise<readonly VerifyingKey[]> {
    if (this.fetching !== undefined && now - this.fetchedAt < lastMs) return this.fetching;
    this.fetchedAt = now;
    const fetching = this.fetch();
    this.fetching = fetching;
    fetching.catch(() => {
      if (this.fetching === fetching) this.fetching = undefined;
    });
    return fetching;
  }

  private async fetch(): Promise<readonly VerifyingKey[]> {
    const transport = this.transport ?? (await defaultTransport());
    const context = contextOf({ timeouts: { totalMs: FETCH_MS } });
    const reply = await requestOnce(transport, { url: this.url, method: "GET", headers: {} }, context);
    if (reply.status !== 200)
      throw new AiLibError({
        code: "NETWORK_ERROR",
        message: `The public keys of the webhook could not be fetched: status ${reply.status}`,
      });
    const list = asArray(parseBody(reply.body)["keys"]).slice(0, MAX_KEYS);
    const keys = await Promise.all(list.map((key) => importKey(key)));
    return keys.filter((key) => key !== undefined);
  }
}

/** A key; undefined for one of another kind. */
async function importKey(key: unknown): Promise<VerifyingKey | undefined> {
  const x = isObject(key) ? asString(key["x"]) : undefined;
  if (x === undefined) return undefined;
  try {
    return await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x }, "Ed25519", false, [
      "verify",
    ]);
  } catch {
    return undefined;
  }
}

async function isSigned(
  keys: readonly VerifyingKey[],
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  for (const key of keys) if (await crypto.subtle.verify("Ed25519", key, signature, message)) return true;
  return false;
}

function hexOf(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
