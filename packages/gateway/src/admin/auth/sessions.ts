import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Whom an identity provider vouched for. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  /** A name or an e-mail address, for people. */
  readonly name: string;
  /** The values of the claim that decides the role. */
  readonly values: readonly string[];
}

/** A session of a person who logged in. */
export interface Session {
  readonly identity: Identity;
  readonly csrfToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** How long sessions last, in milliseconds. */
export interface SessionTimes {
  /** Without a request. */
  readonly idleMs: number;
  /** In all. */
  readonly totalMs: number;
}

/** The most sessions at the same time; beyond it the least recently used one ends. */
const MAX_SESSIONS = 10_000;

/** The most sessions of one person: the logins of one person do not end the sessions of another. */
const MAX_OWN_SESSIONS = 50;

interface Slot extends Session {
  usedAt: number;
}

/** The sessions of people, in memory: a restart ends them. Only hashes of their ids are stored. */
export class Sessions {
  /** In the order of use, the longest unused first. */
  private readonly slots = new Map<string, Slot>();

  /** Begins a session. @returns its id, for the cookie */
  begin(identity: Identity, { totalMs }: SessionTimes, now: number): string {
    const id = randomBytes(32).toString("base64url");
    const csrfToken = randomBytes(32).toString("base64url");
    this.makeRoom(identity);
    this.slots.set(hashOf(id), { identity, csrfToken, expiresAt: now + totalMs, usedAt: now });
    const [oldest] = this.slots.keys();
    if (this.slots.size > MAX_SESSIONS && oldest !== undefined) this.slots.delete(oldest);
    return id;
  }

  /** The session of an id, which counts as used; undefined where there is none any more. */
  find(id: string, { idleMs }: SessionTimes, now: number): Session | undefined {
    if (id.length > 100) return undefined;
    const key = hashOf(id);
    const slot = this.slots.get(key);
    if (slot === undefined) return undefined;
    this.slots.delete(key);
    if (now >= slot.expiresAt || now - slot.usedAt >= idleMs) return undefined;
    slot.usedAt = now;
    this.slots.set(key, slot);
    return slot;
  }

  /** Ends the least recently used session of a person who has too many. */
  private makeRoom(identity: Identity): void {
    let own = 0;
    let oldest: string | undefined;
    for (const [key, slot] of this.slots)
      if (isSame(slot.identity, identity)) {
        oldest ??= key;
        own++;
      }
    if (own >= MAX_OWN_SESSIONS && oldest !== undefined) this.slots.delete(oldest);
  }

  end(id: string): void {
    this.slots.delete(hashOf(id));
  }
}

function isSame(a: Identity, b: Identity): boolean {
  return a.issuer === b.issuer && a.subject === b.subject;
}

/** Compares two secrets in a time that does not depend on where they differ. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

function hashOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}
