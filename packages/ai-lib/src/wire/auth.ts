import type { Clock } from "../core/contract/clock.js";
import type { AuthStyle, HeaderFields, TransportRequest } from "../core/contract/transport.js";
import { configError } from "../core/errors/error.js";
import type { Environment } from "../core/values/environment.js";
import type { AwsCredentials } from "./aws-signature.js";
import type { TokenSource } from "./token-source.js";

export type { AwsCredentials } from "./aws-signature.js";

export type { ExpiringToken, IssuedToken, TokenSource } from "./token-source.js";

/** Credentials and region as AWS tools read them from the environment; undefined where no key is set. */
export function awsEnvironment(
  environment: Environment,
): { readonly credentials: AwsCredentials; readonly region: string | undefined } | undefined {
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const accessKeyId = read("AWS_ACCESS_KEY_ID");
  const secretAccessKey = read("AWS_SECRET_ACCESS_KEY");
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return {
    credentials: { accessKeyId, secretAccessKey, sessionToken: read("AWS_SESSION_TOKEN") },
    region: read("AWS_REGION") ?? read("AWS_DEFAULT_REGION"),
  };
}

/** A credential: a key, a function that returns a token, or AWS credentials. */
export type Credential = string | TokenSource | AwsCredentials;

/** How long before its expiry a token is renewed, in milliseconds. */
const RENEW_BEFORE_MS = 60_000;

/** A token or AWS credentials that are used until a time, in epoch milliseconds. */
interface CachedToken {
  readonly secret: string | AwsCredentials;
  readonly expiresAt: number;
}

/** Adds credentials to requests. One for each endpoint; it caches the token of that endpoint. */
export class Authorizer {
  /** The secrets of a credential that never changes; none for a token source. */
  readonly #lasting: readonly string[];
  /** The headers to which a key was added last, and the result: see `HeaderFields`. */
  #bare: HeaderFields | undefined;
  #keyed: HeaderFields = {};
  #lastKey = "";
  private cached: CachedToken | undefined;
  /** The source has returned a token with an expiry. */
  private expiring = false;
  private fetching: Promise<string | AwsCredentials> | undefined;

  constructor(
    private readonly style: AuthStyle,
    private readonly credential: Credential | undefined,
    /** The AWS region, for signing. */
    private readonly region?: string | undefined,
  ) {
    this.#lasting = typeof credential === "function" ? [] : secretsOf(secretTexts(credential));
  }

  /**
   * Returns the request with its credentials: synchronously for a key, as a promise for a token or a signature.
   * @param service the AWS service that the request is for. Default: that of the style.
   * @throws {AiLibError} `CONFIG_ERROR` for a credential that does not fit the style; `AUTH_FAILED` where a token
   *   source fails.
   */
  authorize(request: TransportRequest, service?: string): TransportRequest | Promise<TransportRequest> {
    const { credential, style } = this;
    if (style.style === "none" || credential === undefined) return request;
    if (typeof credential === "string") return this.withSecret(request, credential, service);
    if (typeof credential === "function") {
      const { cached } = this;
      if (cached !== undefined && request.clock.now() < cached.expiresAt - RENEW_BEFORE_MS)
        return this.withSecret(request, cached.secret, service);
      return this.token(credential, request.clock).then((secret) =>
        this.withSecret(request, secret, service),
      );
    }
    return this.signed(request, credential, service);
  }

  /** Whether the credential is a token source. */
  get hasTokens(): boolean {
    return typeof this.credential === "function";
  }

  /**
   * Forgets the token of a request that the provider refused: it was revoked, or the clock of this machine is wrong.
   * @returns whether a new token may be accepted: false for a source whose tokens have no expiry, since each of them
   *   was made for its request
   */
  drop(refused: TransportRequest): boolean {
    const { cached } = this;
    if (cached !== undefined && this.carries(refused, cached.secret)) this.cached = undefined;
    return this.expiring;
  }

  /** Whether two requests have the same credentials. */
  haveSameToken(a: TransportRequest, b: TransportRequest): boolean {
    return a.url === b.url && a.headers[this.header] === b.headers[this.header];
  }

  private carries({ url, headers }: TransportRequest, secret: string | AwsCredentials): boolean {
    const header = headers[this.header];
    if (typeof secret !== "string") return header?.includes(`Credential=${secret.accessKeyId}/`) === true;
    return header?.endsWith(secret) === true || url.includes(encodeURIComponent(secret));
  }

  private get header(): string {
    return this.style.style === "header" ? this.style.header.toLowerCase() : "authorization";
  }

  /** The credential as it was configured, and the token that is cached. Requests hold what was made of them. */
  secrets(): readonly string[] {
    return this.cached === undefined
      ? this.#lasting
      : [...this.#lasting, ...secretsOf(secretTexts(this.cached.secret))];
  }

  private withSecret(
    request: TransportRequest,
    secret: string | AwsCredentials,
    service: string | undefined,
  ): TransportRequest | Promise<TransportRequest> {
    if (typeof secret !== "string") return this.signed(request, secret, service);
    const { style } = this;
    if (service !== undefined && style.style === "sigv4" && service !== style.service)
      throw configError(
        `An API key of the service ${style.service} cannot be used for ${service}, which takes AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass them as the key`,
      );
    return this.withKey(request, secret);
  }

  private signed(
    request: TransportRequest,
    credentials: AwsCredentials,
    service: string | undefined,
  ): Promise<TransportRequest> {
    const { style } = this;
    if (style.style !== "sigv4")
      throw configError(`AWS credentials were given to an endpoint whose auth style is "${style.style}"`);
    return import("./aws-signature.js").then(({ sign }) =>
      sign(request, service ?? style.service, credentials, this.region),
    );
  }

  private withKey(request: TransportRequest, key: string): TransportRequest {
    const { style } = this;
    switch (style.style) {
      case "none":
        return request;
      // A string is a bearer key on AWS as well (Bedrock API keys).
      case "sigv4":
      case "bearer":
        return this.withHeader(request, "authorization", "Bearer ", key);
      case "header":
        return this.withHeader(request, style.header.toLowerCase(), style.prefix ?? "", key);
      case "query": {
        const joint = request.url.includes("?") ? "&" : "?";
        return {
          ...request,
          url: `${request.url}${joint}${encodeURIComponent(style.parameter)}=${encodeURIComponent(oneLine(key))}`,
        };
      }
      default: {
        const never: never = style;
        throw new TypeError(`Unknown auth style ${JSON.stringify(never)}`);
      }
    }
  }

  private withHeader(request: TransportRequest, name: string, prefix: string, key: string): TransportRequest {
    if (request.headers !== this.#bare || key !== this.#lastKey) {
      this.#keyed = Object.freeze({ ...request.headers, [name]: prefix + oneLine(key) });
      this.#bare = request.headers;
      this.#lastKey = key;
    }
    // Written out: a spread with an override takes several times as long.
    const { url, method, body, connectMs, clock } = request;
    return body === undefined
      ? { url, method, headers: this.#keyed, connectMs, clock }
      : { url, method, headers: this.#keyed, body, connectMs, clock };
  }

  /** One fetch at a time, however many requests wait for the token. A source that does not answer is asked again. */
  private token(source: TokenSource, clock: Clock): Promise<string | AwsCredentials> {
    if (this.fetching !== undefined) return this.fetching;
    const fetched = import("./fetch-token.js").then(({ fetchToken }) => fetchToken(source, clock));
    const fetching = fetched.then((given) => {
      if (typeof given === "string") return given;
      const secret = "token" in given ? given.token : given;
      const expiresAt = "token" in given ? given.expiresAt : given.expiration?.getTime();
      this.cached = { secret, expiresAt: expiresAt ?? Number.POSITIVE_INFINITY };
      this.expiring ||= expiresAt !== undefined;
      return secret;
    });
    this.fetching = fetching;
    const settle = () => {
      this.fetching = undefined;
    };
    fetching.then(settle, settle);
    return fetching;
  }
}

/** A key without the blanks and line breaks around it, which files and copied texts have. */
function oneLine(key: string): string {
  const bare = key.trim();
  if (bare.includes("\n") || bare.includes("\r"))
    throw configError("The key holds a line break; it was probably read from a file whole");
  return bare;
}

/** The secret texts of a credential. */
function secretTexts(secret: string | AwsCredentials | undefined): readonly (string | undefined)[] {
  return typeof secret === "object" ? [secret.secretAccessKey, secret.sessionToken] : [secret];
}

function secretsOf(found: readonly (string | undefined)[]): readonly string[] {
  return found.filter((secret): secret is string => secret !== undefined && secret !== "");
}
