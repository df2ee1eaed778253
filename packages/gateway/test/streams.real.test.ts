import { setTimeout as sleep } from "node:timers/promises";
import { defineProvider } from "ai-lib";
import { type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LedgerRow } from "../src/admission.js";
import { Gateway } from "../src/gateway.js";
import { ModelTable } from "../src/model-table.js";
import { OpenAdmission } from "../src/open-admission.js";
import { type Settings, settingsOf } from "../src/settings.js";

let simulator: Simulator;
const gateways: Gateway[] = [];
const rows: LedgerRow[] = [];

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.cut()));
  await simulator.close();
});

async function startWith(endpoint: string, settings: Partial<Settings>): Promise<string> {
  const data = { id: "up", dialect: "openai-chat", auth: { style: "none" } } as const;
  const provider = defineProvider(
    { ...data, baseUrl: `${simulator.baseUrl(endpoint)}/v1` },
    { environment: {}, model: "m" },
  );
  const gateway = await Gateway.start(
    {
      table: new ModelTable({ routes: [{ name: "chat", provider }], providers: new Map() }),
      admission: new OpenAdmission(),
      ledger: { record: (row) => void rows.push(row) },
      settings: { ...settingsOf(), ...settings },
    },
    { host: "127.0.0.1", port: 0 },
  );
  gateways.push(gateway);
  return gateway.url;
}

function stream(url: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "chat",
      stream: true,
      messages: [{ role: "user", content: "one two three four five six" }],
    }),
    ...(signal !== undefined && { signal }),
  });
}

const frames = (text: string) => text.split("\n\n").filter((frame) => frame !== "");

describe("a stream through the gateway", () => {
  it("gets comments in its silences, between whole frames", async () => {
    const url = await startWith("silent", { heartbeatMs: 100 });
    simulator.script("silent", [{ frameDelayMs: 350 }]);
    const text = await (await stream(url)).text();
    expect(frames(text).filter((frame) => frame === ": keep-alive").length).toBeGreaterThan(1);
    for (const frame of frames(text)) expect(frame).toMatch(/^(: keep-alive|data: (\{.*\}|\[DONE\]))$/);
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });

  it("gets them before its first content only if requested", async () => {
    const early = await startWith("early", { heartbeatMs: 100, heartbeatFrom: "call" });
    simulator.script("early", [{ headDelayMs: 500 }]);
    expect(frames(await (await stream(early)).text())[0]).toBe(": keep-alive");
    const late = await startWith("late", { heartbeatMs: 100 });
    simulator.script("late", [{ headDelayMs: 500 }]);
    expect(frames(await (await stream(late)).text())[0]).toMatch(/^data: /);
  });

  it("has its error inside where heartbeats have sent the head", async () => {
    const url = await startWith("broken", { heartbeatMs: 100, heartbeatFrom: "call" });
    simulator.script("broken", [{ headDelayMs: 500, status: 500 }]);
    const reply = await stream(url);
    const text = await reply.text();
    expect([reply.status, text]).toEqual([200, expect.stringMatching(/^: keep-alive\n\n.*data: .*"error"/s)]);
  });

  it.each(["abort", "drain"] as const)("whose client leaves does %s", async (onDisconnect) => {
    const url = await startWith(onDisconnect, { onDisconnect });
    simulator.script(onDisconnect, [{ frameDelayMs: 60 }]);
    const abort = new AbortController();
    const reply = await stream(url, abort.signal);
    await reply.body?.getReader().read();
    const before = rows.length;
    abort.abort();
    for (
      let i = 0;
      i < 200 && (rows.length === before || simulator.at(onDisconnect).at(-1)?.endedAt === undefined);
      i++
    )
      await sleep(20);
    expect(simulator.at(onDisconnect).at(-1)?.outcome).toBe(onDisconnect === "drain" ? "answered" : "left");
    expect(rows.at(-1)?.end).toMatchObject(
      onDisconnect === "drain" ? { status: "success" } : { status: "cancelled", estimated: true },
    );
  });
});
