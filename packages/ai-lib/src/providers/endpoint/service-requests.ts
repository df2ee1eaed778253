import type { CallContext } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget } from "../../core/contract/dialect.js";
import type { FileContent } from "../../core/contract/file.js";
import type { HttpReply, Transport, TransportRequest } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { maskError } from "../../core/errors/mask-error.js";
import type { Target } from "../../core/values/target.js";
import { errorOfReply } from "./errors.js";
import { type OpenedReply, readOnce } from "./read-once.js";
import { requestOnce, within } from "./request-once.js";
import type { EndpointRequests, PreparedRequest } from "./requests.js";

/** What requests outside of calls need of their endpoint. */
export interface ServiceEndpoint {
  readonly half: ClientHalf;
  readonly transport: Transport;
  readonly requests: EndpointRequests;
  readonly target: Target;
  /** @param now epoch milliseconds */
  dialectTarget(now: number): DialectTarget;
}

/** Requests of an endpoint outside of calls: for lists of models, files, batches and jobs. */
export class ServiceRequests {
  constructor(private readonly endpoint: ServiceEndpoint) {}

  /**
   * Sends a request and decodes its reply. Errors, those of `decode` included, hold no secret of the request.
   * @throws {AiLibError} the error that a reply other than 2xx means, else as the transport and `decode` do.
   */
  send<T>(
    http: PreparedRequest,
    context: CallContext,
    decode: (reply: HttpReply, redact: (text: string) => string) => T,
  ): Promise<T> {
    return this.exchange(http, context, requestOnce, decode);
  }

  /**
   * Sends a request and resolves to the bytes of its reply.
   * @throws {AiLibError} as {@link send} does.
   */
  read(http: PreparedRequest, context: CallContext): Promise<FileContent> {
    return this.exchange(http, context, readOnce, (reply) => {
      if (reply.content !== undefined) return reply.content;
      throw new AiLibError({ code: "INVALID_RESPONSE", message: "The file store answered without a file" });
    });
  }

  private async exchange<R extends HttpReply | OpenedReply, T>(
    http: PreparedRequest,
    context: CallContext,
    send: (transport: Transport, request: TransportRequest, context: CallContext) => Promise<R>,
    decode: (reply: R, redact: (text: string) => string) => T,
  ): Promise<T> {
    const { half, transport, requests } = this.endpoint;
    const prepare = () => requests.make(http, context.headers, context);
    let request = await within(context, prepare());
    let mask = requests.mask(request, transport);
    const redact = (text: string) => mask.piece(text);
    try {
      let reply = await send(transport, request, context);
      const renewed = reply.status === 401 ? requests.renewal(prepare)?.(request) : undefined;
      const again = renewed === undefined ? undefined : await within(context, renewed);
      if (again !== undefined) {
        request = again;
        mask = requests.mask(request, transport);
        reply = await send(transport, request, context);
      }
      if (reply.status >= 200 && reply.status <= 299) return decode(reply, redact);
      const target = { ...this.endpoint.dialectTarget(context.clock.now()), redact };
      throw errorOfReply(reply as HttpReply, { half, target, url: request.url }).with({
        target: this.endpoint.target,
      });
    } catch (error) {
      throw maskError(AiLibError.from(error, "INVALID_RESPONSE"), mask);
    }
  }
}
