import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { priceList } from "../../src/observe/cost.js";
import { PROMETHEUS_CONTENT_TYPE, prometheusObserver } from "../../src/observe/prometheus.js";
import { startSimulator } from "../../src/testing/index.js";
import { deadPort } from "../support/loopback.js";
import { clientOf, load, PLACES, settledSimulator } from "./load.js";

const found = ["prometheus", "promtool"].every((name) => spawnSync(name, ["--version"]).status === 0);
const required = process.env["CI"] !== undefined && process.env["CI"] !== "";

if (!found && !required)
  it.skip("a real Prometheus server: skipped, since prometheus and promtool are not installed (Debian's package `prometheus`)", () => {});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A process that is watched, and what puts it under load. */
async function watched() {
  const simulator = await startSimulator();
  closing.push(() => simulator.close());
  const observer = prometheusObserver();
  const prices = priceList({ "openai/*": { input: 1, output: 2 } });
  const client = clientOf(simulator, () => "test-key", observer, prices);
  const underLoad = async (requests: number) => {
    await load(client, simulator, requests);
    await settledSimulator(simulator);
  };
  return { simulator, observer, underLoad };
}

/** A real server that scrapes one target ten times a second; resolves to a function that queries it. */
async function prometheusServer(target: string) {
  const folder = await mkdtemp(join(tmpdir(), "ai-lib-prometheus-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, "prometheus.yml");
  await writeFile(
    config,
    `global: { scrape_interval: 100ms, scrape_timeout: 100ms }\nscrape_configs: [{ job_name: ai-lib, static_configs: [{ targets: ["${target}"] }] }]\n`,
  );
  const port = await deadPort();
  const server = spawn(
    "prometheus",
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { stdio: "ignore" },
  );
  closing.push(async () => {
    server.kill();
    if (server.exitCode === null) await once(server, "exit");
  });
  return async (query: string): Promise<Record<string, number>> => {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`;
    const { data } = (await (await fetch(url)).json()) as {
      data: { result: { metric: { provider?: string }; value: [number, string] }[] };
    };
    return Object.fromEntries(
      data.result.map(({ metric, value }) => [metric.provider ?? "", Number(value[1])]),
    );
  };
}

describe.skipIf(!found && !required)("a real Prometheus server", () => {
  it("reads to the unit what the simulator logged", async () => {
    const { simulator, observer, underLoad } = await watched();
    const page = createServer((_, reply) => {
      reply.setHeader("content-type", PROMETHEUS_CONTENT_TYPE).end(observer.metrics());
    });
    page.listen(0, "127.0.0.1");
    await once(page, "listening");
    closing.push(() => new Promise((resolve) => page.close(resolve).closeAllConnections()));
    const query = await prometheusServer(`127.0.0.1:${(page.address() as AddressInfo).port}`);
    const requests = () => query("sum(ai_lib_requests_total)").catch(() => ({}));
    await underLoad(1);
    // The server has scraped before the load begins, scrapes all through it, and once more when it is over.
    await expect.poll(requests, { timeout: 15_000 }).toEqual({ "": 1 });
    await underLoad(300);
    await expect.poll(requests, { timeout: 15_000 }).toEqual({ "": 301 });

    const byPlace = (count: (place: string) => number) =>
      Object.fromEntries(Object.keys(PLACES).map((place) => [place, count(place)]));
    const whole = (place: string) => simulator.at(place).filter(({ outcome }) => outcome === "answered");
    expect(simulator.attempts.length).toBeGreaterThan(300);

    expect(await query("sum by (provider) (ai_lib_attempts_total)")).toEqual(
      byPlace((place) => simulator.at(place).length),
    );
    expect(await query('sum by (provider) (ai_lib_attempts_total{outcome="success"})')).toEqual(
      byPlace((place) => whole(place).length),
    );
    expect(
      await query('sum by (provider) (ai_lib_attempts_total{code="AUTH_FAILED",severity="FATAL"})'),
    ).toEqual(byPlace((place) => simulator.at(place).filter(({ fault }) => fault?.status === 401).length));
    for (const [type, field] of [
      ["input", "inputTokens"],
      ["output", "outputTokens"],
    ] as const)
      expect(await query(`sum by (provider) (ai_lib_tokens_total{type="${type}",status="final"})`)).toEqual(
        byPlace((place) => whole(place).reduce((sum, { usage }) => sum + usage[field], 0)),
      );
    expect(await query("sum(ai_lib_requests_running)")).toEqual({ "": 0 });
    expect(await query("sum(ai_lib_request_duration_seconds_count)")).toEqual({ "": 301 });
    expect(await query("sum(ai_lib_attempt_duration_seconds_count)")).toEqual({
      "": simulator.attempts.length,
    });
  }, 60_000);

  it("finds nothing to complain about", async () => {
    const { observer, underLoad } = await watched();
    await underLoad(60);
    const told = execFileSync("promtool", ["check", "metrics"], { input: observer.metrics(), stdio: "pipe" });
    expect(told.toString()).toBe("");
  }, 30_000);
});
