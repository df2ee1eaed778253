import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AiClient } from "../../src/client/ai-client.js";
import type { CallOptions } from "../../src/core/contract/call.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { ImagePart, UserPart } from "../../src/core/values/message.js";
import type { ProviderOptions } from "../../src/providers/endpoint/provider.js";
import { provider } from "../../src/providers/spec.js";
import { serverHalves } from "../../src/serve/halves.js";
import { type RelayOptions, relay } from "../../src/serve/relay.js";
import { serveWeb } from "../../src/serve/web.js";
import { failover } from "../../src/strategies/index.js";
import { isPublicAddress } from "../../src/wire/public-address.js";
import { REPLIES, recorder } from "./ask.js";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let server: Server;
let base = "";
/** The paths that were asked for. */
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, reply) => {
    const path = request.url ?? "";
    asked.push(path);
    const port = (server.address() as AddressInfo).port;
    if (path.startsWith("/to/")) {
      reply
        .writeHead(302, { location: decodeURIComponent(path.slice(4)).replace("PORT", String(port)) })
        .end();
    } else if (path === "/loop") reply.writeHead(307, { location: "/loop" }).end();
    else if (path === "/page")
      reply.writeHead(200, { "content-type": "text/html" }).end("<html>log in</html>");
    else if (path === "/none") reply.writeHead(404).end();
    else if (path === "/zip")
      reply.writeHead(200, { "content-type": "image/png", "content-encoding": "gzip" }).end(PNG);
    else if (path === "/empty") reply.writeHead(200, { "content-type": "image/png" }).end();
    else if (path === "/hang")
      reply.writeHead(200, { "content-type": "image/png" }).write(PNG.subarray(0, 8));
    else if (path === "/endless") {
      reply.writeHead(200, { "content-type": "image/png" });
      const more = (): void => {
        if (!reply.destroyed && reply.write(Buffer.alloc(65_536))) setImmediate(more);
        else reply.once("drain", more);
      };
      reply.write(PNG);
      more();
    } else if (path === "/cut") {
      reply.writeHead(200, { "content-type": "image/png", "content-length": "1000" });
      reply.write(PNG);
      setImmediate(() => reply.destroy());
    } else if (path === "/notes.txt")
      reply.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end("hi");
    else if (path === "/sound")
      reply.writeHead(200, { "content-type": "audio/wav" }).end(Buffer.from("RIFF\0\0\0\0WAVEfmt "));
    else reply.writeHead(200, { "content-type": "application/octet-stream" }).end(PNG);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const LOCAL = { privateHosts: ["127.0.0.1"] };

/** What a provider is sent for one part, with options of the call and of the provider. */
async function send(spec: string, part: UserPart, call: CallOptions, options: ProviderOptions = {}) {
  asked.length = 0;
  const { dialect } = provider(spec, { apiKey: "key" }).data;
  const { transport, sent } = recorder([REPLIES[dialect]?.() ?? {}]);
  const client = new AiClient(provider(spec, { apiKey: "key", transport, ...options }));
  const content = [part, { type: "text" as const, text: "what is this?" }];
  const error = await client.chat({ messages: [{ role: "user", content }] }, call).then(
    () => undefined,
    (thrown: unknown) => AiLibError.from(thrown),
  );
  return { body: sent[0]?.body, sent, error };
}

const image = (path: string): ImagePart => ({ type: "image", url: `${base}${path}` });

describe("media at URLs that a target does not take", () => {
  const takers: [string, UserPart["type"], (type: string) => UserPart][] = [
    ["ollama/llava", "image", () => image("/a.png")],
    ["bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "image", () => image("/a.png")],
    ["moonshot/kimi-k2.6", "image", () => image("/a.png")],
    ["openai/gpt-audio", "audio", () => ({ type: "audio", url: `${base}/sound`, mediaType: "audio/wav" })],
    ["openai/gpt-4.1", "file", () => ({ type: "file", url: `${base}/notes.txt`, mediaType: "text/plain" })],
    [
      "anthropic/claude-sonnet-4-5",
      "file",
      () => ({ type: "file", url: `${base}/notes.txt`, mediaType: "text/plain" }),
    ],
    [
      "cohere/command-a-03-2025",
      "file",
      () => ({ type: "file", url: `${base}/notes.txt`, mediaType: "text/plain" }),
    ],
  ];

  it.each(takers)("are refused by %s unless the caller allows it (%s)", async (spec, _, part) => {
    const { sent, error } = await send(spec, part(base), {});
    expect(sent).toEqual([]);
    expect(asked).toEqual([]);
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
    expect(error?.message).toContain("messages.0.content.0");
  });

  it.each(takers)("are sent to %s as bytes if a call allows it (%s)", async (spec, _, part) => {
    const { body, error } = await send(spec, part(base), { fetchMedia: LOCAL });
    expect(error).toBeUndefined();
    expect(JSON.stringify(body)).not.toContain(base);
    expect(asked).toHaveLength(1);
  });

  it.each(takers)("are sent to %s as bytes if a provider allows it (%s)", async (spec, _, part) => {
    const { error } = await send(spec, part(base), {}, { fetchMedia: LOCAL });
    expect(error).toBeUndefined();
    const refused = await send(spec, part(base), { fetchMedia: false }, { fetchMedia: LOCAL });
    expect(refused.error).toMatchObject({ code: "UNSUPPORTED_FEATURE" });
  });

  it("have the type that their bytes have, whatever the host says", async () => {
    const { body } = await send("anthropic/claude-sonnet-4-5", image("/a.png"), { fetchMedia: LOCAL });
    expect(body.messages[0].content[0].source).toEqual({ type: "url", url: `${base}/a.png` });
    const bedrock = await send("bedrock/us.amazon.nova-pro-v1:0", image("/a.png"), { fetchMedia: LOCAL });
    expect(bedrock.body.messages[0].content[0].image).toEqual({
      format: "png",
      source: { bytes: PNG.toString("base64") },
    });
  });

  it("are fetched once for one request, and within results of tools", async () => {
    const { transport, sent } = recorder([REPLIES["ollama-chat"]?.() ?? {}]);
    const client = new AiClient(provider("ollama/llava", { transport }), { fetchMedia: LOCAL });
    asked.length = 0;
    const same = image("/same.png");
    await client.chat({
      messages: [
        { role: "user", content: [same, { type: "text", text: "go" }] },
        { role: "assistant", content: [{ type: "tool-call", id: "c", name: "look", arguments: {} }] },
        { role: "tool", content: [{ type: "tool-result", id: "c", content: [{ ...same }] }] },
      ],
    });
    expect(asked).toEqual(["/same.png"]);
    expect(JSON.stringify(sent[0]?.body)).not.toContain("/same.png");
  });

  it.each([
    ["/none", "status 404"],
    ["/page", "text/html"],
    ["/zip", "compressed"],
    ["/empty", "no bytes"],
    ["/cut", "could not be reached"],
    ["/loop", "redirects more than 3 times"],
    ["/to/ftp%3A%2F%2Fexample.com%2Fa", "neither https nor http"],
    ["/to/http%3A%2F%2Flocalhost%3APORT%2Fa", "no public address"],
    ["/to/http%3A%2F%2F169.254.169.254%2Flatest", "no public address"],
    ["/to/http%3A%2F%2F%5B%3A%3Affff%3A10.0.0.1%5D%2F", "no public address"],
    ["/to/http%3A%2F%2F2130706433%3APORT%2Floop", "redirects more than 3 times"],
    ["/to/http%3A%2F%2Fa%3Ab%40127.0.0.1%3APORT%2Fa", "credentials"],
  ])("%s is refused: %s", async (path, why) => {
    const { sent, error } = await send("ollama/llava", image(path), { fetchMedia: LOCAL });
    expect(sent).toEqual([]);
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
    expect(error?.message).toContain(why);
    expect(error?.message).not.toContain(base);
  });

  it.each([
    "http://127.0.0.1:PORT",
    "http://localhost:PORT",
    "http://[::1]:PORT",
    "http://0.0.0.0:PORT",
    "http://127.1:PORT",
  ])("%s is not asked without leave", async (address) => {
    const url = `${address.replace("PORT", new URL(base).port)}/a.png`;
    const { error } = await send("ollama/llava", { type: "image", url }, { fetchMedia: true });
    expect(asked).toEqual([]);
    expect(error?.message).toContain("no public address");
  });

  it("stop at the bytes that are allowed, together", async () => {
    const endless = await send("ollama/llava", image("/endless"), {
      fetchMedia: { ...LOCAL, maxBytes: 100_000 },
    });
    expect(endless.error?.message).toContain("more than the 100000 bytes");
    const { transport } = recorder([REPLIES["ollama-chat"]?.() ?? {}]);
    const client = new AiClient(provider("ollama/llava", { transport }));
    const content = [image("/1.png"), image("/2.png")];
    const fetchMedia = { ...LOCAL, maxBytes: PNG.length + 1 };
    await expect(client.chat({ messages: [{ role: "user", content }] }, { fetchMedia })).rejects.toThrow(
      "`messages.0.content.1`",
    );
  });

  it("stop at the time that is allowed, and with the call", async () => {
    const late = await send("ollama/llava", image("/hang"), { fetchMedia: { ...LOCAL, timeoutMs: 50 } });
    expect(late.error?.message).toContain("50 ms");
    const controller = new AbortController();
    const gone = send("ollama/llava", image("/hang"), { fetchMedia: LOCAL, signal: controller.signal });
    while (asked.length === 0) await new Promise((next) => setImmediate(next));
    controller.abort();
    expect((await gone).error).toMatchObject({ code: "CANCELLED" });
  });

  it("are not fetched for the client of a server, unless the server says so", async () => {
    const halves = await serverHalves(["openai-chat"]);
    const body = JSON.stringify({
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: `${base}/a.png` } }] }],
    });
    const post = (options: RelayOptions): Promise<Response> => {
      asked.length = 0;
      const { transport } = recorder([REPLIES["ollama-chat"]?.() ?? {}]);
      const members = new AiClient(provider("ollama/llava", { transport, fetchMedia: LOCAL }), {
        fetchMedia: LOCAL,
      });
      const serve = serveWeb({ halves, handle: (call) => relay(call, members, options) });
      return serve(new Request("http://server.example/chat/completions", { method: "POST", body }));
    };
    expect((await post({})).status).toBe(400);
    expect(asked).toEqual([]);
    expect((await post({ fetchMedia: LOCAL })).status).toBe(200);
    expect(asked).toEqual(["/a.png"]);
  });

  it("let a failover continue to a member that takes the URL", async () => {
    const { transport, sent } = recorder([REPLIES["anthropic-messages"]?.() ?? {}]);
    const stack = failover([
      provider("ollama/llava", { transport }),
      provider("anthropic/claude-sonnet-4-5", { apiKey: "key", transport }),
    ]);
    const content = [image("/none")];
    await new AiClient(stack).chat({ messages: [{ role: "user", content }] }, { fetchMedia: LOCAL });
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent[0]?.body)).toContain("/none");
  });
});

it.each([{ fetchMedia: "yes" }, { fetchMedia: { maxByte: 1 } }, { fetchMedia: { maxBytes: 0 } }])(
  "%j is no option of a call",
  async (options) => {
    const client = new AiClient(provider("ollama/llava"));
    await expect(client.chat("hi", options as CallOptions)).rejects.toMatchObject({ code: "CONFIG_ERROR" });
    expect(() => provider("ollama/llava", options as ProviderOptions)).toThrow("fetchMedia");
  },
);

it.each([
  ["8.8.8.8", true],
  ["2606:4700:4700::1111", true],
  ["127.0.0.1", false],
  ["10.1.2.3", false],
  ["172.31.255.255", false],
  ["172.32.0.1", true],
  ["192.168.1.1", false],
  ["169.254.169.254", false],
  ["168.63.129.16", false],
  ["100.100.100.200", false],
  ["0.0.0.0", false],
  ["255.255.255.255", false],
  ["::1", false],
  ["::", false],
  ["fe80::1", false],
  ["fd00:ec2::254", false],
  ["::ffff:8.8.8.8", false],
  ["64:ff9b::7f00:1", false],
  ["2002:7f00:1::", false],
  ["2001:0:1::1", false],
  ["example.com", false],
])("%s is public: %s", (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

describe("media at URLs in other kinds of calls, if the target takes bytes alone", () => {
  const url = (path: string) => `${base}${path}`;
  const kinds: [string, string, (client: AiClient, call: CallOptions) => Promise<unknown>][] = [
    ["groq", "audio", (client, call) => client.transcribe({ audio: { url: url("/sound") } }, call)],
    [
      "openai/gpt-image-1",
      "images.0",
      (client, call) => client.image({ prompt: "p", images: [{ url: url("/a.png") }] }, call),
    ],
    [
      "cohere/embed-v4.0",
      "inputs.0",
      (client, call) => client.embed({ inputs: [[{ type: "image", url: url("/a.png") }]] }, call),
    ],
    [
      "bedrock",
      "inputs.0",
      (client, call) =>
        client.embed(
          {
            model: "amazon.nova-2-multimodal-embeddings-v1:0",
            inputs: [[{ type: "image", url: url("/a.png") }]],
          },
          call,
        ),
    ],
  ];
  const ask = async (spec: string, run: (typeof kinds)[number][2], call: CallOptions) => {
    asked.length = 0;
    const { transport, sent } = recorder([{}]);
    const client = new AiClient(provider(spec, { apiKey: "key", transport }));
    const error = await run(client, { maxAttempts: 1, ...call }).then(
      () => undefined,
      (thrown: unknown) => AiLibError.from(thrown),
    );
    return { sent, error };
  };

  it.each(kinds)("are refused by %s at `%s` unless the caller allows it", async (spec, at, run) => {
    const { sent, error } = await ask(spec, run, {});
    expect(sent).toEqual([]);
    expect(asked).toEqual([]);
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
    expect(error?.message).toContain("fetchMedia");
    expect(error?.message).toContain(at.split(".")[0]);
  });

  it.each(kinds)("are fetched for %s if the caller allows it", async (spec, _, run) => {
    const { sent } = await ask(spec, run, { fetchMedia: LOCAL });
    expect(asked).toHaveLength(1);
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent)).not.toContain(base);
  });

  it.each(kinds)("are bounded and public alone, for %s", async (spec, at, run) => {
    for (const fetchMedia of [true, { ...LOCAL, maxBytes: 4 }] as const) {
      const { sent, error } = await ask(spec, run, { fetchMedia });
      expect(sent).toEqual([]);
      expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
      expect(error?.message).toContain(`\`${at}`);
    }
  });

  it("are sent as they are to a target that takes them", async () => {
    const run = (client: AiClient, call: CallOptions) =>
      client.ocr({ document: { url: url("/a.png"), mediaType: "image/png" } }, call);
    const { sent } = await ask("mistral/mistral-ocr-latest", run, { fetchMedia: LOCAL });
    expect(asked).toEqual([]);
    expect(JSON.stringify(sent)).toContain(base);
  });
});
