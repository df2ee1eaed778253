import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { prometheusObserver } from "ai-lib/prometheus";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { makePlan } from "../src/config/plan.js";
import { configSchema } from "../src/config/schema.js";
import { parseText } from "../src/config/source.js";
import { formatMetrics } from "../src/metrics.js";

const root = fileURLToPath(new URL("../deploy/", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");
const execute = promisify(execFile);

const prices = { price: () => undefined, cost: () => undefined };
const environment = { OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b", GATEWAY_TEAM_KEY: "aik_0123456789abcdef" };

/** The families that the gateway can expose: those of its own, and the names in the observer's source. */
function families(): Set<string> {
  const own = formatMetrics(prometheusObserver(), {
    running: 0,
    connections: 0,
    refused: new Map([[401, 1]]),
    draining: false,
    revision: "r",
    reload: { at: 1, ok: true },
  });
  const source = readFileSync(
    fileURLToPath(new URL("../../ai-lib/src/observe/prometheus.ts", import.meta.url)),
    "utf8",
  );
  return new Set([
    ...[...own.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? ""),
    ...[...source.matchAll(/"(ai_lib_[a-z_]+)"/g)].map(([, name]) => name ?? ""),
  ]);
}

describe("the files for deployment", () => {
  it("are a configuration that can be served", async () => {
    const plan = await makePlan(parseText("x", read("ai-lib-gateway.yaml"), "r"), { environment, prices });
    expect(plan.config.listen).toEqual({ host: "0.0.0.0", port: 4100 });
    expect(plan.declared.keys.map(({ id }) => id)).toEqual(["team"]);
  });

  it("name files that exist, ports on loopback, and a grace that outlasts the drain", () => {
    const { services, volumes: named } = parse(read("compose.yaml"));
    for (const { volumes = [], ports = [] } of Object.values<{ volumes?: string[]; ports?: string[] }>(
      services,
    )) {
      for (const volume of volumes) {
        const [name = ""] = volume.split(":");
        expect(name in named || existsSync(join(root, name)), name).toBe(true);
      }
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    const drain = parse(read("ai-lib-gateway.yaml")).limits.drainMs / 1_000;
    expect(Number.parseInt(services.gateway.stop_grace_period, 10)).toBeGreaterThan(drain);
    expect(Number(/TimeoutStopSec=(\d+)/.exec(read("ai-lib-gateway.service"))?.[1])).toBeGreaterThan(600);
  });

  it("put the ledger where it outlives the container and the service", async () => {
    const folder = /AI_LIB_GATEWAY_DATA=(\S+)/.exec(read("Dockerfile"))?.[1];
    expect(parse(read("compose.yaml")).services.gateway.volumes).toContain(`gateway-data:${folder}`);
    const state = /^StateDirectory=(\S+)$/m.exec(read("ai-lib-gateway.service"))?.[1];
    for (const more of [{ AI_LIB_GATEWAY_DATA: folder }, { STATE_DIRECTORY: `/var/lib/${state}` }]) {
      const source = parseText("/etc/ai-lib-gateway/ai-lib-gateway.yaml", read("ai-lib-gateway.yaml"), "r");
      const { storage } = await makePlan(source, { environment: { ...environment, ...more }, prices });
      expect(storage.location).toEqual({ sqlite: "/var/lib/ai-lib-gateway/ai-lib-gateway.db" });
    }
  });

  it("build an image that runs as no root, of the version of this package", () => {
    const text = read("Dockerfile");
    const { version } = JSON.parse(readFileSync(join(root, "../package.json"), "utf8"));
    expect(text).toContain(`ai-lib-gateway@${version}`);
    expect(text).toMatch(/^USER node$/m);
    for (const [, file] of text.matchAll(/^COPY (\S+) /gm))
      expect(existsSync(join(root, file ?? ""))).toBe(true);
  });

  it("ask for metrics that exist", () => {
    const { panels } = JSON.parse(read("grafana/dashboards/gateway.json"));
    const known = families();
    for (const { targets } of panels)
      for (const { expr } of targets)
        for (const [name] of expr.matchAll(/ai_lib_[a-z_]+/g))
          expect(known).toContain(name.replace(/_bucket$/, ""));
  });

  it("are what Prometheus itself accepts", async () => {
    const { stdout } = await execute("promtool", ["check", "config", join(root, "prometheus.yml")]);
    expect(stdout).toContain("SUCCESS");
  });

  it("come with the schema that the code has", () => {
    const published = JSON.parse(readFileSync(join(root, "../schema.json"), "utf8"));
    expect(published, "npx ai-lib-gateway schema > packages/gateway/schema.json").toEqual(configSchema());
  });
});
