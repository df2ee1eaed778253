import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import {
  deadPort,
  HeardSink,
  requestTo,
  serveHttp,
  serveTcp,
  signal,
} from "../../ai-lib/test/support/loopback.js";
import { hasProxy, undiciTransport } from "../src/undici-transport.js";

const transport = undiciTransport();
afterAll(() => transport.close?.());

describe("the transport on undici", () => {
  it("delivers head, body and end after open has returned, without cookies", async () => {
    const server = await serveHttp((request, response) => {
      response.writeHead(201, { "x-one": "1", "Set-Cookie": "session=secret" });
      request.on("data", (chunk) => response.write(chunk));
      request.on("end", () => response.end(` by ${request.method} ${request.url}`));
    });
    const sink = new HeardSink();
    transport.open(requestTo(`${server.url}/a?b=c`, { method: "POST", body: "grüße" }), sink);
    expect(sink.status).toBeUndefined();
    expect(await sink.ending).toBe("end");
    expect([sink.status, sink.text, sink.headers["x-one"]]).toEqual([201, "grüße by POST /a?b=c", "1"]);
    expect(sink.headers["set-cookie"]).toBeUndefined();
  });

  it.each([
    ["gzip", gzipSync("zipped")],
    ["br", brotliCompressSync("zipped")],
  ])("undoes %s", async (coding, body) => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(200, { "content-encoding": coding }).end(body);
    });
    const sink = new HeardSink();
    transport.open(requestTo(server.url, {}), sink);
    expect(await sink.ending).toBe("end");
    expect([sink.text, sink.headers["content-encoding"]]).toEqual(["zipped", undefined]);
  });

  it("does not follow a redirect", async () => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    const sink = new HeardSink();
    transport.open(requestTo(server.url, { headers: { authorization: "Bearer k" } }), sink);
    expect(await sink.ending).toBe("end");
    expect(sink.status).toBe(307);
  });

  it.each([
    ["fewer bytes than announced", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"],
    ["a chunk that is cut", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab"],
    ["no head", "HTTP/1.1 2"],
  ])("fails for a reply with %s, and never ends it", async (_, reply) => {
    const server = await serveTcp((socket) => socket.once("data", () => socket.end(reply)));
    const sink = new HeardSink();
    transport.open(requestTo(server.url, {}), sink);
    expect(await sink.ending).toBe("fail");
    expect(sink.ended).toBe(0);
  });

  it("fails if nothing listens", async () => {
    const sink = new HeardSink();
    transport.open(requestTo(`http://127.0.0.1:${await deadPort()}`, {}), sink);
    expect(await sink.ending).toBe("fail");
    expect(sink.error?.code).toBe("NETWORK_ERROR");
  });

  it("closes the connection on an abort, and is silent then", async () => {
    const closed = signal();
    const server = await serveHttp((_request, response) => {
      response.write("begun");
      response.on("close", () => closed.give());
    });
    const sink = new HeardSink();
    const flow = transport.open(requestTo(server.url, {}), sink);
    await expect.poll(() => sink.text).toBe("begun");
    flow.abort();
    await closed.given;
    expect([sink.ended, sink.text]).toEqual([0, "begun"]);
  });

  it("reports when the environment asks for a proxy", () => {
    expect([
      hasProxy({}),
      hasProxy({ https_proxy: "http://p" }),
      hasProxy({ AI_PROXY_URL: "http://p" }),
    ]).toEqual([false, true, true]);
  });
});
