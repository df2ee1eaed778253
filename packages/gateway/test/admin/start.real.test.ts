import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEST_CERTIFICATE, TEST_KEY } from "../../../ai-lib/test/support/loopback.js";
import { run } from "../../src/program.js";
import { RENEWED_CERTIFICATE } from "../support/renewed-certificate.js";

const folder = mkdtempSync(join(tmpdir(), "gateway-admin-"));
const stops: (() => Promise<void>)[] = [];

beforeAll(() => {
  writeFileSync(join(folder, "cert.pem"), TEST_CERTIFICATE);
  writeFileSync(join(folder, "key.pem"), TEST_KEY);
});
afterAll(async () => {
  for (const stop of stops) await stop();
  rmSync(folder, { recursive: true, force: true });
});

const OPS = "a-token-of-the-operators-of-the-tests";

interface Running {
  readonly out: () => string;
  readonly code: Promise<number>;
  readonly file: string;
  /** The address of the admin API; undefined where the start failed. */
  readonly url: string | undefined;
}

let made = 0;

/** Starts a gateway whose file has this part `admin`. */
async function start(admin: string, environment: Record<string, string> = {}): Promise<Running> {
  const file = join(folder, `gateway-${made++}.yaml`);
  writeFileSync(file, fileOf(admin));
  let text = "";
  const write = (more: string) => {
    text += more;
    return true;
  };
  const stream = { write } as unknown as NodeJS.WritableStream;
  const abort = new AbortController();
  let ended = false;
  const code = run(
    {
      stdout: stream,
      stderr: stream,
      environment: { OPS, KEY: "sk-x", ...environment },
      signal: abort.signal,
    },
    ["start", "--config", file, "--port", "0", "--no-watch"],
  ).finally(() => {
    ended = true;
  });
  stops.push(async () => {
    abort.abort();
    await code;
  });
  for (let i = 0; i < 500 && !ended && !text.includes("curl "); i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return { out: () => text, code, file, url: /The admin API listens on (\S+)/.exec(text)?.[1] };
}

function fileOf(admin: string): string {
  return `store: none\nproviders: { openai: { apiKey: { env: KEY } } }\n${admin}\n`;
}

function get(url: string | undefined, path: string, token: string): Promise<Response> {
  return fetch(`${url}/admin/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
}

describe("a gateway with an admin API", () => {
  it("makes a token where the file has none, and prints it once", async () => {
    const { url, out } = await start("admin: { listen: { port: 0 } }");
    const token = /Admin token of this run: (ait_\S+)/.exec(out())?.[1] ?? "";
    const session = await get(url, "/session", token);
    expect(await session.json()).toEqual({ id: "token:start", name: "start", role: "owner" });
    expect(out().split(token)).toHaveLength(2);
  });

  it("takes the token of the environment, also without a part `admin`", async () => {
    const { url, out } = await start("", { AI_LIB_GATEWAY_ADMIN_TOKEN: OPS });
    // Its port is the usual one, which another program may have.
    if (url === undefined) expect(out()).toContain("The admin API cannot listen on 127.0.0.1:4101");
    else expect((await get(url, "/status", OPS)).status).toBe(200);
    expect(out()).not.toContain(OPS);
  });

  it("reads its file again when an owner asks, and keeps what it has when the file is wrong", async () => {
    const tokens = "tokens: { ops: { secret: { env: OPS }, role: owner } }";
    const { url, file, out } = await start(`admin: { listen: { port: 0 }, ${tokens} }`);
    expect(out()).not.toContain("Admin token of this run");
    const before = (await (await get(url, "/config", OPS)).json()) as { revision: string };
    const reload = async () => {
      const headers = { authorization: `Bearer ${OPS}` };
      const response = await fetch(`${url}/admin/v1/config/reload`, { method: "POST", headers });
      return [response.status, await response.json()];
    };
    writeFileSync(file, `${fileOf(`admin: { listen: { port: 0 }, ${tokens} }`)}routes: { chat: openai }\n`);
    const [status, body] = await reload();
    expect(status).toBe(200);
    expect((body as { revision: string }).revision).not.toBe(before.revision);
    const wrong = [
      "rutes: {}",
      "admin: { listen: { port: 1 } }",
      "admin: { listen: { port: 0 } }",
      "admin: {",
    ];
    for (const text of wrong) {
      writeFileSync(file, fileOf(text));
      expect([text, await reload()]).toMatchObject([text, [400, { error: { code: "invalid_request" } }]]);
    }
    const after = (await (await get(url, "/status", OPS)).json()) as object;
    expect(after).toMatchObject({
      revision: (body as { revision: string }).revision,
      reload: { outcome: "refused" },
    });
  });

  it("serves HTTPS with a certificate of its own", async () => {
    const tls = `tls: { cert: ${join(folder, "cert.pem")}, key: ${join(folder, "key.pem")} }`;
    const { url } = await start(
      `admin: { listen: { port: 0 }, ${tls}, tokens: { ops: { secret: { env: OPS }, role: viewer } } }`,
    );
    expect(url).toMatch(/^https:/);
    const headers = await new Promise((resolve, reject) => {
      const options = {
        headers: { authorization: `Bearer ${OPS}` },
        ca: TEST_CERTIFICATE,
        servername: "localhost",
      };
      request(`${url}/admin/v1/status`, options, (reply) => {
        reply.resume();
        resolve([reply.statusCode, reply.headers["strict-transport-security"]]);
      })
        .on("error", reject)
        .end();
    });
    expect(headers).toEqual([200, "max-age=31536000"]);
  });

  it("serves a renewed certificate after a reload, and keeps the old one where the new one is none", async () => {
    const [cert, key] = [join(folder, "renewed.pem"), join(folder, "key.pem")];
    writeFileSync(cert, TEST_CERTIFICATE);
    const { url } = await start(
      `admin: { listen: { port: 0 }, tls: { cert: ${cert}, key: ${key} }, tokens: { ops: { secret: { env: OPS }, role: owner } } }`,
    );
    const ask = (path: string, method: string, ca: string) =>
      new Promise<readonly [number | undefined, string]>((resolve, reject) => {
        const headers = { authorization: `Bearer ${OPS}` };
        const agent = new Agent({ ca, servername: "localhost" });
        request(`${url}/admin/v1${path}`, { headers, agent, method }, (reply) => {
          const { fingerprint256 } = (reply.socket as TLSSocket).getPeerCertificate();
          reply.resume();
          reply.on("end", () => resolve([reply.statusCode, fingerprint256]));
        })
          .on("error", reject)
          .end();
      });
    const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;
    const status = (ca: string) => ask("/status", "GET", ca);
    const reload = async (ca: string) => (await ask("/config/reload", "POST", ca))[0];
    expect(await status(TEST_CERTIFICATE)).toEqual([200, fingerprint(TEST_CERTIFICATE)]);
    writeFileSync(cert, RENEWED_CERTIFICATE);
    expect(await reload(TEST_CERTIFICATE)).toBe(200);
    expect(await status(RENEWED_CERTIFICATE)).toEqual([200, fingerprint(RENEWED_CERTIFICATE)]);
    writeFileSync(cert, "no certificate");
    expect(await reload(RENEWED_CERTIFICATE)).toBe(400);
    expect(await status(RENEWED_CERTIFICATE)).toEqual([200, fingerprint(RENEWED_CERTIFICATE)]);
  });

  it.each([
    [
      "admin: { listen: { host: 0.0.0.0, port: 0 } }",
      "beyond loopback, the admin API needs `tls` or `tokens`",
    ],
    [
      "admin: { tokens: { ops: { secret: { env: NONE }, role: owner } } }",
      "the environment variable NONE is not set",
    ],
    ["admin: { tokens: { ops: { secret: plain-text-secret, role: owner } } }", "admin.tokens.ops.secret"],
    ["admin: { token: x }", 'unknown key "token"'],
  ])("does not start with %s", async (admin, message) => {
    const { out, code } = await start(admin);
    expect(await code).toBe(2);
    expect(out()).toContain(message);
    expect(out()).not.toContain("listens on");
  });

  it("says that its port is taken, and ends", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const { out, code } = await start(`admin: { listen: { port: ${port} } }`);
    expect(await code).toBe(2);
    expect(out()).toContain(`The admin API cannot listen on 127.0.0.1:${port}: EADDRINUSE`);
    await new Promise((resolve) => taken.close(resolve));
  });
});
