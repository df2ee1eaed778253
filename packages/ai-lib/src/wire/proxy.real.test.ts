import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import { describe, expect, it } from "vitest";
import {
  deadPort,
  HeardSink,
  type Loopback,
  requestTo,
  serveHttp,
  serveHttps,
  serveServer,
  signal,
  TEST_CERTIFICATE,
  TEST_KEY,
} from "../../test/support/loopback.js";
import type { Transport } from "../core/contract/transport.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { environmentProxy, parseProxy } from "./proxy.js";
import { nodeTransport } from "./transport-node.js";

interface SeenProxy extends Loopback {
  /** Requests seen: `CONNECT host:port` or `GET http://...`, and their proxy credentials. */
  readonly seen: string[];
}

/** A proxy that reaches every host on this machine, at the port that was asked for. */
async function proxyServer(
  options: { secure?: boolean; refuse?: number; mute?: boolean } = {},
): Promise<SeenProxy> {
  const seen: string[] = [];
  const note = (request: http.IncomingMessage) =>
    seen.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"] ?? "-"}`);
  const forward: http.RequestListener = (request, response) => {
    note(request);
    if (options.refuse !== undefined) {
      response.writeHead(options.refuse).end();
      return;
    }
    const { port, pathname } = new URL(request.url ?? "");
    const onward = http.request({ host: "127.0.0.1", port, path: pathname, headers: request.headers });
    onward.on("response", (reply) => {
      response.writeHead(reply.statusCode ?? 0, reply.headers);
      reply.pipe(response);
    });
    onward.end();
  };
  const server =
    options.secure === true
      ? https.createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, forward)
      : http.createServer(forward);
  server.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
    note(request);
    if (options.mute === true) {
      socket.resume().on("end", () => socket.end());
      return;
    }
    if (options.refuse !== undefined) {
      socket.end(`HTTP/1.1 ${options.refuse} No\r\n\r\n`);
      return;
    }
    const onward = net.connect(Number(request.url?.split(":").pop()), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
    socket.on("close", () => onward.destroy());
  });
  return { ...(await serveServer(server, options.secure === true ? "https" : "http")), seen };
}

async function ask(transport: Transport, url: string): Promise<HeardSink> {
  const sink = new HeardSink();
  transport.open(requestTo(url), sink);
  await sink.ending;
  return sink;
}

const withUser = (url: string): string => url.replace("://", "://me:s3cret%21@");
const CREDENTIALS = `Basic ${btoa("me:s3cret!")}`;

describe.each([false, true])("a proxy spoken to over TLS: %s", (secure) => {
  it("carries https in a tunnel that is kept alive", async () => {
    const server = await serveHttps((request, response) => void response.end(`at ${request.headers.host}`));
    const proxy = await proxyServer({ secure });
    const transport = nodeTransport({ proxy: withUser(proxy.url), ca: TEST_CERTIFICATE });
    for (let i = 0; i < 3; i++) {
      const heard = await ask(transport, `https://model.test:${server.port}/v1?key=k`);
      expect(heard.text).toBe(`at model.test:${server.port}`);
    }
    expect(proxy.seen).toEqual([`CONNECT model.test:${server.port} ${CREDENTIALS}`]);
    await transport.close?.();
    await proxy.idle();
  });

  it("carries plain http as a request of its own", async () => {
    const server = await serveHttp((request, response) => void response.end(`at ${request.headers.host}`));
    const proxy = await proxyServer({ secure });
    const transport = nodeTransport({ proxy: withUser(proxy.url), ca: TEST_CERTIFICATE });
    const heard = await ask(transport, `http://model.test:${server.port}/v1`);
    expect(heard.text).toBe(`at model.test:${server.port}`);
    expect(proxy.seen).toEqual([`GET http://model.test:${server.port}/v1 ${CREDENTIALS}`]);
  });

  it("may ask for other credentials, and its own are not shown", async () => {
    const proxy = await proxyServer({ secure, refuse: 407 });
    const transport = nodeTransport({ proxy: withUser(proxy.url), ca: TEST_CERTIFICATE });
    for (const scheme of ["https", "http"]) {
      const heard = await ask(transport, `${scheme}://model.test/`);
      expect(heard.error).toMatchObject({ code: "NETWORK_ERROR", message: expect.stringContaining("407") });
      expect(heard.error?.message).toContain(`127.0.0.1:${proxy.port}`);
      const shown = `${heard.error?.stack} ${JSON.stringify(heard.error)} ${String(heard.error?.cause)}`;
      expect(shown).not.toMatch(/s3cret|bWU6/);
      expect(heard.status).toBeUndefined();
    }
  });
});

it("a proxy that refuses to connect is an error of the network", async () => {
  const proxy = await proxyServer({ refuse: 403 });
  const heard = await ask(nodeTransport({ proxy: proxy.url }), "https://model.test/");
  expect(heard.error).toMatchObject({ code: "NETWORK_ERROR", message: expect.stringContaining("NO_PROXY") });
});

it("a proxy that is not there is named in the error, not the model's host", async () => {
  const port = await deadPort();
  for (const scheme of ["https", "http"]) {
    const heard = await ask(nodeTransport({ proxy: `http://127.0.0.1:${port}` }), `${scheme}://model.test/`);
    expect(heard.error).toMatchObject({
      code: "NETWORK_ERROR",
      message: expect.stringContaining(`:${port}`),
    });
  }
});

it("an untrusted certificate behind a tunnel is refused", async () => {
  const server = await serveHttps((_request, response) => void response.end("unsafe"));
  const proxy = await proxyServer();
  const heard = await ask(nodeTransport({ proxy: proxy.url }), `https://model.test:${server.port}/`);
  expect(heard.error).toMatchObject({
    code: "NETWORK_ERROR",
    message: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
  });
  await proxy.idle();
});

describe("a proxy that takes the connection and never answers", () => {
  it("runs into the connect timeout, which closes the socket", async () => {
    const proxy = await proxyServer({ mute: true });
    const clock = new VirtualClock(0);
    const sink = new HeardSink();
    nodeTransport({ proxy: proxy.url }).open(
      requestTo("https://model.test/", { connectMs: 3000, clock }),
      sink,
    );
    while (proxy.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(3000);
    expect(sink.error).toMatchObject({ code: "NETWORK_ERROR", message: expect.stringContaining("3000 ms") });
    await proxy.idle();
  });

  it("is left on an abort", async () => {
    const proxy = await proxyServer({ mute: true });
    const sink = new HeardSink();
    const flow = nodeTransport({ proxy: proxy.url }).open(requestTo("https://model.test/"), sink);
    while (proxy.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    flow.abort();
    await proxy.idle();
    expect(sink.failed).toBe(0);
  });
});

it("an abort in a stream through a tunnel closes both ends", async () => {
  const closed = signal();
  const server = await serveHttps((_request, response) => {
    response.once("close", closed.give);
    response.write("begun");
  });
  const proxy = await proxyServer();
  const sink = new HeardSink();
  const began = signal();
  sink.onData = began.give;
  const flow = nodeTransport({ proxy: proxy.url, ca: TEST_CERTIFICATE }).open(
    requestTo(`https://model.test:${server.port}/`),
    sink,
  );
  await began.given;
  flow.abort();
  await closed.given;
  await proxy.idle();
});

describe("the environment", () => {
  it("is obeyed by a transport, but not for this machine's loopback", async () => {
    const server = await serveHttp((_request, response) => void response.end("direct"));
    const proxy = await proxyServer();
    const transport = nodeTransport({ environment: { AI_PROXY_URL: proxy.url } });
    expect((await ask(transport, server.url)).text).toBe("direct");
    expect(proxy.seen).toEqual([]);
    await ask(transport, `http://model.test:${server.port}/`);
    expect(proxy.seen).toHaveLength(1);
  });

  it("is ignored by a transport that is configured so", async () => {
    const transport = nodeTransport({ proxy: false, environment: { AI_PROXY_URL: "http://127.0.0.1:1" } });
    expect((await ask(transport, "http://model.invalid/")).error?.message).toContain("model.invalid");
  });

  it("that is malformed fails the request, naming the variable and not its value", async () => {
    const transport = nodeTransport({ environment: { HTTPS_PROXY: "http://me:s3cret@:x" } });
    const heard = await ask(transport, "https://model.test/");
    expect(heard.error).toMatchObject({
      code: "CONFIG_ERROR",
      message: expect.stringContaining("HTTPS_PROXY"),
    });
    expect(heard.error?.message).not.toContain("s3cret");
  });

  it.each<[string, Record<string, string>, string, string | undefined]>([
    ["nothing set", {}, "https://a.com", undefined],
    ["HTTPS_PROXY for https", { HTTPS_PROXY: "http://p" }, "https://a.com", "p:80"],
    ["HTTPS_PROXY not for http", { HTTPS_PROXY: "http://p" }, "http://a.com", undefined],
    ["HTTP_PROXY for http", { HTTP_PROXY: "p:3128" }, "http://a.com", "p:3128"],
    ["lower case", { https_proxy: "http://p" }, "https://a.com", "p:80"],
    ["ALL_PROXY for both", { ALL_PROXY: "https://p" }, "http://a.com", "p:443"],
    [
      "AI_PROXY_URL before others",
      { AI_PROXY_URL: "http://x", HTTPS_PROXY: "http://p" },
      "https://a.com",
      "x:80",
    ],
    ["a blank value", { AI_PROXY_URL: " ", HTTPS_PROXY: "http://p" }, "https://a.com", "p:80"],
    ["NO_PROXY by name", { AI_PROXY_URL: "http://p", NO_PROXY: "b.com,a.com" }, "https://a.com", undefined],
    ["NO_PROXY for subdomains", { ALL_PROXY: "http://p", NO_PROXY: "a.com" }, "https://x.a.com", undefined],
    ["NO_PROXY with a dot", { ALL_PROXY: "http://p", NO_PROXY: ".a.com" }, "https://x.a.com", undefined],
    ["NO_PROXY with a star", { ALL_PROXY: "http://p", NO_PROXY: "*.a.com" }, "https://x.a.com", undefined],
    [
      "NO_PROXY not for a longer name",
      { ALL_PROXY: "http://p", NO_PROXY: "a.com" },
      "https://ba.com",
      "p:80",
    ],
    ["NO_PROXY for everything", { ALL_PROXY: "http://p", NO_PROXY: "*" }, "https://a.com", undefined],
    ["NO_PROXY with this port", { ALL_PROXY: "http://p", NO_PROXY: "a.com:443" }, "https://a.com", undefined],
    ["NO_PROXY with another port", { ALL_PROXY: "http://p", NO_PROXY: "a.com:80" }, "https://a.com", "p:80"],
    [
      "NO_PROXY by address",
      { ALL_PROXY: "http://p", NO_PROXY: "10.1.2.3" },
      "http://10.1.2.3:8080",
      undefined,
    ],
    ["NO_PROXY by subnet", { ALL_PROXY: "http://p", NO_PROXY: "10.0.0.0/8" }, "http://10.1.2.3", undefined],
    [
      "NO_PROXY by another subnet",
      { ALL_PROXY: "http://p", NO_PROXY: "10.0.0.0/8" },
      "http://11.1.2.3",
      "p:80",
    ],
    ["NO_PROXY by IPv6", { ALL_PROXY: "http://p", NO_PROXY: "fd00::/8" }, "http://[fd00::1]", undefined],
    ["no_proxy in lower case", { ALL_PROXY: "http://p", no_proxy: "a.com" }, "https://a.com", undefined],
    ["a nonsensical subnet", { ALL_PROXY: "http://p", NO_PROXY: "10.0.0.0/99" }, "http://10.1.2.3", "p:80"],
    ["localhost", { ALL_PROXY: "http://p" }, "http://localhost:11434", undefined],
    ["127.0.0.1", { ALL_PROXY: "http://p" }, "http://127.0.0.1:11434", undefined],
    ["::1", { ALL_PROXY: "http://p" }, "http://[::1]:11434", undefined],
    ["a proxy's own IPv6 address", { ALL_PROXY: "http://[fd00::2]:8" }, "http://a.com", "[fd00::2]:8"],
  ])("%s", (_name, environment, url, label) => {
    expect(environmentProxy(environment)(new URL(url))?.label).toBe(label);
  });
});

it("a proxy's credentials are decoded, and wrong encoding is refused", () => {
  expect(parseProxy("http://a%40b:c%3Ad@p", "x").authorization).toBe(`Basic ${btoa("a@b:c:d")}`);
  expect(() => parseProxy("http://a:%zz@p", "x")).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
});
