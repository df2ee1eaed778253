import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { call, packed } from "../support/calls.js";
import { TOKENS } from "./start.js";
import { startWhole, type Whole } from "./whole.js";

const EVENT = "event: call";
const NAME = "x".repeat(250);
let whole: Whole;
let closed = false;
beforeAll(async () => {
  whole = await startWhole({ sqlite: ":memory:" });
});
afterAll(async () => {
  if (!closed) await whole.close();
});

/** Opens a tail, and reads its head alone. */
function openTail(role: keyof typeof TOKENS): Promise<{ status: number; socket: Socket }> {
  const { port } = new URL(whole.admin.server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () =>
      socket.write(
        `GET /admin/v1/logs/tail HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${TOKENS[role]}\r\n\r\n`,
      ),
    );
    socket.once("data", (bytes) => {
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(String(bytes))?.[1]);
      if (status === 200) socket.pause();
      else socket.destroy();
      resolve({ status, socket });
    });
    // The server ends it in the end.
    socket.on("error", () => undefined);
  });
}

/** Opens a tail that reads. @returns how many calls it got */
async function readTail(): Promise<() => number> {
  const response = await fetch(`${whole.admin.server.url}/admin/v1/logs/tail`, {
    headers: { authorization: `Bearer ${TOKENS.operator}` },
  });
  let seen = 0;
  const read = async () => {
    let rest = "";
    for await (const chunk of response.body ?? []) {
      const text = rest + Buffer.from(chunk).toString();
      seen += text.split(EVENT).length - 1;
      rest = text.slice(1 - EVENT.length);
    }
  };
  read().catch(() => undefined);
  return () => seen;
}

it("a thousand tails take a bounded number of places and bytes, and the server ends although nobody reads", async () => {
  const tails: { status: number; socket: Socket }[] = [];
  for (let i = 0; i < 20; i++)
    tails.push(
      ...(await Promise.all(Array.from({ length: 50 }, (_, at) => openTail(at % 2 ? "viewer" : "owner")))),
    );
  const statuses = tails.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(32);
  expect(statuses.filter((status) => status === 429)).toHaveLength(968);

  const seen = await readTail();
  const bytes = () => process.memoryUsage().heapUsed + process.memoryUsage().external;
  const before = bytes();
  for (let round = 1; round <= 20; round++) {
    const at = Date.now();
    const calls = Array.from({ length: 200 }, () =>
      call(at, { route: NAME, model: NAME, user: NAME, tags: [NAME] }),
    );
    await whole.store.write({ calls: packed(calls), contents: [], rates: [] });
    // One that reads gets all, whatever the others do.
    for (let i = 0; i < 500 && seen() < round * 200; i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen()).toBe(round * 200);
  }
  const grown = bytes() - before;
  expect(grown).toBeLessThan(200 * 1024 * 1024);

  expect((await whole.admin.call("GET", "/status", { role: "viewer" })).status).toBe(200);
  const begun = Date.now();
  closed = true;
  await whole.close();
  expect(Date.now() - begun).toBeLessThan(20_000);
  expect(whole.admin.faults).toEqual([]);
}, 60_000);
