import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { type ConformanceReport, conformingAnswer, type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../src/program.js";

let folder: string;
let simulator: Simulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ai-lib-conformance-"));
  simulator = await startSimulator({ answer: conformingAnswer });
  const own = [
    { id: "labs", dialect: "mistral-chat", baseUrl: simulator.baseUrl("labs", "mistral-chat"), model: "m" },
    { id: "busy", dialect: "openai-chat", baseUrl: simulator.baseUrl("busy", "openai-chat"), model: "m" },
  ];
  await writeFile(join(folder, "providers.json"), JSON.stringify(own));
  simulator.always("busy", { status: 503 });
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

async function ailib(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  const code = await run(
    {
      stdin: new PassThrough().end(),
      stdout,
      stderr,
      environment: {
        XDG_CONFIG_HOME: folder,
        AI_LIB_PROVIDERS: join(folder, "providers.json"),
        LABS_API_KEY: "k",
        BUSY_API_KEY: "k",
      },
      signal: new AbortController().signal,
    },
    ["conformance", ...args],
  );
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { code, out, err };
}

describe("ai-lib conformance", () => {
  it("tells of an own provider what it shows, as JSON", async () => {
    const { code, out } = await ailib("-m", "labs/some", "--json", "--can", "stream,tools,reasoning");
    const report = JSON.parse(out) as ConformanceReport;
    expect(report).toMatchObject({ provider: "labs", model: "some", conforms: true });
    expect(report.undeclared).toEqual([
      "maxTokens",
      "parallelTools",
      "structuredOutput",
      "images",
      "unknownModel",
    ]);
    expect(code).toBe(0);
  });

  it("prints a table of the groups asked for, and ends with 1 where a case fails", async () => {
    const { code, out, err } = await ailib("-m", "busy", "--only", "turns,usage");
    expect(code).toBe(1);
    expect(out).toMatch(/^turns +FAILED +\d+ {2}what was said before is known/m);
    expect(out).toContain("busy/m does not conform: 0 passed, 4 failed, 0 skipped");
    expect(out).not.toContain("errors");
    expect(err).toContain("busy failed 4 of 4 cases");
  });

  it("finds that a wrong key is taken, and that a long prompt is refused", async () => {
    const { out } = await ailib(
      "-m",
      "labs",
      "--only",
      "errors",
      "--wrong-key",
      "--too-long",
      "50000",
      "--json",
    );
    const { cases } = JSON.parse(out) as ConformanceReport;
    expect(Object.fromEntries(cases.map(({ name, status }) => [name, status]))).toMatchObject({
      "a wrong key is AUTH_FAILED": "failed",
      "a prompt that is too long is CONTEXT_TOO_LONG": "passed",
    });
  });

  it.each([
    ["--can", "flying"],
    ["--only", "nothing"],
    ["--too-long", "many"],
  ])("refuses %s %s", async (option, value) => {
    const { code, err } = await ailib("-m", "labs", option, value);
    expect(code).toBe(2);
    expect(err).toContain(value);
  });
});
