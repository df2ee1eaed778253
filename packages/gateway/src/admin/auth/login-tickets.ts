import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { z } from "zod";

/** The time for a login at the identity provider, in milliseconds. */
export const LOGIN_MS = 10 * 60_000;

/** The most tickets that are known as used. */
const MAX_USED = 10_000;

const IV_BYTES = 12;
const TAG_BYTES = 16;

const Ticket = z.strictObject({
  /** Different for each login. */
  id: z.string(),
  /** Epoch milliseconds. */
  expiresAt: z.number(),
  issuer: z.string(),
  clientId: z.string(),
  redirectUri: z.string(),
  state: z.string(),
  nonce: z.string(),
  /** The code verifier of PKCE. */
  verifier: z.string(),
  returnTo: z.string(),
});

/** A login that began and has not ended. */
export type LoginTicket = Readonly<z.output<typeof Ticket>>;

/**
 * Logins that began, each sealed in a cookie of its browser: the gateway stores none, so that no number of them pushes
 * another out. The key is of this process. A ticket is valid once.
 */
export class LoginTickets {
  private readonly key = randomBytes(32);
  /** When used tickets expire, by their ids; the oldest first. */
  private readonly used = new Map<string, number>();

  /** Seals a ticket as the value of a cookie: about a thousand characters, besides the path to return to. */
  issue(ticket: Omit<LoginTicket, "id" | "expiresAt">, now: number): string {
    const whole: LoginTicket = {
      ...ticket,
      id: randomBytes(16).toString("base64url"),
      expiresAt: now + LOGIN_MS,
    };
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.key, iv);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(whole)), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  /** The ticket of a cookie, which is used then; undefined for one that is forged, used or expired. */
  take(cookie: string, now: number): LoginTicket | undefined {
    const ticket = this.open(cookie);
    if (ticket === undefined || ticket.expiresAt <= now || this.used.has(ticket.id)) return undefined;
    this.used.set(ticket.id, ticket.expiresAt);
    for (const [id, expiresAt] of this.used) {
      if (expiresAt > now && this.used.size <= MAX_USED) break;
      this.used.delete(id);
    }
    return ticket;
  }

  private open(cookie: string): LoginTicket | undefined {
    const bytes = Buffer.from(cookie, "base64url");
    if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.key, bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      return Ticket.parse(JSON.parse(text.toString()));
    } catch {
      return undefined;
    }
  }
}
