/** A browser of the tests: it keeps the cookies of each origin and follows redirections. */
export class Browser {
  private readonly jars = new Map<string, Map<string, string>>();
  /** The addresses that it was at, the first one first. */
  readonly visited: string[] = [];
  /** The `set-cookie` headers that it got. */
  readonly set: string[] = [];

  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.send("GET", url, { headers });
  }

  /** Goes to an address, and on to those that it is sent to. @param until where it stops, before it goes there */
  async follow(
    url: string,
    until?: (next: string) => boolean,
  ): Promise<{ response: Response; next?: string }> {
    let next = url;
    for (let hop = 0; hop < 20; hop++) {
      const response = await this.get(next);
      const location = response.headers.get("location");
      if (location === null) return { response };
      next = new URL(location, next).href;
      if (until?.(next) === true) return { response, next };
    }
    throw new Error("too many redirections");
  }

  async send(
    method: string,
    url: string,
    {
      headers = {},
      body,
    }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown } = {},
  ): Promise<Response> {
    this.visited.push(url);
    const jar = this.jar(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      method,
      redirect: "manual",
      headers: {
        ...(cookie !== "" && { cookie }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      this.set.push(line);
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      if (value === "" || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** The cookies of an origin. */
  jar(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    return jar;
  }
}
