/** Reads a cookie of a `cookie` header; undefined for none, and if the name occurs twice. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const found = (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return found.length === 1 ? found[0] : undefined;
}

/** What a cookie of the admin API is for. */
export interface CookieOptions {
  /** Whether the browser reaches the server by HTTPS. */
  readonly secure: boolean;
  /** Seconds; 0 deletes it. */
  readonly maxAge: number;
}

/**
 * The name of a cookie. Behind HTTPS it has the prefix `__Host-`, with which browsers ensure that no other host and no
 * page over plain HTTP has set it.
 */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

/** Writes a cookie that scripts cannot read and that requests of other sites do not contain. */
export function writeCookie(name: string, value: string, { secure, maxAge }: CookieOptions): string {
  return [
    `${cookieName(name, secure)}=${value}`,
    "Path=/",
    "HttpOnly",
    // Lax: the redirection from the identity provider must contain it.
    "SameSite=Lax",
    `Max-Age=${maxAge}`,
    ...(secure ? ["Secure"] : []),
  ].join("; ");
}
