import type { DialectId } from "../../core/contract/dialect.js";
import type { AuthStyle } from "../../core/contract/transport.js";
import type { Kind } from "../../core/values/kinds.js";
import type { ModelFacts } from "../../core/values/model.js";
import type { QuirksOf } from "./quirks.js";

/** A variable part of an endpoint: region, resource, project. */
export interface EndpointVariable {
  /** Environment variables that set it, the first that is set wins. */
  readonly env: readonly string[];
  readonly default?: string;
  /** What it is, for errors and the docs. */
  readonly what: string;
  /**
   * Its value is a server's address, in the forms that people write one: this scheme and port are taken where it
   * has none, and a trailing slash is dropped. Databricks writes `DATABRICKS_HOST` with a scheme and without,
   * Ollama `OLLAMA_HOST` as `0.0.0.0`, `gpu:11434` or a URL.
   */
  readonly address?: { readonly scheme: "http" | "https"; readonly port?: number };
}

/** How an endpoint serves one kind of call besides chat. */
export interface KindData {
  /** The model asked for where a request names none. */
  readonly model?: string;
  /** Path where it is not the dialect's own. May hold `{model}` and `{variables}`. */
  readonly path?: string;
}

/**
 * A provider as plain data: an endpoint that speaks a known dialect. The files of the prebuilt providers have this
 * shape, and {@link defineProvider} takes the same for your own.
 *
 * The type of `quirks` follows from `dialect`.
 */
export type ProviderData<D extends DialectId = DialectId> = { readonly [P in D]: ProviderFields<P> }[D];

/** The fields of {@link ProviderData}, of one dialect. */
export interface ProviderFields<D extends DialectId> {
  /** Lower case, digits and dashes. The key of `extensions`, the name in trails and metrics. */
  readonly id: string;
  /** The name for people. Default: the id. */
  readonly label?: string;
  readonly dialect: D;
  /** Scheme, host and path prefix. May hold `{variables}`. */
  readonly baseUrl: string;
  /**
   * Base URLs for single values of a variable that `baseUrl` does not fit: by variable, then by value. Vertex AI's
   * global endpoint stands on another host than the regional ones.
   */
  readonly baseUrlWhen?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Default: `{ style: "bearer" }`. */
  readonly auth?: AuthStyle;
  /** Further variables that may hold the key, after `<ID>_API_KEY`. */
  readonly keyEnv?: readonly string[];
  /** Works without a key, such as a local server. Default false. */
  readonly keyOptional?: boolean;
  /** Where a person gets a key. */
  readonly keyUrl?: string;
  /** The model asked for where a request names none. */
  readonly model?: string;
  /** What is known of its models. */
  readonly models?: Readonly<Record<string, ModelFacts>>;
  /**
   * Values of the `{variables}` in `baseUrl`, `path`, `query` and `headers`. A query parameter or header whose
   * variable has no value is left out; elsewhere a missing value is an error.
   */
  readonly variables?: Readonly<Record<string, EndpointVariable>>;
  /** Path of chat calls where it is not the dialect's own. May hold `{model}` and `{variables}`. */
  readonly path?: string;
  /** The same for streaming calls. Default: `path`. */
  readonly streamPath?: string;
  /** Path of the free model list where it is not the dialect's own; null where the endpoint has none. */
  readonly modelsPath?: string | null;
  /** Kinds of call besides chat that the endpoint serves. */
  readonly kinds?: { readonly [K in Exclude<Kind, "chat">]?: KindData };
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Deviations from the dialect. Each has a name, which the dialect documents. */
  readonly quirks?: QuirksOf<D>;
  /** Runs on the user's own machine: the command line looks for it where no key is set. Default: false. */
  readonly local?: boolean;
  /**
   * The order in which the command line chooses, from 1, among providers whose key is set and among local ones.
   * Default, and null: after all that have a number.
   */
  readonly preferred?: number | null;
  /**
   * Its id in the price catalogue, an `id` of https://github.com/pydantic/genai-prices/tree/main/prices/providers.
   * Default, and null: the catalogue has no prices for it. A subscription has no price per token, and a vendor's
   * Chinese platform has prices of its own.
   */
  readonly priceId?: string | null;
  /**
   * Its name in the GenAI conventions of OpenTelemetry, where that is not its id: a value of `gen_ai.provider.name` of
   * https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/.
   */
  readonly telemetryName?: string;
  /** Where it stores files. */
  readonly files?: {
    readonly path: string;
    /** Largest file, in bytes. */
    readonly maxBytes: number;
    /** One form (OpenAI, Anthropic, Mistral), or Google's resumable protocol in two requests. */
    readonly protocol: "multipart" | "resumable";
    /** Further fields of the form. */
    readonly fields?: Readonly<Record<string, string>>;
  };
  /** Pages that these facts were taken from. */
  readonly docs?: readonly string[];
}
