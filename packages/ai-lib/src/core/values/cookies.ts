type Headers = Readonly<Record<string, string>>;

const COOKIE_HEADERS: ReadonlySet<string> = new Set(["cookie", "cookie2", "set-cookie", "set-cookie2"]);

/** Whether a header carries cookies, which are secrets. @param name in lower case */
export function isCookieHeader(name: string): boolean {
  return COOKIE_HEADERS.has(name);
}

/** Headers without cookies: the same object where there are none. Names may be in any case. */
export function withoutCookies(headers: Headers): Headers {
  const names = Object.keys(headers);
  if (!names.some((name) => isCookieHeader(name.toLowerCase()))) return headers;
  return Object.fromEntries(
    names.flatMap((name) => (isCookieHeader(name.toLowerCase()) ? [] : [[name, headers[name] ?? ""]])),
  );
}
