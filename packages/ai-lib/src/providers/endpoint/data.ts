import type { BatchApi } from "../../apis/batches/names.js";
import type { FileApi } from "../../apis/files/names.js";
import type { KindApi } from "../../apis/index.js";
import type { BatchFacts } from "../../core/contract/batch-service.js";
import type { DialectId } from "../../core/contract/dialect.js";
import type { AuthStyle } from "../../core/contract/transport.js";
import type { Kind } from "../../core/values/kinds.js";
import type { ModelFacts } from "../../core/values/model.js";
import type { KnownVoices } from "../../core/values/speech.js";
import type { QuirksOf } from "./quirks.js";

/** A variable part of an endpoint, such as a region, a resource or a project. */
export interface EndpointVariable {
  /** Environment variables that set it. The first one that is set counts. */
  readonly env: readonly string[];
  readonly default?: string;
  /** A description, for error messages and the documentation. */
  readonly what: string;
  /**
   * Set if the value is the address of a server. A missing scheme or port is filled in from here, and a trailing slash
   * is removed. Databricks documents `DATABRICKS_HOST` with and without a scheme, Ollama `OLLAMA_HOST` as `0.0.0.0`,
   * `gpu:11434` or a URL.
   */
  readonly address?: { readonly scheme: "http" | "https"; readonly port?: number };
}

/**
 * A form of credential that is sent differently from the provider's key. The beginning of a credential, its type or its
 * variable determines its form; the first form that matches counts.
 */
export interface CredentialForm {
  /** How keys of the form begin. */
  readonly prefixes?: readonly string[];
  /** A function that returns tokens has the form. Default: false. */
  readonly tokens?: boolean;
  /** Environment variables that hold one. They are read after those of the key. */
  readonly env?: readonly string[];
  readonly auth: AuthStyle;
  /** The base URL for it, if it is not the provider's. */
  readonly baseUrl?: string;
}

/** How an endpoint serves one kind of call besides chat. */
export interface KindData {
  /** The model of a request that names none. */
  readonly model?: string;
  /** The path, if it is not that of the dialect or API. May contain `{model}` and `{variables}`. */
  readonly path?: string;
  /** An API of this kind that belongs to no dialect. Default: that of the dialect. */
  readonly api?: KindApi;
}

/** The batches of an endpoint. */
export interface BatchesData extends Omit<BatchFacts, "missing"> {
  /** How their requests are written. */
  readonly api: BatchApi;
  /** Names of `variables` without which the endpoint has no batches. Default: none. */
  readonly needs?: readonly string[];
}

/** The voices of an endpoint. */
export interface SpeechData extends KindData {
  /** Voices of the endpoint, for its default voice and for advice about a voice that it refuses. */
  readonly voices?: KnownVoices;
}

/**
 * A provider as plain data: an endpoint that speaks a known dialect. The files of the prebuilt providers have this
 * shape, and {@link defineProvider} takes the same for your own.
 *
 * The type of `quirks` follows from `dialect`.
 */
export type ProviderData<D extends DialectId = DialectId> = { readonly [P in D]: ProviderFields<P> }[D];

/** The kinds of call that an endpoint answers. The tokens of a chat are estimated where it does not count them. */
export function kindsOfData({ chat, kinds = {} }: Pick<ProviderData, "chat" | "kinds">): string[] {
  const base = chat === false ? [] : ["chat", "countTokens"];
  return [...new Set([...base, ...Object.keys(kinds)])];
}

/** The fields of {@link ProviderData}, of one dialect. */
export interface ProviderFields<D extends DialectId> {
  /** Lower-case letters, digits and dashes. The key of `extensions`, and the name in attempt logs and metrics. */
  readonly id: string;
  /** The display name. Default: the id. */
  readonly label?: string;
  readonly dialect: D;
  /** Scheme, host and path prefix. May contain `{variables}`. */
  readonly baseUrl: string;
  /**
   * Base URLs for single values of a variable, by variable and then by value. Vertex AI's global endpoint has another
   * host than the regional ones.
   */
  readonly baseUrlWhen?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Default: `{ style: "bearer" }`. */
  readonly auth?: AuthStyle;
  /** Environment variables for the key, read after `<ID>_API_KEY`. */
  readonly keyEnv?: readonly string[];
  /** Other forms of credentials, such as the tokens of a cloud. */
  readonly credentials?: readonly CredentialForm[];
  /**
   * Environment variables with the path of a credentials file of Google Cloud (a service account, or the user's own
   * login). They are read where no key is set.
   */
  readonly googleCredentialsEnv?: readonly string[];
  /** Environment variables with the base URL, read after `<ID>_BASE_URL`. */
  readonly baseUrlEnv?: readonly string[];
  /**
   * Environment variables with the address of the user's own server or resource, read after those of
   * the base URL. The path of `baseUrl` is added where it is missing.
   */
  readonly addressEnv?: readonly string[];
  /** Works without a key, as local servers do. Default: false. */
  readonly keyOptional?: boolean;
  /** The page where users get a key. */
  readonly keyUrl?: string;
  /** The model of a request that names none. */
  readonly model?: string;
  /** Facts of its models, by model id. */
  readonly models?: Readonly<Record<string, ModelFacts>>;
  /**
   * The models that continue the text of an assistant message at the end of a conversation: ids, in which `*` matches
   * any text. Default: none, unless the facts of a model say so.
   */
  readonly prefill?: readonly string[];
  /**
   * The head of a stream arrives before the model reasons, so that `headMs` also applies to models that reason. Default
   * false: such a model may be silent for minutes.
   */
  readonly headFirst?: boolean;
  /**
   * The `{variables}` in `baseUrl`, `path`, `query` and `headers`. A query parameter or header whose variable has no
   * value is omitted; in a URL or a path, a missing value is an error.
   */
  readonly variables?: Readonly<Record<string, EndpointVariable>>;
  /** The path of chat calls, if it is not that of the dialect. May contain `{model}` and `{variables}`. */
  readonly path?: string;
  /** The path of streaming chat calls. Default: `path`. */
  readonly streamPath?: string;
  /** The path of the free list of models, if it is not that of the dialect. Null: the endpoint has no list. */
  readonly modelsPath?: string | null;
  /** Whether it answers chats; false for an endpoint of other kinds alone. Default: true. */
  readonly chat?: boolean;
  /** The kinds of call that the endpoint serves besides chat. */
  readonly kinds?: { readonly [K in Exclude<Kind, "chat">]?: K extends "speak" ? SpeechData : KindData };
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Deviations from the dialect. Each has a name, which the dialect documents. */
  readonly quirks?: QuirksOf<D>;
  /**
   * The dialect is this vendor's own. A gateway forwards the bytes of a client of this dialect unchanged, even if the
   * data has quirks, which are for requests of other clients.
   */
  readonly ownDialect?: boolean;
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
  /** The file store, if it has one. */
  readonly files?: {
    /** Path of the files below the base URL. */
    readonly path: string;
    /** The API of its requests. Default: that of the provider's dialect. */
    readonly api?: FileApi;
    /** The size of the largest file, in bytes. */
    readonly maxBytes: number;
    /**
     * Purpose of uploads that name none; null if every upload must name one, because files are not for chats. Default:
     * none is sent.
     */
    readonly purpose?: string | null;
    /** False if an upload cannot set when its file expires. Default: as the API allows. */
    readonly expiry?: false;
    /** @deprecated The earlier name of `api`: `multipart` is the API of the dialect, `resumable` that of Gemini. */
    readonly protocol?: "multipart" | "resumable";
    /** @deprecated Other fields of the form of an upload; `purpose` is the one that is read. */
    readonly fields?: Readonly<Record<string, string>>;
  };
  /** Batches: their limits, their price, and the API of their requests. `null`, or left out: the endpoint has none. */
  readonly batches?: BatchesData | null;
  /**
   * Domains of the vendor besides the host of `baseUrl`, to which the key may be sent where a reply names an address there:
   * `bfl.ai` means `bfl.ai` and every host below it. They do not count for a base URL of the user's own.
   */
  readonly hosts?: readonly string[];
  /**
   * Places of the vendor's own pages besides the domains of `baseUrl` and `keyUrl`: domains, and beginnings of paths on
   * shared hosts, such as `github.com/acme/`. For the documentation: pages elsewhere are marked as those of third parties.
   */
  readonly sites?: readonly string[];
  /** The pages that these facts come from. For the documentation. */
  readonly docs?: readonly string[];
}
