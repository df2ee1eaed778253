import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { defineProvider, failover } from "ai-lib";
import { type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway } from "../src/gateway.js";
import { ModelTable } from "../src/model-table.js";
import { requirePublicAddress } from "../src/public-address.js";
import { settingsOf } from "../src/settings.js";
import { admissionFor } from "./support/keys.js";

const KEY = "aik_client_key_that_must_not_leak";
const SECRET = "sk-provider-secret-that-must-not-leak";
const PROMPT = "a-prompt-that-must-not-leak";

/** Everything that the gateway writes or answers besides answers themselves. */
const written: string[] = [];
let simulator: Simulator;
let gateway: Gateway;

beforeAll(async () => {
  simulator = await startSimulator();
  const member = (id: string) =>
    defineProvider(
      { id, dialect: "openai-chat", baseUrl: `${simulator.baseUrl(id)}/v1` },
      { apiKey: SECRET, environment: {}, model: "m" },
    );
  const provider = failover([member("first"), member("second")]);
  const table = new ModelTable({ routes: [{ name: "chat", provider }], providers: new Map() });
  gateway = await Gateway.start(
    {
      table,
      admission: await admissionFor(table, "team", KEY),
      settings: { ...settingsOf(), bodyBytes: 4_096, headerBytes: 8_192, headersMs: 1_000, requestMs: 1_500 },
      writeLog: (line) => void written.push(line),
      onError: (error) => void written.push(String((error as Error).stack)),
    },
    { host: "127.0.0.1", port: 0 },
  );
});
afterAll(async () => {
  await gateway.cut();
  await simulator.close();
});

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function send(
  path: string,
  {
    method = "POST",
    headers = {},
    body = "",
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  const { port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: "127.0.0.1", port, path, method, headers }, (incoming) => {
      let text = "";
      incoming.on("data", (chunk) => {
        text += chunk;
      });
      incoming.on("end", () =>
        resolve({ status: incoming.statusCode ?? 0, body: text, headers: incoming.headers }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Sends bytes as they are. @returns what comes back until the connection closes */
function raw(text: string): Promise<string> {
  const { port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" ? resolve(answer) : reject(error),
    );
  });
}

const chat = { model: "chat", messages: [{ role: "user", content: PROMPT }] };
const authorized = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };

describe("a gateway is closed", () => {
  it.each([
    ["/v1/chat/completions", "POST"],
    ["/v1/messages", "POST"],
    ["/v1/models", "GET"],
    ["/metrics", "GET"],
    ["/", "GET"],
    ["/anything", "HEAD"],
    ["/api/event_logging/batch", "POST"],
  ])("to %s without a key", async (path, method) => {
    expect((await send(path, { method, body: method === "POST" ? "{}" : "" })).status).toBe(401);
  });

  it.each([
    "Bearer ",
    "Basic abc",
    `Bearer ${KEY}x`,
    `Bearer ${KEY.slice(0, -1)}`,
    `Bearer ${"x".repeat(5_000)}`,
  ])("to the key %j", async (authorization) => {
    expect((await send("/v1/models", { method: "GET", headers: { authorization } })).status).toBe(401);
  });

  it("to bodies and headers that are too large", async () => {
    const body = JSON.stringify({ ...chat, messages: [{ role: "user", content: "x".repeat(5_000) }] });
    expect((await send("/v1/chat/completions", { headers: authorized, body })).status).toBe(413);
    const headers = { ...authorized, "x-much": "y".repeat(9_000) };
    expect((await send("/v1/chat/completions", { headers, body: "{}" })).status).toBe(431);
  });

  it("to clients that send their headers or bodies too slowly", async () => {
    expect(await raw("POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\n")).toMatch(/^HTTP\/1\.1 408 /);
    const slow = `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${KEY}\r\ncontent-length: 100\r\n\r\n{`;
    expect(await raw(slow)).toMatch(/^HTTP\/1\.1 408 |^$/);
  });

  it.each([
    ["two lengths", `content-length: 5\r\ncontent-length: 6\r\n\r\nhello`],
    ["a length beside chunks", `content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["a broken coding", `transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ["a line break in a header", `x-a: b\rc: d\r\n\r\n`],
    ["a header without a name", `: d\r\n\r\n`],
  ])("to requests with %s, which could be read in two ways", async (_, rest) => {
    const answer = await raw(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${KEY}\r\n${rest}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each([
    "/v1/chat/completions/../models",
    "/v1/%63hat/completions",
    "//v1/chat/completions",
    "/v1/chat/completions%00",
    "/%2e%2e/v1/chat/completions",
    "/v1beta/models/..%2f..%2fsecret:generateContent",
    "/model/%2e%2e/converse",
    "http://169.254.169.254/latest/meta-data",
    "/./v1/chat/completions",
  ])("to the path %s", async (path) => {
    const attempts = simulator.attempts.length;
    expect(
      (await send(path, { headers: authorized, body: JSON.stringify(chat) })).status,
    ).toBeGreaterThanOrEqual(400);
    expect(simulator.attempts.length).toBe(attempts);
  });

  it("sends no header of the client on but those that the dialect needs", async () => {
    const headers = {
      ...authorized,
      cookie: "a=b",
      "x-forwarded-for": "1.2.3.4",
      "x-secret": "s",
      "openai-beta": "x=y",
    };
    expect((await send("/v1/chat/completions", { headers, body: JSON.stringify(chat) })).status).toBe(200);
    const got = simulator.at("first").at(-1)?.http.headers ?? {};
    expect(got["openai-beta"]).toBe("x=y");
    expect(got["authorization"]).toBe(`Bearer ${SECRET}`);
    for (const name of ["cookie", "x-forwarded-for", "x-secret"]) expect(got).not.toHaveProperty(name);
  });

  it.each([
    "http://169.254.169.254/v1",
    "http://[fe80::1]/v1",
    "http://[fd00:ec2::254]/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://metadata.google.internal/",
    "http://METADATA.google.internal./",
    "http://[::ffff:169.254.169.254]/",
    "file:///etc/passwd",
    "nowhere",
  ])("to a configuration that sends requests to %s", (address) => {
    expect(() => requirePublicAddress(address)).toThrow();
  });
  it.each(["https://api.openai.com/v1", "http://127.0.0.1:8000/v1", "http://10.0.0.3/v1"])(
    "and open to %s",
    (address) => {
      expect(() => requirePublicAddress(address)).not.toThrow();
    },
  );
});

describe("what a gateway writes and answers", () => {
  it("holds no key, no secret of a provider and no prompt, whatever goes wrong", async () => {
    const faults = [
      { status: 401, body: `{"error":{"message":"Incorrect API key provided: ${SECRET}"}}` },
      { status: 500, body: `${SECRET} ${PROMPT}` },
      { status: 400, body: `{"error":{"message":"bad: ${SECRET}"}}` },
      { reset: 3 },
      { malformed: 2 },
    ];
    const answers: string[] = [];
    for (const fault of faults) {
      for (const stream of [false, true]) {
        simulator.script("first", [fault]);
        simulator.script("second", [fault]);
        const body = JSON.stringify({ ...chat, stream });
        const reply = await send(`/v1/chat/completions?key=${KEY}`, { headers: authorized, body });
        // The simulator says the prompt back in answers that succeed.
        answers.push(
          JSON.stringify(reply.headers),
          reply.status === 200 ? reply.body.replaceAll(PROMPT, "") : reply.body,
        );
      }
    }
    answers.push((await send("/v1/models", { method: "GET", headers: authorized })).body);
    answers.push((await send("/nothing", { method: "GET", headers: authorized })).body);
    answers.push(
      (await send(`/v1/models/${KEY}?key=${KEY}`, { method: "GET" })).body.replaceAll(
        `/v1/models/${KEY}`,
        "",
      ),
    );
    const metrics = await send("/metrics", { method: "GET", headers: authorized });
    expect(metrics.body).toContain("ai_lib_gateway_requests_running");
    for (let i = 0; i < 50 && written.length < 20; i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const logs = written.filter((line) => !line.includes(`/v1/models/${KEY}`)).join("");
    expect(logs).toContain('"route":"chat"');
    for (const secret of [KEY, SECRET, PROMPT]) {
      expect(logs).not.toContain(secret);
      expect(metrics.body).not.toContain(secret);
      expect(answers.filter((answer) => answer.includes(secret))).toEqual([]);
    }
  });
});
