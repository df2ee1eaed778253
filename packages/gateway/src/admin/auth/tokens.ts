import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { AdminPrincipal } from "./principal.js";
import type { Role } from "./roles.js";

/** One token of the configuration. */
export interface AdminToken {
  readonly name: string;
  readonly secret: string;
  readonly role: Role;
}

/** Characters that a token has at least. */
export const MIN_TOKEN_LENGTH = 24;

/** Characters that a token has at most; a longer one is not hashed. */
const MAX_TOKEN_LENGTH = 1_024;

/** Makes a token: `ait_` and 32 random bytes. */
export function makeAdminToken(): string {
  return `ait_${randomBytes(32).toString("base64url")}`;
}

/** Recognizes the tokens of a configuration. Only hashes are stored. */
export class AdminTokens {
  private readonly known: readonly { readonly hash: Buffer; readonly principal: AdminPrincipal }[];

  constructor(tokens: readonly AdminToken[]) {
    this.known = tokens.map(({ name, secret, role }) => ({
      hash: hashOf(secret),
      principal: { id: `token:${name}`, name, role },
    }));
  }

  /** The principal of an `authorization` header; undefined for an unknown token. */
  find(authorization: string): AdminPrincipal | undefined {
    if (!/^bearer /i.test(authorization)) return undefined;
    const given = authorization.slice("bearer ".length).trim();
    if (given === "" || given.length > MAX_TOKEN_LENGTH) return undefined;
    const hash = hashOf(given);
    // Every token is compared, so that the time does not reveal which one matched.
    let found: AdminPrincipal | undefined;
    for (const known of this.known) if (timingSafeEqual(known.hash, hash)) found = known.principal;
    return found;
  }
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
