import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AiLibError, type DialectId, type Observer, observers } from "ai-lib";
import { type NodeOutput, type RequestHead, type ServedCall, serve, serverHalves } from "ai-lib/serve";
import type { Admission, Ledger, Principal } from "./admission.js";
import { answerCall } from "./answer-call.js";
import type { ModelTable } from "./model-table.js";
import { statusReply } from "./status.js";

/** What a gateway is made of. */
export interface GatewayParts {
  readonly table: ModelTable;
  readonly admission: Admission;
  readonly ledger?: Ledger | undefined;
  /** The dialects that are spoken, in the order in which they may read a request. Default: all. */
  readonly dialects?: readonly DialectId[] | undefined;
  readonly observers?: readonly Observer[] | undefined;
  /** Called with a fault of the gateway's own code. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Where a gateway listens. */
export interface Address {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** A server that answers requests in any dialect with the models of its table. */
export class Gateway {
  private constructor(
    private readonly server: Server,
    private readonly parts: GatewayParts,
  ) {}

  /** Starts one. @throws {Error} of `node:net` where the address cannot be used. */
  static async start(parts: GatewayParts, { host, port }: Address): Promise<Gateway> {
    const server = createServer();
    const gateway = new Gateway(server, parts);
    server.on("request", await gateway.listener());
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    return gateway;
  }

  /** Scheme, host and port. */
  get url(): string {
    const { address, port, family } = this.server.address() as AddressInfo;
    return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  /** Stops listening, and closes the connections that wait for a request. Resolves when the last answer has ended. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    await closed;
    await this.parts.ledger?.close?.();
  }

  private async listener(): Promise<(request: IncomingMessage, response: ServerResponse) => void> {
    const { table, admission, ledger, dialects, observers: watching = [], onError } = this.parts;
    const principals = new WeakMap<NodeOutput, Principal>();
    const principalOf = (output: NodeOutput): Principal => {
      const principal = principals.get(output);
      if (principal !== undefined) return principal;
      throw new AiLibError({
        code: "AUTH_FAILED",
        message: "The request was not authenticated",
        local: true,
      });
    };
    const receive = (head: RequestHead, output: NodeOutput): void | Promise<void> => {
      const found = admission.authenticate(head, output.response.socket?.remoteAddress);
      if (!(found instanceof Promise)) {
        principals.set(output, found);
        return undefined;
      }
      return found.then((principal) => {
        principals.set(output, principal);
      });
    };
    const observer = watching.length === 0 ? undefined : observers(watching);
    const served = serve({
      halves: await serverHalves(dialects),
      receive,
      models: (_head, output) => {
        const principal = principalOf(output);
        return table.list().filter(({ id }) => principal.mayUse?.(id) ?? true);
      },
      handle: (call: ServedCall<NodeOutput>) =>
        answerCall(call, principalOf(call.reply.output), { table, admission, ledger, observer }),
      ...(onError !== undefined && { onError }),
    });
    return (request, response) => {
      const status = statusReply(request);
      if (status === undefined) served(request, response);
      else response.writeHead(status.status, { "content-type": "application/json" }).end(status.body);
    };
  }
}
