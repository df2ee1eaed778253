import type { Configuration } from "openid-client";
import { isLoopback } from "../../loopback.js";
import { AdminError } from "../errors.js";
import { hostOf, type OidcSettings } from "../settings.js";
import type { LoginTickets } from "./login-tickets.js";
import type { Identity } from "./sessions.js";

/** Seconds that a request to the identity provider may take. */
const TIMEOUT_SECONDS = 10;

/** Values of the claim that count. */
const MAX_VALUES = 1_000;

type Library = typeof import("openid-client");

/**
 * Login of people at an OpenID provider: authorization code with PKCE, state and nonce, each for one login and bound to
 * the browser by a cookie. The provider is discovered at the first login.
 */
export class OidcLogin {
  private discovered: Promise<{ library: Library; configuration: Configuration }> | undefined;

  constructor(
    private readonly settings: OidcSettings,
    private readonly tickets: LoginTickets,
  ) {}

  /**
   * Begins a login.
   * @param redirectUri where the provider sends the browser back to
   * @returns the provider's page, and the value of the cookie that binds the login to its browser
   * @throws {AdminError} `identity_provider_failed`
   */
  async begin(redirectUri: string, returnTo: string, now: number): Promise<{ url: URL; cookie: string }> {
    const { library, configuration } = await this.discover();
    const verifier = library.randomPKCECodeVerifier();
    const state = library.randomState();
    const nonce = library.randomNonce();
    const url = library.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.settings.scopes.join(" "),
      code_challenge: await library.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...{ state, nonce },
    });
    const ticket = { ...this.place, redirectUri, state, nonce, verifier, returnTo };
    return { url, cookie: this.tickets.issue(ticket, now) };
  }

  /**
   * Ends a login with the answer of the provider.
   * @param cookie the value of the cookie
   * @throws {AdminError} `unauthenticated` for an answer that belongs to no login of this browser or that the provider
   *   did not confirm; `identity_provider_failed` where the provider cannot be asked
   */
  async finish(
    cookie: string | undefined,
    answer: URLSearchParams,
    now: number,
  ): Promise<{ identity: Identity; returnTo: string }> {
    const ticket = cookie === undefined ? undefined : this.tickets.take(cookie, now);
    const { issuer, clientId } = this.place;
    if (ticket === undefined || ticket.issuer !== issuer || ticket.clientId !== clientId)
      throw new AdminError(
        "unauthenticated",
        "The login has expired, has ended, or began in another browser: begin again",
      );
    const { library, configuration } = await this.discover();
    const url = new URL(ticket.redirectUri);
    url.search = answer.toString();
    try {
      const tokens = await library.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: ticket.verifier,
        expectedState: ticket.state,
        expectedNonce: ticket.nonce,
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
      return { identity: this.identityOf(claims), returnTo: ticket.returnTo };
    } catch (error) {
      if (error instanceof AdminError) throw error;
      if (isAbsent(error)) throw this.failed(error);
      // The library's error may quote the provider's answer.
      throw new AdminError("unauthenticated", "The identity provider did not confirm the login: begin again");
    }
  }

  /** Where a login belongs: a reload may name another provider. */
  private get place() {
    return { issuer: this.settings.issuer.href, clientId: this.settings.clientId };
  }

  private failed(error: unknown): AdminError {
    return new AdminError(
      "identity_provider_failed",
      `The identity provider ${this.settings.issuer.host} does not answer as it should: ${codeOf(error)}`,
    );
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
          execute: [
            // ID tokens need a signature of the provider, also where TLS vouches for it (OpenID Connect Core, 3.1.3.7).
            library.enableNonRepudiationChecks,
            ...(isLoopback(hostOf(issuer)) ? [library.allowInsecureRequests] : []),
          ],
        },
      );
      return { library, configuration };
    } catch (error) {
      throw this.failed(error);
    }
  }
}

/** Whether a provider did not answer, or failed: the login itself may be right. */
function isAbsent(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  if (code === "OAUTH_TIMEOUT" || code === "OAUTH_ABORT") return true;
  // What `fetch` throws where there is no connection.
  if (error instanceof TypeError && error.message === "fetch failed") return true;
  return cause instanceof Response && cause.status >= 500;
}

/** The code of an error of the library or of the network, for people. Messages may quote answers. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  const found = [cause?.code, code].find((each) => typeof each === "string" && /^\w{1,60}$/.test(each));
  return typeof found === "string" ? found : "it cannot be reached";
}
