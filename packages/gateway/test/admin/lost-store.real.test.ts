import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Installed, install } from "../../../ai-lib/test/support/packed.js";
import { type Postgres, startPostgres } from "../support/postgres.js";
import { GatewayProcess } from "../support/process.js";
import { TOKENS } from "./start.js";

let folder: string;
let installed: Installed;
let postgres: Postgres;

beforeAll(async () => {
  [folder, installed, postgres] = await Promise.all([
    mkdtemp(join(tmpdir(), "gateway-lost-")),
    install("ai-lib-gateway", "ai-lib"),
    startPostgres(),
  ]);
}, 180_000);
afterAll(async () => {
  await postgres?.close();
  await installed?.remove();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

it("a gateway whose database goes away says so, changes nothing meanwhile, and goes on when it is back", async () => {
  const file = join(folder, "gateway.json");
  const up = { dialect: "openai-chat", baseUrl: "http://127.0.0.1:9/v1", model: "m" };
  await writeFile(
    file,
    JSON.stringify({
      ...{ listen: { port: 0 }, providers: { up }, routes: { chat: { circuitBreaker: "up" } } },
      store: { postgres: { env: "DATABASE_URL" } },
      admin: { listen: { port: 0 }, tokens: { owner: { secret: { env: "TOKEN" }, role: "owner" } } },
    }),
  );
  const gateway = await GatewayProcess.start(installed.package, file, {
    DATABASE_URL: await postgres.database("lost"),
    TOKEN: TOKENS.owner,
  });
  const api = `${/The admin API listens on (\S+)/.exec(gateway.output)?.[1]}/admin/v1`;
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKENS.owner}`,
        "if-match": "*",
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  expect((await call("POST", "/keys", { id: "before" })).status).toBe(201);

  await postgres.kill();
  const words = "The store cannot be reached, or failed";
  for (const [method, path, body] of [
    ["POST", "/keys", { id: "lost" }],
    ["POST", "/keys/before/revoke"],
    ["GET", "/usage"],
    ["GET", "/audit"],
  ] as const) {
    const { status, body: answer } = await call(method, path, body);
    expect([method, path, status, answer.error.code]).toEqual([method, path, 503, "store_unavailable"]);
    expect(answer.error.message).toMatch(
      /^The (store cannot be reached, or failed|audit log cannot be written)/,
    );
  }
  expect((await call("GET", "/logs")).body.error.message).toContain(words);
  await expect.poll(() => gateway.output, { timeout: 10_000 }).toMatch(/^The store failed: \S/m);
  expect(gateway.output).not.toContain("StoreError");
  // What needs no store is there.
  expect((await call("GET", "/keys/before")).body).not.toHaveProperty("disabled");
  expect((await call("GET", "/routes/chat")).status).toBe(200);

  await postgres.restart();
  let revoked = await call("POST", "/keys/before/revoke");
  for (let i = 0; i < 100 && revoked.status === 503; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    revoked = await call("POST", "/keys/before/revoke");
  }
  expect([revoked.status, revoked.body.disabled]).toEqual([200, true]);
  expect((await call("POST", "/keys", { id: "lost" })).status).toBe(201);
  const { body } = await call("GET", "/audit?limit=200");
  const made = body.data.map((entry: { action: string; target: string; status: number }) => entry);
  for (const [action, target] of [
    ["key.create", "before"],
    ["key.revoke", "before"],
    ["key.create", "lost"],
  ])
    expect(made).toContainEqual(
      expect.objectContaining({ action, target, status: action === "key.revoke" ? 200 : 201 }),
    );
  // The refused ones waited for the log.
  expect(made).toContainEqual(
    expect.objectContaining({ action: "key.revoke", target: "before", status: 503 }),
  );
  expect(await gateway.end()).toBe(0);
}, 120_000);
