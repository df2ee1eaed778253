import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { AiLibError } from "ai-lib";
import type { RequestHead } from "ai-lib/serve";
import type { Admission, Principal, Ticket } from "./admission.js";
import { keyOf } from "./client-key.js";

const ADMITTED: Ticket = { settle() {}, release() {} };

const ANYBODY: Principal = { id: "open" };

/** Makes a key: `aik_` and 32 random bytes. */
export function makeKey(): string {
  return `aik_${randomBytes(32).toString("base64url")}`;
}

/** Admits whoever has one of a few keys, without limits. Only hashes of the keys are held. */
export class StaticKeys implements Admission {
  private readonly hashes: readonly { readonly hash: Buffer; readonly principal: Principal }[];

  /** @param keys the keys by the ids of their principals */
  constructor(keys: Readonly<Record<string, string>>) {
    this.hashes = Object.entries(keys).map(([id, key]) => ({ hash: hashOf(key), principal: { id } }));
  }

  authenticate(head: RequestHead): Principal {
    const key = keyOf(head);
    if (key === undefined)
      throw new AiLibError({
        code: "AUTH_FAILED",
        message: "The gateway needs a key: send it as the API key of your client",
        local: true,
      });
    const hash = hashOf(key);
    // Every key is compared, so that the time tells nothing about which one matched.
    let found: Principal | undefined;
    for (const known of this.hashes) if (timingSafeEqual(known.hash, hash)) found = known.principal;
    if (found === undefined)
      throw new AiLibError({
        code: "AUTH_FAILED",
        message: "The gateway does not know this key",
        local: true,
      });
    return found;
  }

  admit(): Ticket {
    return ADMITTED;
  }
}

/** Admits everybody, for a gateway that only this machine reaches. */
export class OpenAdmission implements Admission {
  authenticate(): Principal {
    return ANYBODY;
  }

  admit(): Ticket {
    return ADMITTED;
  }
}

function hashOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
