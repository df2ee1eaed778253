import { randomBytes } from "node:crypto";
import type { Configuration } from "openid-client";
import { isLoopback } from "../../loopback.js";
import { AdminError } from "../errors.js";
import { hostOf, type OidcSettings } from "../settings.js";
import type { Identity } from "./sessions.js";

/** The time for a login at the identity provider, in milliseconds. */
export const LOGIN_MS = 10 * 60_000;

/** The most logins at the same time; beyond it the oldest is dropped. */
const MAX_LOGINS = 1_000;

/** Seconds that a request to the identity provider may take. */
const TIMEOUT_SECONDS = 10;

/** Values of the claim that count. */
const MAX_VALUES = 1_000;

type Library = typeof import("openid-client");

interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
  readonly redirectUri: string;
  readonly at: number;
}

/**
 * Login of people at an OpenID provider: authorization code with PKCE, state and nonce, each for one login and bound to
 * the browser by a cookie. The provider is discovered at the first login.
 */
export class OidcLogin {
  private readonly pending = new Map<string, Pending>();
  private discovered: Promise<{ library: Library; configuration: Configuration }> | undefined;

  constructor(private readonly settings: OidcSettings) {}

  /**
   * Begins a login.
   * @param redirectUri where the provider sends the browser back to
   * @returns the provider's page, and the id of the login for a cookie
   * @throws {AdminError} `identity_provider_failed`
   */
  async begin(redirectUri: string, returnTo: string, now: number): Promise<{ url: URL; id: string }> {
    const { library, configuration } = await this.discover();
    const verifier = library.randomPKCECodeVerifier();
    const pending: Pending = {
      ...{ verifier, returnTo, redirectUri, at: now },
      state: library.randomState(),
      nonce: library.randomNonce(),
    };
    const url = library.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.settings.scopes.join(" "),
      code_challenge: await library.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state: pending.state,
      nonce: pending.nonce,
    });
    const id = randomBytes(32).toString("base64url");
    this.forget(now);
    this.pending.set(id, pending);
    return { url, id };
  }

  /**
   * Ends a login with the answer of the provider.
   * @param id of the cookie
   * @throws {AdminError} `unauthenticated` for an answer that belongs to no login of this browser or that the provider
   *   did not confirm
   */
  async finish(
    id: string | undefined,
    answer: URLSearchParams,
    now: number,
  ): Promise<{ identity: Identity; returnTo: string }> {
    this.forget(now);
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (id === undefined || pending === undefined)
      throw new AdminError(
        "unauthenticated",
        "The login has expired, or began in another browser: begin again",
      );
    this.pending.delete(id);
    const { library, configuration } = await this.discover();
    const url = new URL(pending.redirectUri);
    url.search = answer.toString();
    try {
      const tokens = await library.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: pending.verifier,
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        idTokenExpected: true,
      });
      const own = tokens.claims();
      if (own === undefined)
        throw new AdminError("unauthenticated", "The identity provider sent no ID token");
      const claims =
        own[this.settings.claim] === undefined &&
        configuration.serverMetadata().userinfo_endpoint !== undefined
          ? { ...(await library.fetchUserInfo(configuration, tokens.access_token, own.sub)), ...own }
          : own;
      return { identity: this.identityOf(claims), returnTo: pending.returnTo };
    } catch (error) {
      if (error instanceof AdminError) throw error;
      // The library's error may quote the provider's answer.
      throw new AdminError("unauthenticated", "The identity provider did not confirm the login");
    }
  }

  private identityOf(claims: Readonly<Record<string, unknown>>): Identity {
    const { claim, issuer } = this.settings;
    const subject = String(claims["sub"]);
    const names = [claims["email"], claims["preferred_username"], claims["name"]];
    const name = names.find((value) => typeof value === "string" && value !== "") ?? subject;
    const given = claims[claim];
    const all = (Array.isArray(given) ? given : [given]).filter((value) => typeof value === "string");
    // Anyone may claim an address that the provider has not verified.
    const values = claim === "email" && claims["email_verified"] !== true ? [] : all.slice(0, MAX_VALUES);
    return { issuer: issuer.href, subject, name: String(name).slice(0, 200), values };
  }

  private discover(): Promise<{ library: Library; configuration: Configuration }> {
    this.discovered ??= this.connect().catch((error: unknown) => {
      this.discovered = undefined;
      throw error;
    });
    return this.discovered;
  }

  private async connect(): Promise<{ library: Library; configuration: Configuration }> {
    const { issuer, clientId, clientSecret } = this.settings;
    const library = await import("openid-client");
    try {
      const configuration = await library.discovery(
        issuer,
        clientId,
        clientSecret,
        clientSecret === undefined ? library.None() : undefined,
        {
          timeout: TIMEOUT_SECONDS,
          ...(isLoopback(hostOf(issuer)) && { execute: [library.allowInsecureRequests] }),
        },
      );
      return { library, configuration };
    } catch {
      throw new AdminError(
        "identity_provider_failed",
        `The identity provider ${issuer.host} cannot be reached`,
      );
    }
  }

  private forget(now: number): void {
    for (const [id, { at }] of this.pending) {
      if (now - at < LOGIN_MS && this.pending.size < MAX_LOGINS) return;
      this.pending.delete(id);
    }
  }
}
