import { AiLibError, systemClock } from "ai-lib";
import { configError } from "../../config-error.js";
import { isLoopback } from "../../loopback.js";
import { PREFIX } from "../prefix.js";

/** The variable with the address of an admin API. */
export const URL_VARIABLE = "AI_LIB_GATEWAY_ADMIN_URL";

/** The address of an admin API whose configuration names none. */
export const DEFAULT_URL = "http://127.0.0.1:4101";

/** What a client needs. */
export interface AdminClientOptions {
  /** Scheme, host and port. */
  readonly url: string;
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
  /** Send the token over plain HTTP beyond loopback. Default false. */
  readonly insecure?: boolean | undefined;
}

/** The fields of a call besides its method and path. */
export interface AdminCall {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly body?: unknown;
  /** The ETag that a change is for; `*` for any. */
  readonly ifMatch?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** An answer of the admin API. */
export interface AdminAnswer<T> {
  readonly body: T;
  readonly etag: string | undefined;
}

/** A page of a list. */
interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor?: string | undefined;
}

/** Time in milliseconds that one call may take. */
const TIMEOUT_MS = 60_000;

/** A client of the admin API, for the commands of the gateway. */
export class AdminClient {
  private readonly base: URL;

  /** @throws {AiLibError} `CONFIG_ERROR` for a wrong address, and for one to which the token would go unprotected. */
  constructor(private readonly options: AdminClientOptions) {
    const { url, insecure = false } = options;
    if (!URL.canParse(url)) throw configError(`${JSON.stringify(url)} is not an address of an admin API`);
    this.base = new URL(url);
    const { protocol, hostname } = this.base;
    if (protocol !== "https:" && protocol !== "http:")
      throw configError("The address of an admin API begins with http:// or https://");
    if (protocol === "http:" && !insecure && !isLoopback(hostname.replace(/^\[|\]$/g, "")))
      throw configError(
        `The token would go to ${hostname} unprotected: use https://, or --insecure in a network that you trust`,
      );
  }

  /**
   * Makes one call.
   * @param path below `/admin/v1`; {@link pathOf} writes ids into it
   * @throws {AiLibError} with the admin API's code and message, and `NETWORK_ERROR` where it cannot be reached.
   */
  async call<T>(method: string, path: string, call: AdminCall = {}): Promise<AdminAnswer<T>> {
    const timeout = new AbortController();
    const cancel = systemClock.after(TIMEOUT_MS, () => timeout.abort());
    try {
      const response = await this.send(method, path, call, timeout.signal);
      const body = response.status === 204 ? undefined : await this.read(response);
      return { body: body as T, etag: response.headers.get("etag") ?? undefined };
    } finally {
      cancel();
    }
  }

  private async read(response: Response): Promise<unknown> {
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw unreachable(this.base, error);
    }
    try {
      return JSON.parse(text);
    } catch {
      throw new AiLibError({
        code: "PROVIDER_ERROR",
        message: `${this.base.origin} answers, but is no admin API; the gateway prints the address of its own at its start`,
      });
    }
  }

  /** The entries of a list, page after page. @param limit the most entries. Default: all */
  async *list<T>(
    path: string,
    query: AdminCall["query"] = {},
    limit = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<T> {
    let cursor: string | undefined;
    let left = limit;
    do {
      const page: AdminAnswer<Page<T>> = await this.call<Page<T>>("GET", path, {
        query: { ...query, limit: Math.min(left, 200), cursor },
      });
      for (const entry of page.body.data) {
        yield entry;
        left--;
        if (left <= 0) return;
      }
      cursor = page.body.nextCursor;
    } while (cursor !== undefined);
  }

  /** The entries of a list, all pages of it. @param limit the most entries. Default: all */
  async all<T>(path: string, query: AdminCall["query"] = {}, limit?: number): Promise<readonly T[]> {
    const found: T[] = [];
    for await (const entry of this.list<T>(path, query, limit)) found.push(entry);
    return found;
  }

  /** The events of a stream, until the signal aborts or the server ends it. */
  async *events(path: string, query: AdminCall["query"] = {}): AsyncGenerator<ServerEvent> {
    const response = await this.send("GET", path, { query }, undefined);
    if (response.body === null) return;
    const { EventSourceParserStream } = await import("eventsource-parser/stream");
    const text = response.body.pipeThrough(new TextDecoderStream()) as ReadableStream<string>;
    const reader = text.pipeThrough(new EventSourceParserStream({ maxBufferSize: 1_000_000 })).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield { id: value.id, event: value.event ?? "message", data: value.data };
      }
    } catch (error) {
      if (this.options.signal?.aborted === true) return;
      throw unreachable(this.base, error);
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  private async send(
    method: string,
    path: string,
    { query = {}, body, ifMatch, idempotencyKey }: AdminCall,
    timeout: AbortSignal | undefined,
  ): Promise<Response> {
    const url = new URL(`${PREFIX}${path}`, this.base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const signals = [this.options.signal, timeout].filter((signal) => signal !== undefined);
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        redirect: "error",
        headers: {
          authorization: `Bearer ${this.options.token}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(ifMatch !== undefined && { "if-match": ifMatch }),
          ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
      });
    } catch (error) {
      throw unreachable(this.base, error);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }
}

/** One event of a stream. */
export interface ServerEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** Writes ids into a path: `pathOf("/keys/{id}", { id })`. */
export function pathOf(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
}

/** The codes of ai-lib for those of the admin API, if they differ from that of a wrong request. */
const CODES: Readonly<Record<string, AiLibError["code"]>> = {
  unauthenticated: "AUTH_FAILED",
  forbidden: "PERMISSION_DENIED",
  rate_limited: "RATE_LIMIT",
  internal: "PROVIDER_ERROR",
  store_unavailable: "PROVIDER_ERROR",
};

interface ErrorShape {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly details?: readonly { readonly path: string; readonly message: string }[];
  };
}

async function refusal(response: Response): Promise<AiLibError> {
  const { error = {} } = (await response.json().catch(() => ({}))) as ErrorShape;
  const { code = "", message = `the admin API answered ${response.status}`, details = [] } = error;
  const lines = details.map(({ path, message: what }) =>
    what === message ? `  at ${path}` : `  ${path}: ${what}`,
  );
  return new AiLibError({
    code: CODES[code] ?? "INVALID_REQUEST",
    message: [`${message}${code === "" ? "" : ` (${code})`}`, ...lines].join("\n"),
    status: response.status,
  });
}

function unreachable(base: URL, cause: unknown): AiLibError {
  return new AiLibError({
    code: "NETWORK_ERROR",
    message: `The admin API at ${base.origin} cannot be reached. A gateway serves it if its file has \`admin\`, or if it was started with AI_LIB_GATEWAY_ADMIN_TOKEN`,
    cause,
  });
}
