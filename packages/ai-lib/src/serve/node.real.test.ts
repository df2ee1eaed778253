import * as http from "node:http";
import * as net from "node:net";
import { describe, expect, it } from "vitest";
import { HeardSink, type Loopback, requestTo, serveHttp, signal } from "../../test/support/loopback.js";
import type { Call } from "../core/contract/call.js";
import type { ServerHalf } from "../core/contract/dialect.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { EventSink, Flow, Sink } from "../core/contract/sink.js";
import { AiLibError, invalidRequest } from "../core/errors/error.js";
import { buildResponse } from "../core/kinds/chat/response.js";
import { OpenProvider } from "../core/run/compose.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import { nodeTransport } from "../wire/transport-node.js";
import { type NodeOutput, serve } from "./node.js";
import type { ServeOptions } from "./options.js";
import { relay } from "./relay.js";

/** The smallest dialect: the request is a JSON string, the answer its text. */
const half: ServerHalf = {
  id: "openai-chat",
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && path.startsWith("/echo"),
  decode({ body, path, query }) {
    if (body === undefined) throw invalidRequest("Say something");
    return {
      request: { messages: [{ role: "user", content: JSON.parse(body) as string }] },
      mode: path === "/echo/stream" ? "stream" : "unary",
      ...(query?.["array"] === "1" && { framing: "json-array" }),
    };
  },
  encode: (response) => ({ status: 200, headers: { "x-half": "1" }, body: response.text }),
  encoder: (write) => ({
    event: (event) => {
      if (event.type === "text-delta") write({ data: JSON.stringify(event.text) });
    },
    finish: () => write({ data: '"done"' }),
    fail: (error) => write({ event: "error", data: JSON.stringify(error.message) }),
  }),
  error: (error) => ({
    status: error.status ?? (error.code === "INVALID_REQUEST" ? 400 : 500),
    headers: { "x-half": "1" },
    body: `error: ${error.message}`,
  }),
  models: {
    matches: ({ method, path }) => method === "GET" && path === "/models",
    encode: (models) => ({ status: 200, headers: {}, body: models.map((model) => model.id).join() }),
  },
};

function whole(text: string): ChatResponse {
  return buildResponse([{ type: "text", text }], { finishReason: "stop" }, [], {
    id: "r1",
    model: "m",
    provider: "p",
    attempts: [],
    estimateInput: () => 1,
  });
}

/** A provider that runs an answer as soon as its `open` has returned. */
function source(run: (sink: EventSink) => void, flow: Partial<Flow> = {}): ChatProvider {
  return new (class extends OpenProvider {
    readonly name = "source";
    open(_call: Call, sink: Sink): Flow {
      queueMicrotask(() => run(sink));
      return { pause() {}, resume() {}, abort: () => undefined, ...flow };
    }
  })();
}

function served(provider: ChatProvider, options: Partial<ServeOptions<NodeOutput>> = {}): Promise<Loopback> {
  return serveHttp(
    serve({
      halves: [half],
      facts: () => ({ id: "f1", created: 0 }),
      models: () => [{ id: "m1", provider: "p" }],
      handle: (call) => relay(call, provider),
      ...options,
    }),
  );
}

async function post(url: string, body = '"hi"'): Promise<HeardSink> {
  const sink = new HeardSink();
  nodeTransport({ proxy: false }).open(requestTo(url, { method: "POST", body }), sink);
  await sink.ending;
  return sink;
}

describe("serve", () => {
  it("answers a unary call with the half's reply, and announces its length", async () => {
    const server = await served(source((sink) => sink.finish(whole("grüße"))));
    const heard = await post(`${server.url}/echo`);
    expect(heard).toMatchObject({ status: 200, text: "grüße" });
    expect(heard.headers).toMatchObject({ "x-half": "1", "content-length": "7" });
  });

  it("streams the half's frames in its framing, and ends the body", async () => {
    const server = await served(
      source((sink) => {
        sink.event({ type: "text-delta", index: 0, text: "a" });
        sink.event({ type: "text-delta", index: 0, text: "b" });
        sink.finish(whole("ab"));
      }),
    );
    const heard = await post(`${server.url}/echo/stream`);
    expect(heard.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    expect(heard.text).toBe('data: "a"\n\ndata: "b"\n\ndata: "done"\n\n');
    const array = await post(`${server.url}/echo/stream?array=1`);
    expect(array.headers["content-type"]).toMatch("application/json");
    expect(JSON.parse(array.text)).toEqual(["a", "b", "done"]);
  });

  it("reports an error by its status before the head, and within the stream after it", async () => {
    const early = await served(
      source((sink) => sink.fail(new AiLibError({ code: "RATE_LIMIT", message: "slow down", status: 429 }))),
    );
    for (const path of ["/echo", "/echo/stream"])
      expect(await post(early.url + path)).toMatchObject({
        status: 429,
        text: "error: The answer failed with RATE_LIMIT",
      });
    const late = await served(
      source((sink) => {
        sink.event({ type: "text-delta", index: 0, text: "a" });
        sink.fail(new AiLibError({ code: "NETWORK_ERROR", message: "gone" }));
      }),
    );
    const heard = await post(`${late.url}/echo/stream`);
    expect(heard).toMatchObject({
      status: 200,
      text: 'data: "a"\n\nevent: error\ndata: "The answer failed with NETWORK_ERROR"\n\n',
    });
  });

  it("answers what the handler throws in the half's shape", async () => {
    const server = await served(
      source(() => {}),
      {
        handle() {
          throw new AiLibError({ code: "AUTH_FAILED", message: "who are you?", status: 401 });
        },
      },
    );
    expect(await post(`${server.url}/echo`)).toMatchObject({ status: 401, text: "error: who are you?" });
    expect(await post(`${server.url}/echo`, "")).toMatchObject({ status: 400, text: "error: Say something" });
  });

  it("lists models, and knows no other path", async () => {
    const server = await served(source(() => {}));
    const list = new HeardSink();
    nodeTransport({ proxy: false }).open(requestTo(`${server.url}/models`), list);
    await list.ending;
    expect(list.text).toBe("m1");
    expect(await post(`${server.url}/other`)).toMatchObject({ status: 404 });
    expect((await post(`${server.url}//`)).status).toBe(404);
  });

  it("survives a router and a model list that throw", async () => {
    const server = await served(
      source(() => {}),
      {
        route: () => ({ path: decodeURIComponent("%") }),
      },
    );
    expect((await post(`${server.url}/echo`)).status).toBe(500);
    const listing = await served(
      source(() => {}),
      {
        models() {
          throw new Error("no list");
        },
      },
    );
    const sink = new HeardSink();
    nodeTransport({ proxy: false }).open(requestTo(`${listing.url}/models`), sink);
    await sink.ending;
    expect(sink.status).toBe(500);
  });

  it("refuses methods that no dialect has", async () => {
    const server = await served(source(() => {}));
    const sink = new HeardSink();
    nodeTransport({ proxy: false }).open(requestTo(`${server.url}/echo`, { method: "PUT", body: "x" }), sink);
    await sink.ending;
    expect(sink.status).toBe(405);
  });

  it("answers a request that is too long with 413, in the half's shape", async () => {
    const server = await served(
      source(() => {}),
      { maxBodyBytes: 100 },
    );
    const heard = await post(`${server.url}/echo`, JSON.stringify("x".repeat(101)));
    expect(heard).toMatchObject({ status: 413, text: expect.stringContaining("100 bytes") });
    await server.idle();
  });

  it("aborts the answer when its client leaves, even before any output", async () => {
    for (const speaks of [true, false]) {
      const aborted = signal();
      const began = signal();
      const server = await served(
        source(
          (sink) => {
            if (speaks) sink.event({ type: "text-delta", index: 0, text: "a" });
            began.give();
          },
          {
            abort() {
              aborted.give();
              return undefined;
            },
          },
        ),
      );
      const request = http.request(`${server.url}/echo/stream`, { method: "POST" });
      request.on("error", () => {});
      request.end('"hi"');
      await began.given;
      request.destroy();
      await aborted.given;
    }
  });

  it("pauses the answer while its client does not read, and resumes it", async () => {
    const piece = "x".repeat(64 * 1024);
    let sent = 0;
    let paused = 0;
    let running = true;
    let pump = () => {};
    const server = await served(
      source(
        (sink) => {
          pump = () => {
            while (running && sent < 400) {
              sent++;
              sink.event({ type: "text-delta", index: 0, text: piece });
            }
            if (sent === 400) {
              sent++;
              sink.finish(whole(""));
            }
          };
          pump();
        },
        {
          pause() {
            paused++;
            running = false;
          },
          resume() {
            running = true;
            pump();
          },
        },
      ),
    );
    const socket = net.connect(server.port, "127.0.0.1");
    socket.write('POST /echo/stream HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n"hi"');
    while (paused === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toBeLessThan(400);
    let received = 0;
    const done = signal();
    socket.on("data", (chunk) => {
      received += chunk.length;
      if (chunk.toString("latin1").endsWith("0\r\n\r\n")) done.give();
    });
    await done.given;
    expect(received).toBeGreaterThan(400 * piece.length);
    socket.destroy();
  });
});
