import { spawn } from "node:child_process";
import dns from "node:dns";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { HeardSink, requestTo, serveHttp } from "../../test/support/loopback.js";
import { nodeTransport } from "./transport-node.js";

/** Lets a name have these addresses, as far as this process asks. */
function resolveTo(addresses: readonly { readonly address: string; readonly family: 4 | 6 }[]): void {
  const lookup = (_name: string, options: { all?: boolean }, callback: (...args: unknown[]) => void) => {
    const [first] = addresses;
    if (options.all === true) callback(null, addresses);
    else callback(null, first?.address, first?.family);
  };
  vi.spyOn(dns, "lookup").mockImplementation(lookup as never);
}

const BLOCKED = `
const server = require("node:net").createServer();
server.listen({ host: process.argv[1], port: Number(process.argv[2]), backlog: 1 }, () => {
  process.stdout.write("listening\\n", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});`;

/** An address that answers no attempt to connect: its queue is full, and nobody accepts. */
async function deafAddress(host: string, port: number): Promise<void> {
  const child = spawn(process.execPath, ["-e", BLOCKED, host, String(port)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const waiting: Socket[] = [];
  onTestFinished(() => {
    for (const socket of waiting) socket.destroy();
    child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  for (let i = 0; i < 8; i++) {
    const socket = connect(port, host).on("error", () => {});
    waiting.push(socket);
    const connected = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true));
      setTimeout(() => resolve(false), 200);
    });
    if (connected === false) return;
  }
  throw new Error("The queue did not fill");
}

async function ask(port: number): Promise<{ text: string; ms: number; code: string | undefined }> {
  const transport = nodeTransport({ proxy: false, environment: {} });
  onTestFinished(() => transport.close?.());
  const began = performance.now();
  const sink = new HeardSink();
  transport.open(requestTo(`http://several.example:${port}/`), sink);
  await sink.ending;
  return { text: sink.text, ms: performance.now() - began, code: sink.error?.code };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a name with several addresses", () => {
  it("is reached if one of them answers, whichever it is, of either family", async () => {
    const server = await serveHttp((_request, response) => void response.end("here"));
    const port = Number(new URL(server.url).port);
    resolveTo([
      { address: "::1", family: 6 },
      { address: "127.0.0.3", family: 4 },
      { address: "127.0.0.4", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ]);
    const { text, ms } = await ask(port);
    expect(text).toBe("here");
    expect(ms).toBeLessThan(1_000);
  });

  it("is reached behind one that answers no attempt", async () => {
    const server = await serveHttp((_request, response) => void response.end("here"));
    const port = Number(new URL(server.url).port);
    await deafAddress("::1", port);
    resolveTo([
      { address: "::1", family: 6 },
      { address: "127.0.0.1", family: 4 },
    ]);
    const { text, ms } = await ask(port);
    expect(text).toBe("here");
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(2_500);
  });

  it("fails as a network error if none of them answers", async () => {
    const server = await serveHttp(() => {});
    const port = Number(new URL(server.url).port);
    resolveTo([
      { address: "127.0.0.3", family: 4 },
      { address: "::1", family: 6 },
    ]);
    expect(await ask(port)).toMatchObject({ text: "", code: "NETWORK_ERROR" });
  });
});
