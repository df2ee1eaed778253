import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DialectId } from "../src/core/contract/dialect.js";
import type { Timeouts } from "../src/core/contract/timeouts.js";
import { defineProvider } from "../src/providers/endpoint/define.js";
import { failover } from "../src/strategies/index.js";
import type { Fault } from "../src/testing/fault.js";
import { type Simulator, startSimulator } from "../src/testing/simulator.js";
import { errorOf, read, request } from "./support/calls.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

function at(endpoint: string, dialect: DialectId = "openai-chat") {
  return defineProvider(
    {
      id: endpoint.toLowerCase().replaceAll(" ", "-"),
      dialect,
      baseUrl: simulator.baseUrl(endpoint, dialect),
      model: "m",
    },
    { apiKey: "k" },
  );
}

/** The simulator has seen the connection of an endpoint's only call close. */
async function left(endpoint: string): Promise<string | undefined> {
  for (let turns = 0; turns < 500; turns++) {
    const attempt = simulator.at(endpoint)[0];
    if (attempt !== undefined && attempt.endedAt !== undefined) return attempt.outcome;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  return simulator.at(endpoint)[0]?.outcome;
}

describe("a failover across dialects, before the first content", () => {
  const faults: [what: string, fault: Fault][] = [
    ["a status", { status: 503 }],
    ["a reset before the head", { reset: "head" }],
    ["a cut behind the preamble", { cut: 1 }],
    ["an error in the stream", { inBand: { after: 1, error: { code: "OVERLOADED", message: "busy" } } }],
  ];
  it.each(faults)("shows the caller one start and one finish: %s", async (what, fault) => {
    const chain = failover([
      at(`${what} a`, "anthropic-messages"),
      at(`${what} b`, "gemini"),
      at(`${what} c`, "openai-chat"),
    ]);
    simulator.always(`${what} a`, fault);
    simulator.always(`${what} b`, { status: 429 });
    const events = await read(chain.stream(request));
    expect(events[0]).toMatchObject({ type: "start", provider: `${what.replaceAll(" ", "-")}-c` });
    expect(events.filter(({ type }) => type === "start")).toHaveLength(1);
    expect(events.filter(({ type }) => type === "restart")).toHaveLength(0);
    const ends = events.filter((event) => event.type === "finish");
    expect(ends).toHaveLength(1);
    expect(ends[0]?.response.text).toBe("You said: Hello");
    expect(ends[0]?.response.attempts.map(({ outcome }) => outcome)).toEqual(["error", "error", "success"]);
  });
});

describe("the upstream's connection is closed", () => {
  it("when the caller leaves the loop", async () => {
    simulator.always("loop", { silent: 3 });
    for await (const event of at("loop").stream(request)) if (event.type === "text-delta") break;
    expect(await left("loop")).toBe("left");
  });

  it.each(["head", 3] as const)("when the signal is aborted (silent: %s)", async (silent) => {
    const endpoint = `abort ${silent}`;
    simulator.always(endpoint, { silent });
    const abort = new AbortController();
    const response = errorOf(at(endpoint).stream(request, { signal: abort.signal }).response());
    while (simulator.at(endpoint).length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    abort.abort();
    expect((await response).code).toBe("CANCELLED");
    expect(await left(endpoint)).toBe("left");
  });

  const limits: [name: keyof Timeouts, phase: string, fault: Fault][] = [
    ["firstContentMs", "first-content", { silent: "head" }],
    ["answerMs", "answer", { silent: "head" }],
    ["idleMs", "idle", { silent: 3 }],
    ["attemptMs", "attempt", { silent: 3 }],
    ["totalMs", "total", { silent: "head" }],
  ];
  const streamsOnly: readonly (keyof Timeouts)[] = ["firstContentMs", "idleMs"];
  it.each(limits)("when %s passes", async (name, phase, fault) => {
    for (const mode of ["stream", "unary"] as const) {
      if (mode === "unary" ? streamsOnly.includes(name) : name === "answerMs") continue;
      const endpoint = `${name} ${mode}`;
      simulator.always(endpoint, mode === "unary" ? { silent: "head" } : fault);
      const options = { timeouts: { [name]: 60 } };
      const call =
        mode === "stream"
          ? at(endpoint).stream(request, options).response()
          : at(endpoint).chat(request, options);
      expect(await errorOf(call)).toMatchObject({ code: "TIMEOUT", phase });
      expect(await left(endpoint)).toBe("left");
    }
  });
});
