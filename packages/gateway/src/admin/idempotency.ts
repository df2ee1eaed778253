import { createHash } from "node:crypto";
import { AdminError } from "./errors.js";

/** An answer that a repetition gets again. */
export interface StoredReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: unknown;
}

/** How long answers are stored, in milliseconds. */
const KEEP_MS = 24 * 3_600_000;

/** Answers at a time; beyond it the oldest is dropped. */
const MAX_STORED = 10_000;

/** Characters of all stored answers; beyond it the oldest are dropped. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

interface Slot {
  readonly fingerprint: string;
  readonly at: number;
  reply: StoredReply | undefined;
  characters: number;
}

/**
 * Runs a change with an `Idempotency-Key` once: a repetition within a day gets the answer of the first request. Only
 * successes are stored, so a refused request can be repeated. Answers are in memory until a restart.
 */
export class Idempotency {
  private readonly slots = new Map<string, Slot>();
  private characters = 0;

  /**
   * Runs a change, or returns the answer of its first request.
   * @param key that of the client, which belongs to one principal
   * @param request what must be equal in a repetition
   * @throws {AdminError} `idempotency_mismatch`, `idempotency_in_progress`, `invalid_request`
   */
  async run(
    { principal, key, request, now }: { principal: string; key: string; request: string; now: number },
    change: () => Promise<{ readonly first: StoredReply; readonly repeated: StoredReply }>,
  ): Promise<{ readonly reply: StoredReply; readonly repeated: boolean }> {
    if (!/^[\x20-\x7e]{1,200}$/.test(key))
      throw new AdminError("invalid_request", "Idempotency-Key has 1 to 200 printable characters of ASCII", {
        details: [{ path: "header.idempotency-key", message: "1 to 200 printable characters of ASCII" }],
      });
    const id = JSON.stringify([principal, key]);
    const fingerprint = createHash("sha256").update(request).digest("base64url");
    this.forget(now);
    const known = this.slots.get(id);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint)
        throw new AdminError("idempotency_mismatch", "This Idempotency-Key was used for another request");
      if (known.reply === undefined)
        throw new AdminError(
          "idempotency_in_progress",
          "The first request with this Idempotency-Key is not done",
        );
      return { reply: known.reply, repeated: true };
    }
    const slot: Slot = { fingerprint, at: now, reply: undefined, characters: 0 };
    this.slots.set(id, slot);
    try {
      const { first, repeated } = await change();
      slot.reply = repeated;
      slot.characters = JSON.stringify(repeated).length;
      this.characters += slot.characters;
      return { reply: first, repeated: false };
    } catch (error) {
      this.slots.delete(id);
      throw error;
    }
  }

  private forget(now: number): void {
    for (const [id, { at, reply, characters }] of this.slots) {
      if (now - at < KEEP_MS && this.slots.size < MAX_STORED && this.characters < MAX_CHARACTERS) return;
      if (reply === undefined) continue;
      this.slots.delete(id);
      this.characters -= characters;
    }
  }
}
