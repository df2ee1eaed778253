import { brotliCompressSync, createGzip, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { deadPort, HeardSink, requestTo, serveHttp, serveTcp, signal } from "../../test/support/loopback.js";
import type { Transport } from "../core/contract/transport.js";
import { fetchTransport } from "./transport-fetch.js";
import { nodeTransport } from "./transport-node.js";

const transports: readonly (readonly [string, () => Transport])[] = [
  ["node", () => nodeTransport({ proxy: false })],
  ["fetch", () => fetchTransport()],
];

describe.each(transports)("the %s transport", (_name, make) => {
  it("delivers head, body and end, in that order and after open has returned", async () => {
    const server = await serveHttp((request, response) => {
      response.writeHead(201, { "x-one": "1", "Set-Cookie": "session=secret" });
      request.on("data", (chunk) => response.write(chunk));
      request.on("end", () => response.end(` by ${request.method} ${request.url}`));
    });
    const sink = new HeardSink();
    make().open(requestTo(`${server.url}/a?b=c`, { method: "POST", body: "grüße" }), sink);
    expect(sink.status).toBeUndefined();
    expect(await sink.ending).toBe("end");
    expect(sink.status).toBe(201);
    expect(sink.headers["x-one"]).toBe("1");
    expect(sink.headers["set-cookie"]).toBeUndefined();
    expect(sink.text).toBe("grüße by POST /a?b=c");
    expect(sink.ended).toBe(1);
  });

  it.each([
    ["bytes", new TextEncoder().encode("abc")],
    ["pieces", pieces("a", "b", "c")],
  ])("sends a body of %s", async (_kind, body) => {
    const server = await serveHttp((request, response) => void request.pipe(response));
    const sink = new HeardSink();
    make().open(requestTo(server.url, { method: "POST", body }), sink);
    await sink.ending;
    expect(sink.text).toBe("abc");
  });

  it("does not follow a redirect, which would carry the credentials along", async () => {
    let asked = 0;
    const server = await serveHttp((_request, response) => {
      asked++;
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    const sink = new HeardSink();
    make().open(requestTo(server.url, { headers: { authorization: "Bearer k" } }), sink);
    expect(await sink.ending).toBe("end");
    expect(sink.status).toBe(307);
    expect(sink.headers["location"]).toBe("/elsewhere");
    expect(asked).toBe(1);
  });

  it.each([
    ["gzip", gzipSync("zipped")],
    ["deflate", deflateSync("zipped")],
    ["br", brotliCompressSync("zipped")],
  ])("undoes %s and removes the headers about it", async (coding, body) => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(200, { "content-encoding": coding, "content-length": body.length }).end(body);
    });
    const sink = new HeardSink();
    make().open(requestTo(server.url), sink);
    expect(await sink.ending).toBe("end");
    expect(sink.text).toBe("zipped");
    expect(sink.headers["content-encoding"]).toBeUndefined();
    expect(sink.headers["content-length"]).toBeUndefined();
  });

  it("gives out a compressed stream piece by piece", async () => {
    let finish = () => {};
    const server = await serveHttp((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      const zip = createGzip();
      zip.pipe(response);
      zip.write("first");
      zip.flush();
      finish = () => zip.end("last");
    });
    const sink = new HeardSink();
    const first = signal();
    sink.onData = first.give;
    make().open(requestTo(server.url), sink);
    await first.given;
    expect(sink.text).toBe("first");
    finish();
    expect(await sink.ending).toBe("end");
    expect(sink.text).toBe("firstlast");
  });

  const cut: readonly (readonly [string, string])[] = [
    ["a body shorter than its length", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort"],
    [
      "a chunked body without its last chunk",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n",
    ],
    ["a chunk cut in the middle", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n50\r\nshort"],
  ];
  it.each(cut)("fails %s, and never ends it", async (_name, raw) => {
    const server = await serveTcp((socket) => {
      socket.once("data", () => socket.end(raw));
    });
    const sink = new HeardSink();
    make().open(requestTo(server.url), sink);
    expect(await sink.ending).toBe("fail");
    expect(sink.status).toBe(200);
    expect(sink.error).toMatchObject({ code: "NETWORK_ERROR", local: false });
    expect(sink.ended).toBe(0);
  });

  it("fails a body that is reset midway", async () => {
    const server = await serveTcp((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n");
      });
    });
    const sink = new HeardSink();
    sink.onData = () => {
      for (const socket of server.sockets) socket.resetAndDestroy();
    };
    make().open(requestTo(server.url), sink);
    expect(await sink.ending).toBe("fail");
    expect(sink.error?.code).toBe("NETWORK_ERROR");
    expect(sink.text).toBe("short");
  });

  it("fails a connection that is closed before any reply", async () => {
    const server = await serveTcp((socket) => {
      socket.once("data", () => socket.end());
    });
    const sink = new HeardSink();
    make().open(requestTo(server.url), sink);
    expect(await sink.ending).toBe("fail");
    expect(sink.error?.code).toBe("NETWORK_ERROR");
    expect(sink.failed).toBe(1);
  });

  it("says what to do about a refused connection and an unknown host", async () => {
    const refused = new HeardSink();
    make().open(requestTo(`http://127.0.0.1:${await deadPort()}/?key=sk-secret`), refused);
    await refused.ending;
    expect(refused.error).toMatchObject({ code: "NETWORK_ERROR" });
    expect(refused.error?.message).toMatch(/127\.0\.0\.1:\d+.*ECONNREFUSED/);
    expect(JSON.stringify(refused.error)).not.toContain("sk-secret");
    const unknown = new HeardSink();
    make().open(requestTo("http://no-such-host.invalid/"), unknown);
    await unknown.ending;
    expect(unknown.error?.code).toBe("NETWORK_ERROR");
    expect(unknown.error?.message).toContain("no-such-host.invalid");
  });

  it.each(["nonsense", "http://", "ftp://host/x", "https://host:99999/"])(
    "refuses the address %j without showing it",
    async (url) => {
      const sink = new HeardSink();
      make().open(requestTo(url.includes("?") ? url : `${url}?key=sk-secret`), sink);
      expect(sink.failed).toBe(0);
      expect(await sink.ending).toBe("fail");
      expect(sink.error).toMatchObject({ code: "CONFIG_ERROR", local: true });
      expect(`${sink.error?.message} ${JSON.stringify(sink.error)}`).not.toContain("sk-secret");
      expect(String((sink.error?.cause as Error | undefined)?.stack)).not.toContain("sk-secret");
    },
  );

  it("refuses a header that no request can carry, naming it and not its value", async () => {
    const sink = new HeardSink();
    make().open(requestTo("http://127.0.0.1/", { headers: { authorization: "Bearer sk-secret\n" } }), sink);
    // fetch trims what stands at the ends, so a line break inside is tried as well.
    const inside = new HeardSink();
    make().open(requestTo("http://127.0.0.1:1/", { headers: { authorization: "a\nsk-secret" } }), inside);
    expect(await inside.ending).toBe("fail");
    expect(inside.error?.code).toBe("CONFIG_ERROR");
    await sink.ending;
  });

  it("closes the socket on abort, and says nothing more", async () => {
    const closed = signal();
    const server = await serveHttp((_request, response) => {
      response.once("close", closed.give);
      response.writeHead(200);
      response.write("begun");
    });
    const sink = new HeardSink();
    const began = signal();
    sink.onData = began.give;
    const flow = make().open(requestTo(server.url), sink);
    await began.given;
    flow.abort();
    await closed.given;
    expect(sink.ended + sink.failed).toBe(0);
    flow.abort();
    flow.pause();
    flow.resume();
  });

  it("closes the socket on an abort before the head", async () => {
    const asked = signal();
    const closed = signal();
    const server = await serveHttp((_request, response) => {
      response.once("close", closed.give);
      asked.give();
    });
    const sink = new HeardSink();
    const flow = make().open(requestTo(server.url), sink);
    await asked.given;
    flow.abort();
    await closed.given;
    expect(sink.ended + sink.failed).toBe(0);
    expect(sink.status).toBeUndefined();
  });

  it("sends nothing when it is aborted in the turn in which it was opened", async () => {
    const server = await serveHttp((_request, response) => void response.end());
    const sink = new HeardSink();
    const transport = make();
    transport.open(requestTo(server.url), sink).abort();
    const next = new HeardSink();
    transport.open(requestTo(server.url), next);
    await next.ending;
    expect(sink.status).toBeUndefined();
    expect(sink.ended + sink.failed).toBe(0);
  });

  it("stops reading while it is paused, so that the server has to wait", async () => {
    const total = 64 * 1024 * 1024;
    let written = 0;
    const server = await serveHttp((_request, response) => {
      const block = Buffer.alloc(256 * 1024);
      const more = () => {
        while (written < total) {
          written += block.length;
          if (!response.write(block)) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const sink = new HeardSink();
    let received = 0;
    let paused = false;
    const flow = make().open(requestTo(server.url), {
      head: () => {},
      data(chunk) {
        received += chunk.length;
        if (!paused) {
          paused = true;
          flow.pause();
          // Long enough for an unbounded reader to take all of it.
          setTimeout(() => {
            expect(written).toBeLessThan(total);
            flow.resume();
          }, 100);
        }
      },
      end: () => sink.end(),
      fail: (error) => sink.fail(error),
    });
    expect(await sink.ending).toBe("end");
    expect(received).toBe(total);
  });

  it("can be paused before the head and resumed later", async () => {
    const server = await serveHttp((_request, response) => void response.end("late"));
    const sink = new HeardSink();
    const flow = make().open(requestTo(server.url), sink);
    flow.pause();
    await sink.headed;
    expect(sink.chunks).toEqual([]);
    flow.resume();
    expect(await sink.ending).toBe("end");
    expect(sink.text).toBe("late");
  });

  it("ends as fail, and closes the socket, when the sink throws", async () => {
    const closed = signal();
    const server = await serveHttp((_request, response) => {
      response.once("close", closed.give);
      response.writeHead(200);
      response.write("x");
    });
    const sink = new HeardSink();
    sink.onData = () => {
      throw new Error("broken reader");
    };
    make().open(requestTo(server.url), sink);
    expect(await sink.ending).toBe("fail");
    expect(sink.error?.message).toBe("broken reader");
    await closed.given;
  });

  it("ends an upload whose source fails", async () => {
    const server = await serveHttp((request) => void request.resume());
    const sink = new HeardSink();
    const body = (async function* () {
      yield new TextEncoder().encode("a");
      throw new Error("disk gone");
    })();
    make().open(requestTo(server.url, { method: "POST", body }), sink);
    expect(await sink.ending).toBe("fail");
    expect(sink.error).toMatchObject({ code: "FILE_ERROR", message: "disk gone" });
    await server.idle();
  });

  it("lets go of an upload's source on abort", async () => {
    const server = await serveHttp((request) => void request.resume());
    const released = signal();
    const flowing = signal();
    const body = (async function* () {
      try {
        for (;;) {
          yield new Uint8Array(1024);
          flowing.give();
        }
      } finally {
        released.give();
      }
    })();
    const sink = new HeardSink();
    const flow = make().open(requestTo(server.url, { method: "POST", body }), sink);
    await flowing.given;
    flow.abort();
    await released.given;
    await server.idle();
    expect(sink.failed).toBe(0);
  });
});

async function* pieces(...all: string[]): AsyncGenerator<Uint8Array> {
  for (const one of all) yield new TextEncoder().encode(one);
}
