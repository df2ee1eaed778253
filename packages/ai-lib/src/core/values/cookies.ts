type Headers = Readonly<Record<string, string>>;

const COOKIE_HEADERS: ReadonlySet<string> = new Set(["cookie", "cookie2", "set-cookie", "set-cookie2"]);

/** Whether a header carries cookies, which are secrets. @param name in lower case */
export function isCookieHeader(name: string): boolean {
  return mayBeCookie(name) && COOKIE_HEADERS.has(name);
}

/** Headers without cookies: the same object where there are none. Names may be in any case. */
export function withoutCookies(headers: Headers): Headers {
  for (const name in headers) {
    if (!mayBeCookie(name) || !isCookieHeader(name.toLowerCase())) continue;
    return Object.fromEntries(
      Object.entries(headers).filter(([each]) => !isCookieHeader(each.toLowerCase())),
    );
  }
  return headers;
}

/** Whether a name is as long as one of a header with cookies: most names need no other check. */
function mayBeCookie({ length }: string): boolean {
  return length === 6 || length === 7 || length === 10 || length === 11;
}
