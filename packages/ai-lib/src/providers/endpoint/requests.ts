import type { CallContext } from "../../core/contract/call.js";
import { headerProblem } from "../../core/contract/places.js";
import type {
  HeaderFields,
  HttpRequest,
  Transport,
  TransportRequest,
} from "../../core/contract/transport.js";
import { AiLibError, invalidRequest } from "../../core/errors/error.js";
import { SecretMask } from "../../core/values/secret-mask.js";
import { Authorizer } from "../../wire/auth.js";
import type { Endpoint } from "./endpoint.js";
import { secretsOfRequest } from "./secrets.js";
import { joinPath } from "./template.js";

/** A request, whose body may be the pieces of a file. */
export type PreparedRequest = HttpRequest & { readonly pieces?: AsyncIterable<Uint8Array> };

/** Makes a request with its credentials. */
export type Prepare = () => TransportRequest | Promise<TransportRequest>;

/**
 * Makes a refused request again, with a new token. Resolves to undefined where the source returns the same token;
 * undefined where the request cannot be sent again or its token was not a short-lived one.
 */
export type Renewal = (refused: TransportRequest) => Promise<TransportRequest | undefined> | undefined;

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

/** A call without headers of its own. */
const NONE: HeaderFields = Object.freeze({});

/** A streamed body, which can be sent once. */
function isIterable(body: TransportRequest["body"]): boolean {
  return body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
}

/**
 * Makes a request to one endpoint of what a dialect encodes: adds the address, the endpoint's headers and the
 * credentials. Most requests differ from the previous one in their body alone, so the last address and the last headers
 * are kept: as the same string and, as {@link HeaderFields} explains, as the same object.
 */
export class EndpointRequests {
  private readonly authorizer: Authorizer;
  /** The query of requests that have none of their own. */
  private readonly query: string;
  private lastPath: string | undefined;
  private lastUrl = "";
  /** The last headers of the dialect and of a call, and the same with the endpoint's between them. */
  private lastGiven: HeaderFields | undefined;
  private lastOwn: HeaderFields | undefined;
  private lastHeaders: HeaderFields = {};
  /** The last mask, the secrets that it masks, and the headers and the address that have them. */
  #mask: SecretMask | undefined;
  #masked: readonly string[] = [];
  #maskedHeaders: HeaderFields | undefined;
  #maskedUrl = "";

  constructor(private readonly endpoint: Endpoint) {
    const { auth, credential, variables, query } = endpoint;
    this.authorizer = new Authorizer(auth, credential, variables["region"]);
    this.query = new URLSearchParams({ ...query }).toString();
  }

  /**
   * A dialect's request with the headers of its call.
   * @throws {AiLibError} as {@link Authorizer.authorize} does.
   */
  make(
    http: PreparedRequest,
    own: HeaderFields,
    context: CallContext,
  ): TransportRequest | Promise<TransportRequest> {
    const { method, bytes, pieces } = http;
    const body = pieces ?? bytes ?? http.body;
    const { clock } = context;
    const { connectMs } = context.timeouts;
    if (http.url !== undefined) return this.elsewhere(http, http.url, own, context);
    const url = this.urlOf(http);
    const headers = this.headersOf(http.headers, own);
    return this.authorizer.authorize(
      body === undefined
        ? { url, method, headers, connectMs, clock }
        : { url, method, headers, body, connectMs, clock },
    );
  }

  /**
   * A request to an address that the provider named in a reply. The key goes to the endpoint's own origin and to the
   * domains that its data trusts; an address elsewhere may itself be a credential, and gets the request without one.
   */
  private elsewhere(
    { method, headers: given, body, bytes, pieces, keyless = false, awsService }: PreparedRequest,
    url: string,
    own: HeaderFields,
    context: CallContext,
  ): TransportRequest | Promise<TransportRequest> {
    const { baseUrl, hosts } = this.endpoint;
    const [address, base] = [addressOf(url), new URL(baseUrl)];
    const content = pieces ?? bytes ?? body;
    const request = {
      url: address.href,
      method,
      headers: given,
      connectMs: context.timeouts.connectMs,
      clock: context.clock,
      ...(content === undefined ? {} : { body: content }),
    };
    if (awsService !== undefined) return this.authorizer.authorize(request, awsService);
    if (address.protocol !== "https:" && address.origin !== base.origin) throw foreignAddress();
    const isOurs = (host: string): boolean =>
      address.hostname === host || address.hostname.endsWith(`.${host}`);
    const trusted =
      !keyless && (address.origin === base.origin || (address.port === "" && hosts.some(isOurs)));
    return trusted ? this.authorizer.authorize({ ...request, headers: this.headersOf(given, own) }) : request;
  }

  /** Whether the credential is a token source, so that a refused request may be sent again. */
  get hasTokens(): boolean {
    return this.authorizer.hasTokens;
  }

  /**
   * How a call makes its request again, once, after its token was refused: see {@link Authorizer.drop}. Undefined
   * where the credential is no token source.
   */
  renewal(prepare: Prepare): Renewal | undefined {
    const { authorizer } = this;
    if (!authorizer.hasTokens) return undefined;
    let used = false;
    return (refused) => {
      if (used || !authorizer.drop(refused) || isIterable(refused.body)) return undefined;
      used = true;
      return Promise.resolve(prepare()).then((request) =>
        authorizer.haveSameToken(request, refused) ? undefined : request,
      );
    };
  }

  /**
   * The mask of a request's secrets, for errors, warnings and headers of its reply. Most requests have the same headers
   * and the same address, and so the same mask.
   */
  mask({ url, headers }: TransportRequest, transport: Transport): SecretMask {
    if (this.#mask === undefined || headers !== this.#maskedHeaders || url !== this.#maskedUrl) {
      const secrets = [...this.authorizer.secrets(), ...secretsOfRequest(url, headers)];
      // A mask finds the forms of its secrets once, which takes longer than the rest of a call. The transport knows its
      // own for an address once it has sent a request there.
      if (this.#mask === undefined || url !== this.#maskedUrl || !isSameList(secrets, this.#masked))
        this.#mask = new SecretMask(() => [...secrets, ...(transport.secrets?.(url) ?? [])]);
      this.#masked = secrets;
      this.#maskedHeaders = headers;
      this.#maskedUrl = url;
    }
    return this.#mask;
  }

  private headersOf(given: HeaderFields, own: HeaderFields): HeaderFields {
    let asked = NONE;
    for (const _ in own) {
      asked = own;
      break;
    }
    if (given !== this.lastGiven || asked !== this.lastOwn) {
      const headers = { ...given, ...this.endpoint.headers };
      this.lastHeaders = Object.freeze(asked === NONE ? headers : { ...headers, ...headersOfCall(asked) });
      this.lastGiven = given;
      this.lastOwn = asked;
    }
    return this.lastHeaders;
  }

  private urlOf({ path, query }: HttpRequest): string {
    const { baseUrl, query: own } = this.endpoint;
    if (query !== undefined)
      return withQuery(joinPath(baseUrl, path), new URLSearchParams({ ...query, ...own }).toString());
    if (path !== this.lastPath) {
      this.lastUrl = withQuery(joinPath(baseUrl, path), this.query);
      this.lastPath = path;
    }
    return this.lastUrl;
  }
}

/**
 * The headers of a call, or those that its observers added, by their names in lower case.
 * @throws {AiLibError} `INVALID_REQUEST` for a header that is malformed or belongs to the transport. The value, which may
 *   be a secret, is not shown.
 */
function headersOfCall(own: HeaderFields): HeaderFields {
  const headers: Record<string, string> = {};
  for (const given of Object.keys(own)) {
    const name = given.toLowerCase();
    const value = own[given];
    if (value === undefined) continue;
    const problem = headerProblem(name, value);
    if (problem !== undefined)
      throw invalidRequest(`The header ${JSON.stringify(given)} of the call ${problem}`);
    headers[name] = value;
  }
  return headers;
}

/** An address that a provider named in a reply. */
function addressOf(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw foreignAddress();
  }
}

/** The address may be a credential, so it is not shown. */
function foreignAddress(): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: "The provider answered with an address that is malformed, or that is not encrypted",
  });
}

function withQuery(url: string, query: string): string {
  return query === "" ? url : `${url}?${query}`;
}
