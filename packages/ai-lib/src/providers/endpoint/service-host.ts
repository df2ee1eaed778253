import type { BatchService } from "../../core/contract/batch-service.js";
import type { Call, CallContext } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget, KindCodec } from "../../core/contract/dialect.js";
import type { FileStore } from "../../core/contract/file.js";
import type { JobService } from "../../core/contract/job.js";
import type { Flow } from "../../core/contract/sink.js";
import type { HeaderFields, HttpRequest, TransportRequest } from "../../core/contract/transport.js";
import type { LeafFacts } from "../../core/run/attempt-record.js";
import type { OpenProvider } from "../../core/run/compose.js";
import type { Mutable } from "../../core/values/answer.js";
import type { Kind } from "../../core/values/kinds.js";
import type { ModelFacts } from "../../core/values/model.js";
import type { ProviderData } from "./data.js";
import type { Means, Sending } from "./sending.js";
import type { ServiceRequests } from "./service-requests.js";

/** What a provider does besides calls. It is apart from the provider, so that a bundle can do without. */
export interface Services {
  files(host: ServiceHost): FileStore | undefined;
  batches(host: ServiceHost): BatchService | undefined;
  jobs(host: ServiceHost): JobService | undefined;
}

/** What {@link Services} need of their provider. */
export interface ServiceHost {
  readonly provider: OpenProvider & {
    readonly data: ProviderData;
    readonly files: FileStore | undefined;
    facts(model?: string): ModelFacts | undefined;
  };
  readonly leaf: LeafFacts;
  /** Values of the endpoint's variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Requests outside of calls. */
  readonly requests: Pick<ServiceRequests, "send" | "read">;
  /** The model of a request that names none. */
  model(kind: Kind): string | undefined;
  /** @param now epoch milliseconds */
  target(model: string, now: number, kind?: Kind): Mutable<DialectTarget>;
  /** The request at the provider's own path, if it has one. */
  place(http: HttpRequest, call: Call, model: string): HttpRequest;
  /** How a kind is written and read, once that is loaded. */
  codec(kind: Kind): Promise<{ readonly half: ClientHalf; readonly codec: KindCodec<Kind> | undefined }>;
  /** Loads what a chat with tools needs. */
  prepare(): Promise<Means>;
  /** A request with its credentials. */
  make(
    http: HttpRequest,
    headers: HeaderFields,
    context: CallContext,
  ): TransportRequest | Promise<TransportRequest>;
  /** Sends an encoded request of a call. */
  exchange(parts: Sending, http: HttpRequest, headers: HeaderFields): Flow;
}
