import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import * as net from "node:net";
import { onTestFinished } from "vitest";
import { systemClock } from "../../src/core/contract/clock.js";
import type { TransportRequest, TransportSink } from "../../src/core/contract/transport.js";
import type { AiLibError } from "../../src/core/errors/error.js";

/** Made for these tests, for localhost, 127.0.0.1 and model.test; valid from 2020 to 2120. */
export const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUM/56B0PMryQpks0
evt5+hZ4ygwTUgiOBij8QKrrA0yhRANCAAQ5kTT5OtU+p1sqzIka4ULDKQfh3cLV
ZxMbIFjWHWyAB8+KLV91ShtQUth9oXBIoRIoBlx56aafVgrZHsLP368g
-----END PRIVATE KEY-----
`;
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBcTCCARagAwIBAgIBAjAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDmRNPk61T6nWyrM
iRrhQsMpB+HdwtVnExsgWNYdbIAHz4otX3VKG1BS2H2hcEihEigGXHnppp9WCtke
ws/fryCjVzBVMAwGA1UdEwQFMAMBAf8wJgYDVR0RBB8wHYIJbG9jYWxob3N0ggpt
b2RlbC50ZXN0hwR/AAABMB0GA1UdDgQWBBTPL8X1AaheG09H04jCazLpK6s6nDAK
BggqhkjOPQQDAgNJADBGAiEAyRLJZMFMZK+6cVKuUMeXU4kSVajzGmKguWo0IExS
LpYCIQD179JlWtMkcbLi1kuNKMOeijlcpr+ytJ3wq60T18fzkA==
-----END CERTIFICATE-----
`;

/** A server on 127.0.0.1 that is closed with its test. */
export interface Loopback {
  readonly url: string;
  readonly port: number;
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** Connections accepted so far. */
  accepted(): number;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
}

/** Runs a server on a free port. */
export async function serveServer(server: net.Server, scheme: string): Promise<Loopback> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  let waiting: (() => void)[] = [];
  server.on("connection", (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const wake of waiting) wake();
      waiting = [];
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    sockets,
    accepted: () => accepted,
    idle: () =>
      sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(() => resolve())),
  };
}

/** An HTTP server. */
export function serveHttp(handler: http.RequestListener): Promise<Loopback> {
  return serveServer(http.createServer(handler), "http");
}

/** An HTTPS server with the certificate above, which nobody trusts unasked. */
export function serveHttps(handler: http.RequestListener): Promise<Loopback> {
  return serveServer(https.createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, handler), "https");
}

/** A bare TCP server, for what no HTTP server would do. */
export function serveTcp(handler: (socket: Socket) => void): Promise<Loopback> {
  return serveServer(net.createServer(handler), "http");
}

/** A port on which nothing listens. */
export async function deadPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A sink that keeps what it hears. */
export class HeardSink implements TransportSink {
  status: number | undefined;
  headers: Readonly<Record<string, string>> = {};
  readonly chunks: Uint8Array[] = [];
  error: AiLibError | undefined;
  ended = 0;
  failed = 0;
  /** Resolves with the first ending. */
  readonly ending: Promise<"end" | "fail">;
  /** Resolves with the head. */
  readonly headed: Promise<number>;
  onData: ((chunk: Uint8Array) => void) | undefined;
  onHead: (() => void) | undefined;
  private settle: (ending: "end" | "fail") => void = () => {};
  private settleHead: (status: number) => void = () => {};

  constructor() {
    this.ending = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.headed = new Promise((resolve) => {
      this.settleHead = resolve;
    });
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    this.status = status;
    this.headers = headers;
    this.settleHead(status);
    this.onHead?.();
  }

  data(chunk: Uint8Array): void {
    this.chunks.push(Uint8Array.from(chunk));
    this.onData?.(chunk);
  }

  end(): void {
    this.ended++;
    this.settle("end");
  }

  fail(error: AiLibError): void {
    this.failed++;
    this.error = error;
    this.settle("fail");
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString("utf8");
  }
}

/** A request with everything that most tests do not care about. */
export function requestTo(url: string, rest: Partial<TransportRequest> = {}): TransportRequest {
  return { url, method: "GET", headers: {}, connectMs: 5_000, clock: systemClock, ...rest };
}

/** Something that a test waits for. */
export function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = () => resolve();
  });
  return { given, give };
}
