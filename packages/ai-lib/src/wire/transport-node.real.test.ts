import * as http from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  HeardSink,
  requestTo,
  serveHttp,
  serveHttps,
  serveTcp,
  signal,
  TEST_CERTIFICATE,
} from "../../test/support/loopback.js";
import type { TransportRequest } from "../core/contract/transport.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { defaultTransport, type NodeTransportOptions, nodeTransport } from "./transport-node.js";

async function ask(
  transport: ReturnType<typeof nodeTransport>,
  url: string,
  rest: Partial<TransportRequest> = {},
): Promise<HeardSink> {
  const sink = new HeardSink();
  transport.open(requestTo(url, rest), sink);
  await sink.ending;
  return sink;
}

describe("the node transport", () => {
  it("keeps connections alive and uses them again", async () => {
    const server = await serveHttp((_request, response) => void response.end("ok"));
    const transport = nodeTransport({ proxy: false });
    for (let i = 0; i < 5; i++) expect((await ask(transport, server.url)).text).toBe("ok");
    expect(server.accepted()).toBe(1);
    await transport.close?.();
    await server.idle();
  });

  it("keeps none alive where idleSocketMs is 0", async () => {
    const server = await serveHttp((_request, response) => void response.end("ok"));
    const transport = nodeTransport({ proxy: false, idleSocketMs: 0 });
    for (let i = 0; i < 2; i++) await ask(transport, server.url);
    expect(server.accepted()).toBe(2);
    await server.idle();
  });

  it("closes a connection that has been idle for idleSocketMs", async () => {
    const server = await serveHttp((_request, response) => void response.end("ok"));
    await ask(nodeTransport({ proxy: false, idleSocketMs: 30 }), server.url);
    await server.idle();
  });

  it("opens no more connections than maxSockets", async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    const server = await serveHttp((_request, response) => {
      most = Math.max(
        most,
        waiting.push(() => response.end("ok")),
      );
      // Answered two by two, so that both connections must be in use.
      if (waiting.length === 2) for (const answer of waiting.splice(0)) answer();
    });
    const transport = nodeTransport({ proxy: false, maxSockets: 2 });
    await Promise.all(Array.from({ length: 8 }, () => ask(transport, server.url)));
    expect(most).toBe(2);
    expect(server.accepted()).toBe(2);
  });

  it("uses an agent of the user's own", async () => {
    const server = await serveHttp((_request, response) => void response.end("ok"));
    const agent = new http.Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    await ask(nodeTransport({ agent }), server.url);
    expect(Object.keys(agent.freeSockets)).toHaveLength(1);
  });

  it.each<[string, NodeTransportOptions, RegExp]>([
    ["an agent and maxSockets", { agent: new http.Agent(), maxSockets: 1 }, /agent/],
    ["an agent and a proxy", { agent: new http.Agent(), proxy: "http://p" }, /agent/],
    ["no sockets at all", { maxSockets: 0 }, /maxSockets/],
    ["a negative time", { idleSocketMs: -1 }, /idleSocketMs/],
    ["a malformed proxy", { proxy: "not a url" }, /proxy/i],
    ["a proxy that is not spoken", { proxy: "socks5://user:pw@h" }, /socks5/],
    ["an unknown name", { prox: "x" } as never, /"prox"/],
  ])("refuses options with %s", (_name, options, message) => {
    expect(() => nodeTransport(options)).toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR", message: expect.stringMatching(message) }),
    );
  });

  it("is shared by all providers without one", () => {
    expect(defaultTransport()).toBe(defaultTransport());
  });

  it.each([
    ["GET", {}, "gzip"],
    ["POST", {}, "identity"],
    ["POST", { "accept-encoding": "br" }, "br"],
  ])("asks by %s with the headers %j for the coding %s", async (method, headers, coding) => {
    const server = await serveHttp(
      (request, response) => void response.end(request.headers["accept-encoding"]),
    );
    const heard = await ask(nodeTransport({ proxy: false }), server.url, { method, headers });
    expect(heard.text).toBe(coding);
  });

  it("fails a coding that it cannot undo", async () => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(200, { "content-encoding": "zstd" }).end("x");
    });
    const heard = await ask(nodeTransport({ proxy: false }), server.url);
    expect(heard.error?.code).toBe("INVALID_RESPONSE");
    await server.idle();
  });

  it("fails a gzip body cut in the middle, also if nothing announced its length", async () => {
    const server = await serveTcp((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n");
        socket.end(gzipSync("short".repeat(1000)).subarray(0, 20));
      });
    });
    const heard = await ask(nodeTransport({ proxy: false }), server.url);
    expect(heard).toMatchObject({ status: 200, ended: 0, failed: 1, error: { code: "NETWORK_ERROR" } });
  });

  it("reports a server that does not speak HTTP", async () => {
    const server = await serveTcp((socket) => socket.end("SSH-2.0-OpenSSH_9.0\r\n"));
    const heard = await ask(nodeTransport({ proxy: false }), server.url);
    expect(heard.error).toMatchObject({
      code: "INVALID_RESPONSE",
      message: expect.stringContaining("did not answer in HTTP"),
    });
  });

  it("carries a user and password of the URL as basic authorization", async () => {
    const server = await serveHttp((request, response) => void response.end(request.headers.authorization));
    const url = server.url.replace("http://", "http://me:p%40ss@");
    const heard = await ask(nodeTransport({ proxy: false }), url);
    expect(heard.text).toBe(`Basic ${btoa("me:p@ss")}`);
  });

  it("lets a server answer before it has read the whole upload", async () => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(413).end("too large");
    });
    const released = signal();
    const body = (async function* () {
      try {
        for (;;) yield new Uint8Array(65_536);
      } finally {
        released.give();
      }
    })();
    const heard = await ask(nodeTransport({ proxy: false }), server.url, { method: "POST", body });
    expect(heard.status).toBe(413);
    expect(heard.text).toBe("too large");
    await released.given;
  });
});

describe("the connect timeout", () => {
  /** Takes connections and never says anything, so that TLS never stands. */
  function mute() {
    return serveTcp((socket) => socket.resume());
  }

  it("ends a handshake that does not come, by the call's own clock, and closes the socket", async () => {
    const server = await mute();
    const clock = new VirtualClock(0);
    const sink = new HeardSink();
    nodeTransport({ proxy: false }).open(
      requestTo(server.url.replace("http:", "https:"), { connectMs: 3000, clock }),
      sink,
    );
    while (server.accepted() === 0 || clock.pending === 0)
      await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(2999);
    expect(sink.failed).toBe(0);
    await clock.advance(1);
    expect(sink.error).toMatchObject({
      code: "NETWORK_ERROR",
      message: expect.stringContaining("connectMs (3000 ms)"),
    });
    expect(clock.pending).toBe(0);
    await server.idle();
  });

  it("leaves no timer behind once the connection is established, however long the reply takes", async () => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(200);
      response.write("x");
    });
    const clock = new VirtualClock(0);
    const sink = new HeardSink();
    const flow = nodeTransport({ proxy: false }).open(requestTo(server.url, { connectMs: 10, clock }), sink);
    await sink.headed;
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(sink.failed).toBe(0);
    flow.abort();
  });

  it("is cancelled by an abort", async () => {
    const server = await mute();
    const clock = new VirtualClock(0);
    const sink = new HeardSink();
    const flow = nodeTransport({ proxy: false }).open(
      requestTo(server.url.replace("http:", "https:"), { clock }),
      sink,
    );
    while (server.accepted() === 0 || clock.pending === 0)
      await new Promise((resolve) => setImmediate(resolve));
    flow.abort();
    expect(clock.pending).toBe(0);
    await server.idle();
    expect(sink.failed).toBe(0);
  });
});

describe("a reused connection that the server closed in the meantime", () => {
  /** Answers the first request on a connection and resets the connection at the second. */
  async function forgetful(): Promise<{ url: string; asked: () => number; accepted: () => number }> {
    let asked = 0;
    const server = await serveTcp((socket) => {
      let seen = 0;
      socket.on("data", () => {
        asked++;
        if (++seen > 1) socket.resetAndDestroy();
        else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      });
    });
    return { url: server.url, asked: () => asked, accepted: server.accepted };
  }

  /** Makes a connection, leaves it idle for so long, and asks again. */
  async function askTwice(
    server: { url: string },
    idleMs: number,
    rest: Partial<TransportRequest>,
  ): Promise<HeardSink> {
    const transport = nodeTransport({ proxy: false });
    const clock = new VirtualClock(0);
    await ask(transport, server.url, { clock });
    await clock.advance(idleMs);
    return ask(transport, server.url, { clock, ...rest });
  }

  it.each([0, 999, 25_000])("is replaced once by a fresh one after %i ms, unnoticed", async (idleMs) => {
    const server = await forgetful();
    const second = await askTwice(server, idleMs, { method: "POST", body: "again" });
    expect(second).toMatchObject({ ended: 1, failed: 0, text: "ok" });
    expect(server.accepted()).toBe(2);
    expect(server.asked()).toBe(3);
  });

  it.each(["", "connection: close\r\n"])(
    "serves 40 of 40 calls of a server that closes after each reply and says %j",
    async (header) => {
      const server = await serveTcp((socket) => {
        socket.on("data", () => {
          socket.write(`HTTP/1.1 200 OK\r\n${header}content-length: 2\r\n\r\nok`);
          // The reply arrives first, and the next request may be on its way already.
          setTimeout(() => socket.resetAndDestroy(), 1);
        });
      });
      const transport = nodeTransport({ proxy: false });
      const codes: (string | undefined)[] = [];
      for (let i = 0; i < 40; i++)
        codes.push((await ask(transport, server.url, { method: "POST", body: "again" })).error?.code);
      expect(codes).toEqual(Array.from({ length: 40 }, () => undefined));
    },
  );

  it("is not replaced for a body that cannot be sent again", async () => {
    const server = await forgetful();
    const body = (async function* () {
      yield new Uint8Array(1);
    })();
    const second = await askTwice(server, 25_000, { method: "POST", body });
    expect(second.error?.code).toBe("NETWORK_ERROR");
  });

  it("is not replaced once a byte of the reply has come", async () => {
    let asked = 0;
    const server = await serveTcp((socket) => {
      let seen = 0;
      socket.on("data", () => {
        asked++;
        if (++seen > 1) socket.end("HTTP/1.1 2");
        else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      });
    });
    const second = await askTwice(server, 25_000, {});
    expect(second.error?.code).toBe("NETWORK_ERROR");
    expect(asked).toBe(2);
  });

  it("is a failure on a fresh connection", async () => {
    let asked = 0;
    const server = await serveTcp((socket) => {
      socket.on("data", () => {
        asked++;
        socket.resetAndDestroy();
      });
    });
    const heard = await ask(nodeTransport({ proxy: false }), server.url);
    expect(heard.error?.code).toBe("NETWORK_ERROR");
    expect(asked).toBe(1);
  });
});

describe("TLS", () => {
  it("works with an authority of the user's own", async () => {
    const server = await serveHttps((_request, response) => void response.end("safe"));
    const transport = nodeTransport({ proxy: false, ca: TEST_CERTIFICATE });
    expect((await ask(transport, server.url)).text).toBe("safe");
    expect((await ask(transport, server.url)).text).toBe("safe");
    expect(server.accepted()).toBe(1);
  });

  it("fails for an untrusted certificate, and says what to do", async () => {
    const server = await serveHttps((_request, response) => void response.end("unsafe"));
    const heard = await ask(nodeTransport({ proxy: false }), `${server.url}/?key=sk-secret`);
    expect(heard.error).toMatchObject({
      code: "NETWORK_ERROR",
      message: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
    expect(JSON.stringify(heard.error)).not.toContain("sk-secret");
  });

  it("fails for a certificate of another name", async () => {
    const server = await serveHttps((_request, response) => void response.end("unsafe"));
    const transport = nodeTransport({ proxy: false, ca: TEST_CERTIFICATE });
    const heard = await ask(transport, server.url.replace("127.0.0.1", "127.0.0.2"));
    expect(heard.error?.code).toBe("NETWORK_ERROR");
  });

  it("fails against a server that speaks plain HTTP", async () => {
    const server = await serveHttp((_request, response) => void response.end());
    const heard = await ask(nodeTransport({ proxy: false }), server.url.replace("http:", "https:"));
    expect(heard.error).toMatchObject({ code: "NETWORK_ERROR", message: expect.stringContaining("http") });
  });
});

describe("10,000 requests", () => {
  it("leave no socket, listener or timer behind", { timeout: 60_000 }, async () => {
    const server = await serveHttp((request, response) => {
      request.resume();
      response.write("data: 1\n\n");
      if (request.url === "/open") return;
      response.end("data: 2\n\n");
    });
    const transport = nodeTransport({ proxy: false });
    const clock = new VirtualClock(0);
    const leaving: Promise<unknown>[] = [];
    const one = (i: number): Promise<unknown> => {
      const sink = new HeardSink();
      const stays = i % 10 === 0;
      const flow = transport.open(
        requestTo(server.url + (stays ? "/open" : "/"), { method: "POST", body: "{}", clock }),
        sink,
      );
      if (!stays) return sink.ending;
      // One in ten is left after its first read.
      const left = signal();
      sink.onData = () => {
        flow.abort();
        left.give();
      };
      return left.given;
    };
    for (let i = 0; i < 10_000; ) {
      leaving.length = 0;
      for (let j = 0; j < 50; j++, i++) leaving.push(one(i));
      await Promise.all(leaving);
    }
    expect(clock.pending).toBe(0);
    for (const socket of server.sockets) expect(socket.listenerCount("close")).toBeLessThan(12);
    expect(server.sockets.size).toBeLessThanOrEqual(100);
    await transport.close?.();
    await server.idle();
    // Node's own view: nothing of ours holds the process.
    const held = process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap");
    expect(held).toEqual([]);
  });
});

describe("a host of several addresses", () => {
  it("is reached at the one that answers", async () => {
    const server = await serveHttp((_request, response) => void response.end("ok"));
    const heard = await ask(nodeTransport({ proxy: false }), `http://localhost:${server.port}`);
    expect(heard.text).toBe("ok");
  });
});
