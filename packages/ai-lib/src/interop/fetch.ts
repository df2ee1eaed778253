import type { CallOptions } from "../core/contract/call.js";
import type { DialectId, ServerHalf } from "../core/contract/dialect.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { requireProvider } from "../core/contract/require-provider.js";
import { configError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import { answerRequest, isServed, type UnreadRequest } from "../serve/answer-request.js";
import { serverHalves } from "../serve/halves.js";
import type { RequestHead, ServedCall, ServeOptions } from "../serve/options.js";
import { relay } from "../serve/relay.js";
import { readBody, WebOutput } from "../serve/web.js";
import { chooseModel, type ModelChoice } from "../strategies/member.js";

/** What SDKs take as their `fetch`. */
export type FetchFunction = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Options of {@link aiFetch}; all optional. */
export interface AiFetchOptions {
  /**
   * The model to request from the provider. A text: always this model. A table: by the SDK's model, which does not
   * change without an entry. A function: its result; `undefined` requests the provider's default. Default: the SDK's
   * model.
   */
  readonly model?: ModelChoice | undefined;
  /** Options of every call: timeouts, `observer`, `prices`, and so on. The SDK's own `signal` also ends a call. */
  readonly call?: CallOptions | undefined;
  /** The dialects that are answered. Default: all. */
  readonly dialects?: readonly DialectId[] | undefined;
  /** Hosts whose requests are answered, such as `"api.openai.com"` or `"localhost:8080"`. Default: all. */
  readonly hosts?: readonly string[] | undefined;
  /**
   * What happens to a request that is not answered here: one to a host besides `hosts`, or to a path that no dialect
   * has, such as a file upload. `"pass"` sends it with `fetch`, unchanged and with the SDK's own key; `"refuse"`
   * answers it with 404. Default `"pass"`.
   */
  readonly others?: "pass" | "refuse" | undefined;
  /** The function that sends requests which are passed on. Default: the global `fetch`. */
  readonly fetch?: FetchFunction | undefined;
  /**
   * Sends the SDK's own bytes on to a provider of the same dialect, with another `model` at most, and the provider's
   * bytes back: fields that ai-lib does not know pass, too. The answer is decoded beside, so that failover, breakers,
   * usage and cost work as always. Built-in strategies and wrappers pass answers on unchanged; set this to `false` if a
   * layer of your own changes a stream, since its changes would not reach the SDK. Default true.
   */
  readonly bytes?: boolean | undefined;
  /** Bytes that a request body may have; a longer one is answered with 413. Default 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Receives errors of your own code, which SDKs do not see. Default: they are ignored. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set([
  "model",
  "call",
  "dialects",
  "hosts",
  "others",
  "fetch",
  "bytes",
  "maxBodyBytes",
  "onError",
] satisfies (keyof AiFetchOptions)[]);

/**
 * A `fetch` that answers the requests of an SDK with a provider, in this process: no port, no network between them.
 * OpenAI's SDK then talks to whatever the provider represents: another vendor, a failover, a cache.
 *
 * The requests are read, and the answers written, in the dialects of OpenAI (chat completions, responses), Anthropic,
 * Gemini, Mistral, Cohere, Bedrock and Ollama. Answers stream, with back-pressure; the SDK's abort closes the
 * connection to the provider. The SDK receives errors as replies in its vendor's format, so it throws its own classes.
 *
 * @example
 * const provider = failover([groq, anthropic]);
 * const fetch = aiFetch(provider, { model: () => undefined }); // each member's default, whatever the SDK asks for
 * // new OpenAI({ apiKey: "unused", fetch })
 * @throws {AiLibError} `CONFIG_ERROR` for something that is no provider, and for an unknown option.
 */
export function aiFetch(provider: ChatProvider, options: AiFetchOptions = {}): FetchFunction {
  requireProvider("aiFetch", provider);
  refuseUnknown("option of aiFetch", options, OPTIONS);
  const { others = "pass", hosts } = options;
  if (others !== "pass" && others !== "refuse")
    throw configError(`others must be "pass" or "refuse", not ${String(others)}`);
  const known = hosts === undefined ? undefined : new Set(hosts.map((host) => host.toLowerCase()));
  let halves: Promise<readonly ServerHalf[]> | undefined;

  return async (input, init) => {
    const asked = read(input, init);
    asked.signal?.throwIfAborted();
    const here = known === undefined || known.has(asked.url.host);
    halves ??= serverHalves(options.dialects);
    const served = serveOptions(provider, options, here ? await halves : []);
    if (others === "pass" && !(here && isServed(served, asked.head)))
      return (options.fetch ?? globalThis.fetch)(input, init);
    const output = new FetchOutput(asked.head, asked.signal);
    void answerRequest(served, { ...asked.head, body: asked.body }, output);
    return output.response;
  };
}

function serveOptions(
  provider: ChatProvider,
  options: AiFetchOptions,
  halves: readonly ServerHalf[],
): ServeOptions<WebOutput> {
  const { model, call: callOptions, bytes = true, maxBodyBytes, onError } = options;
  return {
    halves,
    handle: (call) =>
      relay(model === undefined ? call : withChoice(call, model), provider, {
        ...callOptions,
        bytes,
        expose: true,
      }),
    ...(provider.listModels !== undefined && { models: () => provider.listModels?.(callOptions) ?? [] }),
    ...(onError !== undefined && { onError }),
    maxBodyBytes,
  };
}

/** A call for the model that the options choose. */
function withChoice(call: ServedCall<WebOutput>, choice: ModelChoice): ServedCall<WebOutput> {
  const request = { ...call.request, model: chooseModel(choice, call.request.model) };
  return { ...call, request } as ServedCall<WebOutput>;
}

/** The arguments of a `fetch` that are used here. */
interface Asked {
  readonly url: URL;
  readonly head: Omit<RequestHead, "method"> & { readonly method: string };
  readonly body: UnreadRequest["body"];
  readonly signal: AbortSignal | undefined;
}

function read(input: string | URL | Request, init: RequestInit | undefined): Asked {
  const given = typeof input === "object" && "url" in input ? input : undefined;
  const url = new URL(given?.url ?? (input as string | URL));
  const body = init?.body ?? undefined;
  // A text or bytes are read directly. A Response reads any other body (a form, a blob, a stream).
  const whole = typeof body === "string" || body instanceof Uint8Array;
  const parts = whole ? undefined : body === undefined ? given : new Response(body);
  const headers = new Headers(init?.headers ?? given?.headers);
  const type = parts?.headers.get("content-type");
  if (type != null && !headers.has("content-type")) headers.set("content-type", type);
  return {
    url,
    head: {
      method: (init?.method ?? given?.method ?? "GET").toUpperCase(),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(headers),
    },
    body: (limit) => (whole ? ownBody(body, limit) : readBody(parts?.body, limit)),
    signal: init?.signal ?? given?.signal,
  };
}

async function ownBody(body: string | Uint8Array, limit: number): Promise<Uint8Array | undefined> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return bytes.length > limit ? undefined : bytes;
}

/** A reply within the process: an abort rejects it, as that of a real `fetch`. */
class FetchOutput extends WebOutput {
  protected override abandon(reason: unknown): void {
    this.rejectWith(reason);
  }
}
