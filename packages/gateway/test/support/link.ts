import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What a link does with bytes of a client. */
type Verdict = "pass" | "hold";

/**
 * A TCP proxy on loopback. It can stall, reset connections, and hold back what clients send: a network that is cut, a
 * server that is restarted, and a packet that arrives late.
 */
export class Link {
  /** Decides about bytes of clients; what is held is sent by `deliver`, also where the client has left. */
  onSent: (bytes: Buffer) => Verdict = () => "pass";
  private stalled = false;
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly lost: Socket[] = [];
  private held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(port: number): Promise<Link> {
    const server = createServer((client) => link.join(client, connect(port, "127.0.0.1")));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const link: Link = new Link(server, (server.address() as AddressInfo).port);
    return link;
  }

  /** The same place behind this link. */
  url(place: string): string {
    const url = new URL(place);
    url.port = String(this.port);
    return url.href;
  }

  /** From here on nothing passes, and nobody notices: also for new connections. */
  stall(): void {
    this.stalled = true;
    for (const [client, server] of this.pairs) {
      client.pause();
      server.pause();
    }
  }

  /** Nothing passes on the connections that there are, and nobody notices. New ones work. */
  cut(): void {
    for (const pair of this.pairs) {
      for (const socket of pair) socket.pause();
      this.pairs.delete(pair);
      this.lost.push(...pair);
    }
  }

  /** Bytes pass again, those of stalled connections as well. */
  resume(): void {
    this.stalled = false;
    for (const [client, server] of this.pairs) {
      client.resume();
      server.resume();
    }
  }

  /** Sends what was held back. */
  deliver(): void {
    for (const send of this.held) send();
    this.held = [];
  }

  /** Ends all connections at once. */
  reset(): void {
    for (const [client, server] of this.pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    this.reset();
    for (const socket of this.lost) socket.destroy();
    this.server.close();
    await once(this.server, "close");
  }

  private join(client: Socket, server: Socket): void {
    const pair = [client, server] as const;
    this.pairs.add(pair);
    let holds = 0;
    const end = () => {
      if (holds > 0) return;
      server.destroy();
      client.destroy();
      this.pairs.delete(pair);
    };
    client.on("data", (bytes: Buffer) => {
      if (this.onSent(bytes) === "pass") return void server.write(bytes);
      holds++;
      this.held.push(() => {
        holds--;
        server.write(bytes, () => {
          if (client.destroyed) server.end();
        });
      });
    });
    server.on("data", (bytes: Buffer) => void (client.writable && client.write(bytes)));
    for (const socket of [client, server]) socket.on("error", () => undefined);
    client.on("close", end);
    server.on("close", () => {
      holds = 0;
      end();
    });
    if (this.stalled) {
      client.pause();
      server.pause();
    }
  }
}
