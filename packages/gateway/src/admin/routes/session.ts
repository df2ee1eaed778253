import { z } from "zod";
import { isLoopback } from "../../loopback.js";
import { SESSION_COOKIE } from "../auth/authenticator.js";
import { LOGIN_MS } from "../auth/login-tickets.js";
import { ROLES } from "../auth/roles.js";
import { cookieName, readCookie, writeCookie } from "../cookies.js";
import { AdminError } from "../errors.js";
import type { AdminParts } from "../parts.js";
import { PREFIX } from "../prefix.js";
import { defineRoute } from "../route.js";
import { hostOf } from "../settings.js";
import { name, Time, timeOf } from "../shapes.js";

/** The cookie that binds a login to its browser. */
const LOGIN_COOKIE = "ai_lib_login";

const CALLBACK = "/login/callback";

const Session = name(
  "Session",
  z.object({
    id: z.string().describe("`token:<name>` or `oidc:<subject>`"),
    name: z.string(),
    role: z.enum(ROLES),
    csrfToken: z.string().optional().describe("The value of `x-csrf-token` for each change of this session"),
    expiresAt: Time.optional(),
  }),
);

export const getSession = defineRoute({
  id: "getSession",
  method: "GET",
  path: "/session",
  tag: "session",
  summary: "Who calls, with which role",
  role: "viewer",
  reply: Session,
  handle: ({ principal: { id, name: named, role, session } }) => ({
    body: {
      ...{ id, name: named, role },
      ...(session !== undefined && { csrfToken: session.csrfToken, expiresAt: timeOf(session.expiresAt) }),
    },
  }),
});

export const beginLogin = defineRoute({
  id: "beginLogin",
  method: "GET",
  path: "/login",
  tag: "session",
  summary: "Sends a person to the identity provider",
  role: "anyone",
  query: z.strictObject({
    returnTo: z
      .string()
      .max(500)
      // A path of this server alone: `//host` and `/\host` lead elsewhere.
      .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/)
      .optional()
      .describe("The path to go to after the login. Default /admin/v1/session"),
  }),
  status: 302,
  errors: ["not_configured", "identity_provider_failed"],
  handle: async ({ parts, query, host, now }) => {
    const own = ownAddress(parts.origin, host);
    if (own !== undefined) {
      const location = new URL(`${PREFIX}/login`, own);
      if (query.returnTo !== undefined) location.searchParams.set("returnTo", query.returnTo);
      return { headers: { location: location.href } };
    }
    const { url, cookie } = await loginOf(parts).begin(
      `${parts.origin}${PREFIX}${CALLBACK}`,
      query.returnTo ?? `${PREFIX}/session`,
      now,
    );
    const { secure } = parts.auth;
    return {
      headers: {
        location: url.href,
        "set-cookie": writeCookie(LOGIN_COOKIE, cookie, { secure, maxAge: LOGIN_MS / 1_000 }),
      },
    };
  },
});

export const finishLogin = defineRoute({
  id: "finishLogin",
  method: "GET",
  path: CALLBACK,
  tag: "session",
  summary: "Begins a session with what the identity provider sent back",
  role: "anyone",
  query: z.record(z.string().max(100), z.string().max(4_096)),
  status: 302,
  action: "session.begin",
  errors: ["unauthenticated", "forbidden", "not_configured", "identity_provider_failed"],
  handle: async ({ parts, query, cookie, now }) => {
    const { secure } = parts.auth;
    const { identity, returnTo } = await loginOf(parts).finish(
      readCookie(cookie, cookieName(LOGIN_COOKIE, secure)),
      new URLSearchParams(query),
      now,
    );
    const { id, principal, maxAge } = parts.auth.begin(identity, now);
    return {
      headers: {
        location: returnTo,
        "set-cookie": [
          writeCookie(SESSION_COOKIE, id, { secure, maxAge }),
          writeCookie(LOGIN_COOKIE, "", { secure, maxAge: 0 }),
        ],
      },
      audit: { target: principal.id, actor: principal },
    };
  },
});

export const endSession = defineRoute({
  id: "endSession",
  method: "DELETE",
  path: "/session",
  tag: "session",
  summary: "Logs out; with a token it does nothing",
  role: "viewer",
  action: "session.end",
  handle: ({ parts: { auth }, principal, cookie }) => {
    if (principal.session === undefined) return {};
    const id = auth.sessionId(cookie);
    if (id !== undefined) auth.sessions.end(id);
    return {
      headers: { "set-cookie": writeCookie(SESSION_COOKIE, "", { secure: auth.secure, maxAge: 0 }) },
      audit: { target: principal.id },
    };
  },
});

/**
 * Where a login begins instead, if the browser names this machine in another way, such as `localhost`: the identity
 * provider sends the browser back to the origin, where a cookie of the other name is not known. Behind a proxy the port
 * differs, and the proxy would lead here again.
 */
function ownAddress(origin: string, host: string | undefined): URL | undefined {
  const own = new URL(origin);
  const text = `${own.protocol}//${host ?? ""}`;
  if (!URL.canParse(text)) return undefined;
  const asked = new URL(text);
  const isSame = asked.hostname === own.hostname || asked.port !== own.port;
  return isSame || !isLoopback(hostOf(own)) || !isLoopback(hostOf(asked)) ? undefined : own;
}

function loginOf({ auth }: AdminParts) {
  if (auth.login !== undefined) return auth.login;
  throw new AdminError(
    "not_configured",
    "The configuration has no `admin.oidc`, so that only tokens are known",
  );
}
