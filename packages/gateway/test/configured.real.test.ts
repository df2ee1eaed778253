import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { type Simulator, startSimulator } from "ai-lib/testing";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Command } from "./support/command.js";

const KEY = "aik_client_key_that_must_not_leak";
const SECRET = "sk-provider-secret-that-must-not-leak";
const PROMPT = "a-prompt-that-must-not-leak";

let folder: string;
let simulator: Simulator;
let count = 0;
const running: Command[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gateway-configured-"));
  simulator = await startSimulator();
});
afterAll(async () => {
  for (const command of running) command.stop();
  await Promise.all(running.map(({ code }) => code));
  await simulator.close();
  await rm(folder, { recursive: true });
});

/** A gateway that serves a file. */
interface Served {
  readonly url: string;
  readonly file: string;
  readonly command: Command;
  /** Writes the file anew, and waits until it is served or refused. */
  change(config: object): Promise<void>;
}

const ENVIRONMENT = { TEAM_KEY: KEY, PROVIDER_KEY: SECRET };

/** Starts a gateway whose file has these parts. */
async function serve(config: object): Promise<Served> {
  const file = join(folder, `${++count}.json`);
  const write = (parts: object) =>
    writeFile(
      file,
      JSON.stringify({
        ...{ listen: { port: 0 }, store: "none", keys: { team: { env: "TEAM_KEY" } } },
        ...parts,
      }),
    );
  await write(config);
  const command = new Command(["--config", file], ENVIRONMENT);
  running.push(command);
  const url = await command.url();
  return {
    ...{ url, file, command },
    async change(parts) {
      const before = command.error.length;
      await write(parts);
      for (let i = 0; i < 500 && command.error.length === before; i++) await wait(20);
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A provider of a file, played by an endpoint of the simulator. */
function played(endpoint: string, more: object = {}) {
  return {
    dialect: "openai-chat",
    baseUrl: `${simulator.baseUrl(endpoint)}/v1`,
    model: "m",
    apiKey: { env: "PROVIDER_KEY" },
    ...more,
  };
}

function ask(url: string, headers: Record<string, string> = {}, body: object = {}): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${KEY}`, ...headers },
    body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: PROMPT }], ...body }),
  });
}

/** The status of a request that fetch cannot send. */
function statusOf(
  url: string,
  path: string,
  method: string,
  headers: Record<string, string>,
): Promise<number> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: "127.0.0.1", port, path, method, headers }, (incoming) => {
      incoming.resume().on("end", () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.on("upgrade", (incoming, socket) => {
      socket.destroy();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.on("error", reject).end();
  });
}

describe("traces", () => {
  const exporter = new InMemorySpanExporter();

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    );
  });
  afterAll(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it.each([false, true])(
    "continue from the client's through the gateway to the provider, without content (streams: %s)",
    async (stream) => {
      exporter.reset();
      const name = `traced-${stream}`;
      const { url } = await serve({
        providers: { up: played(name) },
        routes: { chat: { retry: "up" } },
        telemetry: { otel: true },
      });
      simulator.script(name, [{ status: 500, body: `${SECRET} ${PROMPT}` }]);
      const [traceId, parent] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
      const reply = await ask(url, { traceparent: `00-${traceId}-${parent}-01` }, { stream });
      expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining("You said")]);
      const spans = exporter.getFinishedSpans();
      const chat = spans.find((span) => span.name.startsWith("chat"));
      expect(chat?.spanContext().traceId).toBe(traceId);
      expect(chat?.parentSpanContext?.spanId).toBe(parent);
      const attempts = spans.filter((span) => span.parentSpanContext?.spanId === chat?.spanContext().spanId);
      expect(simulator.at(name).map(({ http }) => http.headers["traceparent"])).toEqual(
        attempts.map((span) => `00-${traceId}-${span.spanContext().spanId}-01`),
      );
      expect(attempts).toHaveLength(2);
      const written = JSON.stringify(
        spans.map(({ name: named, attributes, events, status }) => ({ named, attributes, events, status })),
      );
      for (const secret of [KEY, SECRET, PROMPT]) expect(written).not.toContain(secret);
    },
  );
});

describe("what clients send besides JSON", () => {
  it("is a form with a sound, and one with a picture", async () => {
    const { url } = await serve({ providers: { openai: played("forms", { dialect: undefined }) } });
    const client = new OpenAI({ apiKey: KEY, baseURL: `${url}/v1`, maxRetries: 0 });
    const sound = Buffer.from("RIFF\0\0\0\0WAVEfmt \r\n--not-a-boundary\r\n");
    const heard = await client.audio.transcriptions.create({
      model: "openai/whisper-1",
      file: await toFile(sound, "voice.wav", { type: "audio/wav" }),
    });
    expect(heard.text).not.toBe("");
    const sent = simulator.otherAttempts.findLast(({ endpoint }) => endpoint === "forms");
    expect(sent?.kind).toBe("transcribe");
    expect(Buffer.from(sent?.http.bytes ?? []).includes(sound)).toBe(true);
    const pixel = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0xff]);
    const changed = await client.images.edit({
      model: "openai/gpt-image-1",
      prompt: "a house",
      image: await toFile(pixel, "a.png", { type: "image/png" }),
      mask: await toFile(pixel, "mask.png", { type: "image/png" }),
    });
    expect(changed.data?.[0]?.b64_json).toBeDefined();
    const edit = simulator.otherAttempts.at(-1);
    expect(edit).toMatchObject({ kind: "image", endpoint: "forms", request: { prompt: "a house" } });
    expect(Buffer.from(edit?.http.bytes ?? []).includes(pixel)).toBe(true);
    expect((await client.images.generate({ model: "openai/gpt-image-1", prompt: "b" })).data).toHaveLength(1);
  });
});

describe("what coding agents send", () => {
  it("is answered: upgrades with 426, HEAD, events, and paths with ?beta=true", async () => {
    const { url } = await serve({
      providers: {
        up: played("agents", { dialect: "anthropic-messages", baseUrl: simulator.baseUrl("agents") }),
      },
      routes: { chat: "up" },
    });
    const authorization = `Bearer ${KEY}`;
    const upgrade = {
      ...{ connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
      ...{
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "openai-beta": "responses_websockets=2026-02-06",
      },
    };
    expect(await statusOf(url, "/v1/responses", "GET", { ...upgrade, authorization })).toBe(426);
    expect(await statusOf(url, "/v1/responses", "GET", { ...upgrade, authorization: "Bearer no" })).toBe(401);
    for (const path of ["/", "/api/hello", "/v1/messages"])
      expect([path, await statusOf(url, path, "HEAD", { authorization })]).toEqual([path, 200]);
    expect(await statusOf(url, "/api/hello", "HEAD", {})).toBe(401);
    const headers = {
      ...{ "content-type": "application/json", authorization, "anthropic-version": "2026-10-21" },
      ...{ "anthropic-beta": "context-management-2025-06-27", "x-stainless-lang": "js" },
    };
    const messages = [{ role: "user", content: "ping" }];
    for (const [path, body] of [
      [
        "/v1/messages?beta=true",
        { model: "chat", max_tokens: 9, messages, context_management: { edits: [] } },
      ],
      ["/v1/messages/count_tokens?beta=true", { model: "chat", messages }],
    ] as const) {
      const reply = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
      expect([path, reply.status]).toEqual([path, 200]);
    }
    const got = simulator.at("agents").at(-1)?.http;
    expect(got?.headers).toMatchObject({
      ...{ "anthropic-version": "2026-10-21", "x-stainless-lang": "js" },
      "anthropic-beta": "context-management-2025-06-27",
    });
    expect(JSON.parse(got?.body ?? "")).toMatchObject({ context_management: { edits: [] } });
  });
});

describe("a route of a file", () => {
  it("answers other kinds by an endpoint of its own", async () => {
    const { url } = await serve({
      providers: { vectors: played("vectors", { kinds: ["embed"] }), chats: played("chats") },
      routes: { vectors: { use: "vectors", kinds: ["embed"] }, chat: "chats" },
    });
    const client = new OpenAI({ apiKey: KEY, baseURL: `${url}/v1`, maxRetries: 0 });
    const { data } = await client.embeddings.create({ model: "vectors", input: ["a", "b"] });
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    await expect(client.embeddings.create({ model: "chat", input: "a" })).rejects.toThrow(/does not answer/);
    await expect(
      client.chat.completions.create({ model: "vectors", messages: [{ role: "user", content: "a" }] }),
    ).rejects.toThrow(/does not answer/);
  });

  it("keeps the calls of a session on one member, by each header that names it", async () => {
    const ids = ["a", "b", "c"];
    const { url } = await serve({
      providers: Object.fromEntries(ids.map((id) => [id, played(`sticky-${id}`)])),
      routes: { chat: { sticky: ids } },
    });
    const asked = async (header: string, session: string) => {
      const before = simulator.attempts.length;
      // Each call begins with another prompt: the session alone can hold them together.
      for (let i = 0; i < 3; i++)
        await ask(url, { [header]: session }, { messages: [{ role: "user", content: `${session} ${i}` }] });
      return new Set(simulator.attempts.slice(before).map(({ endpoint }) => endpoint));
    };
    const members = new Set<string>();
    for (const header of ["x-ai-lib-session", "x-claude-code-session-id", "session_id", "x-session-id"])
      for (const session of ["one", "two", "three", "four"]) {
        const found = await asked(header, session);
        expect([header, session, found.size]).toEqual([header, session, 1]);
        for (const member of found) members.add(member);
      }
    expect(members.size).toBeGreaterThan(1);
  });

  it("answers the same call from its cache, and other routes do not", async () => {
    const { url } = await serve({
      providers: { up: played("cached") },
      routes: { kept: { cache: "up", options: { ttlMs: 60_000 } }, plain: "up" },
    });
    const texts: string[] = [];
    for (const model of ["kept", "kept", "plain", "plain"])
      texts.push(((await (await ask(url, {}, { model })).json()) as any).choices[0].message.content);
    expect(simulator.at("cached")).toHaveLength(3);
    expect(new Set(texts).size).toBe(1);
    await ask(url, {}, { model: "kept", temperature: 0.5 });
    expect(simulator.at("cached")).toHaveLength(4);
  });

  it("gives a canary its share, and mirrors calls", async () => {
    const { url } = await serve({
      providers: { old: played("old"), new: played("new"), copy: played("copy") },
      routes: {
        canary: {
          weighted: [
            { provider: "old", weight: 9 },
            { provider: "new", weight: 1 },
          ],
        },
        seen: { mirror: "old", to: "copy", options: { share: 1 } },
      },
    });
    for (let i = 0; i < 40; i++) await ask(url, {}, { model: "canary" });
    expect([simulator.at("old").length, simulator.at("new").length]).toEqual([36, 4]);
    for (let i = 0; i < 3; i++) expect((await ask(url, {}, { model: "seen" })).status).toBe(200);
    await expect.poll(() => [simulator.at("old").length, simulator.at("copy").length]).toEqual([39, 3]);
  });

  it("sets headers and passes those that it names, and no key", async () => {
    const { url } = await serve({
      providers: { up: played("ruled") },
      routes: {
        chat: { use: "up", headers: { set: { "x-team": "search" }, pass: ["X-Trace", "x-absent"] } },
      },
    });
    await ask(url, { "x-trace": "t-1", "x-other": "o", cookie: "a=b" });
    const got = simulator.at("ruled").at(-1)?.http.headers ?? {};
    expect(got).toMatchObject({ "x-team": "search", "x-trace": "t-1", authorization: `Bearer ${SECRET}` });
    for (const name of ["x-other", "cookie", "x-absent"]) expect(got).not.toHaveProperty(name);
  });

  it("runs hooks at three points, from a module and at an address", async () => {
    const events: { readonly at: string; readonly route: string; readonly end?: unknown }[] = [];
    const service = createServer((incoming, outgoing) => {
      let text = "";
      incoming.on("data", (chunk) => {
        text += chunk;
      });
      incoming.on("end", () => {
        const event = JSON.parse(text);
        events.push(event);
        const { request } = event;
        const changed = { ...request, messages: [{ role: "user", content: "changed by an address" }] };
        outgoing.end(event.at === "request" ? JSON.stringify({ request: changed }) : "");
      });
    });
    await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(service.address() as AddressInfo).port}/hook`;
    const module = join(folder, "hook.mjs");
    await writeFile(
      module,
      `export const hook = ({ response }) => ({ response: { ...response, content: [{ type: "text", text: "changed by a module" }] } });`,
    );
    const { url } = await serve({
      providers: { up: played("hooked") },
      routes: {
        chat: {
          use: "up",
          hooks: [
            { at: "request", url: address },
            { at: "response", module },
            { at: "end", url: address },
          ],
        },
      },
    });
    const body = (await (await ask(url)).json()) as any;
    expect(body.choices[0].message.content).toBe("changed by a module");
    expect(simulator.at("hooked").at(-1)?.request.messages.at(-1)?.content).toBe("changed by an address");
    await expect.poll(() => events.length).toBe(2);
    service.close();
    expect(events.map(({ at, route }) => [at, route])).toEqual([
      ["request", "chat"],
      ["end", "chat"],
    ]);
    expect(JSON.stringify(events[1])).not.toContain(PROMPT);
  });

  it.each(["node", "undici"])("follows no redirect of a provider, by %s", async (transport) => {
    const reached: string[] = [];
    const other = createServer((incoming, outgoing) => {
      reached.push(incoming.url ?? "");
      outgoing.end("{}");
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/latest/meta-data`;
    const { url } = await serve({
      ...{ transport, providers: { up: played(`redirects-${transport}`) }, routes: { chat: "up" } },
    });
    for (const status of [301, 302, 307, 308]) {
      simulator.always(`redirects-${transport}`, { status, headers: { location } });
      expect((await ask(url)).status).toBeGreaterThanOrEqual(500);
    }
    other.close();
    expect(reached).toEqual([]);
  });
});

describe("a reload", () => {
  const parts = (endpoint: string, model: string) => ({
    providers: { up: played(endpoint, { model }) },
    routes: { chat: { retry: "up" } },
  });

  it("leaves running streams on the old file, and takes the new one whole or not at all", async () => {
    const gateway = await serve(parts("old-file", "m-old"));
    simulator.script("old-file", [{ frameDelayMs: 120 }]);
    const stream = await ask(
      gateway.url,
      {},
      { stream: true, messages: [{ role: "user", content: "x ".repeat(60) }] },
    );
    const reader = (stream.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as never);
    const texts: string[] = [];
    const reading = (async () => {
      for await (const text of reader as unknown as AsyncIterable<string>) texts.push(text);
    })();
    await gateway.change(parts("new-file", "m-new"));
    expect(gateway.command.error).toMatch(/is served/);
    expect((await ask(gateway.url)).status).toBe(200);
    expect(simulator.at("new-file").map(({ request }) => request.model)).toEqual(["m-new"]);
    // A file that is right up to its last line changes nothing of what is served.
    await gateway.change({ ...parts("third-file", "m-third"), aliases: { a: "nowhere" } });
    expect(gateway.command.error).toMatch(/nowhere is neither a route/);
    expect((await ask(gateway.url)).status).toBe(200);
    expect([simulator.at("new-file").length, simulator.at("third-file").length]).toEqual([2, 0]);
    await reading;
    const whole = texts.join("");
    expect(whole).toMatch(/data: \[DONE\]\n\n$/);
    expect(whole.match(/x /g)).toHaveLength(60);
    expect(simulator.at("old-file").map(({ request, outcome }) => [request.model, outcome])).toEqual([
      ["m-old", "answered"],
    ]);
  });

  it("refuses limits that only a start applies, and applies the others", async () => {
    const gateway = await serve(parts("fixed", "m"));
    for (const name of ["connections", "headerBytes", "headersMs", "requestMs"]) {
      await gateway.change({ ...parts("fixed", "m"), limits: { [name]: 5_000 } });
      await gateway.command.until(new RegExp(`limits.${name}. cannot change while`), "error");
    }
    await gateway.change({ ...parts("fixed", "m"), limits: { bodyBytes: 10 } });
    await gateway.command.until(/is served/, "error");
    expect((await ask(gateway.url)).status).toBe(413);
  });

  it("also happens on SIGHUP", async () => {
    const gateway = await serve(parts("hup", "m"));
    process.emit("SIGHUP");
    const [, served] = await gateway.command.until(/(\S+): revision \w+ is served/, "error");
    expect(served).toBe(gateway.file);
  });
});
