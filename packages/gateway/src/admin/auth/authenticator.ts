import type { IncomingHttpHeaders } from "node:http";
import { cookieName, readCookie } from "../cookies.js";
import { AdminError } from "../errors.js";
import { type AdminSettings, isSecure } from "../settings.js";
import { OidcLogin } from "./login.js";
import { LoginTickets } from "./login-tickets.js";
import type { AdminPrincipal } from "./principal.js";
import { highest, type Role } from "./roles.js";
import { equalSecrets, type Identity, Sessions } from "./sessions.js";
import { AdminTokens } from "./tokens.js";

/** The cookie of a session, without the prefix that it has behind HTTPS. */
export const SESSION_COOKIE = "ai_lib_session";

/** Authenticates callers by a token, or by the session of a person. */
export class Authenticator {
  private readonly tokens: AdminTokens;
  readonly login: OidcLogin | undefined;
  readonly secure: boolean;

  /**
   * @param sessions those that continue after a reload of the configuration
   * @param tickets those of logins that do
   */
  constructor(
    private readonly settings: AdminSettings,
    readonly sessions: Sessions = new Sessions(),
    readonly tickets: LoginTickets = new LoginTickets(),
  ) {
    this.tokens = new AdminTokens(settings.tokens);
    this.login = settings.oidc === undefined ? undefined : new OidcLogin(settings.oidc, tickets);
    this.secure = isSecure(settings);
  }

  /** The authenticated caller; undefined if there is none. If the token is wrong, the cookie is not tried. */
  identify({ authorization, cookie }: IncomingHttpHeaders, now: number): AdminPrincipal | undefined {
    if (authorization !== undefined) return this.tokens.find(authorization);
    const id = this.sessionId(cookie);
    const session = id === undefined ? undefined : this.sessions.find(id, this.settings.sessions, now);
    if (session === undefined) return undefined;
    const { identity, csrfToken, expiresAt } = session;
    // The role is that of the present configuration, so that a reload can take it away.
    const role = this.roleOf(identity);
    if (role === undefined) return undefined;
    return { ...describe(identity), role, session: { csrfToken, expiresAt } };
  }

  /** The id of the session of a `cookie` header. */
  sessionId(cookie: string | undefined): string | undefined {
    return readCookie(cookie, cookieName(SESSION_COOKIE, this.secure));
  }

  /**
   * Begins the session of a person; `maxAge` is that of its cookie, in seconds.
   * @throws {AdminError} `forbidden` for a person without a role.
   */
  begin(
    identity: Identity,
    now: number,
  ): { readonly id: string; readonly principal: AdminPrincipal; readonly maxAge: number } {
    const role = this.roleOf(identity);
    const { id: actor, name } = describe(identity);
    if (role === undefined)
      throw new AdminError("forbidden", `${name} has no role here`, { actor: { id: actor, name } });
    const id = this.sessions.begin(identity, this.settings.sessions, now);
    const maxAge = Math.floor(this.settings.sessions.totalMs / 1_000);
    return { id, principal: { id: actor, name, role }, maxAge };
  }

  /**
   * Checks that a change of a session comes from a page of this server.
   * @param origin the origin of this server, as browsers see it
   * @throws {AdminError} `csrf_failed`
   */
  checkCsrf(principal: AdminPrincipal, headers: IncomingHttpHeaders, origin: string): void {
    if (principal.session === undefined) return;
    const site = headers["sec-fetch-site"];
    const given = headers["x-csrf-token"];
    if (
      (headers.origin !== undefined && headers.origin !== origin) ||
      (site !== undefined && site !== "same-origin" && site !== "none")
    )
      throw new AdminError("csrf_failed", "The request comes from another site");
    if (typeof given !== "string" || !equalSecrets(given, principal.session.csrfToken))
      throw new AdminError("csrf_failed", "x-csrf-token must have the csrfToken of GET /admin/v1/session");
  }

  private roleOf({ issuer, values }: Identity): Role | undefined {
    const { oidc } = this.settings;
    if (oidc === undefined || oidc.issuer.href !== issuer) return undefined;
    return highest(values.flatMap((value) => oidc.roles.get(value) ?? []));
  }
}

function describe({ subject, name }: Identity): { readonly id: string; readonly name: string } {
  return { id: `oidc:${subject.slice(0, 200)}`, name };
}
