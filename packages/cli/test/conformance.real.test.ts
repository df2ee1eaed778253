import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ConformanceReport, conformingAnswer } from "ai-lib/testing";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { prepareStage, runCommand } from "./support/command.js";

const stage = prepareStage({ answer: conformingAnswer });
const conformance = (...args: string[]) => runCommand(stage, ["conformance", ...args]);

beforeAll(async () => {
  const { folder, simulator } = stage;
  const own = [
    { id: "labs", dialect: "mistral-chat", baseUrl: simulator.baseUrl("labs", "mistral-chat"), model: "m" },
    { id: "busy", dialect: "openai-chat", baseUrl: simulator.baseUrl("busy", "openai-chat"), model: "m" },
  ];
  await writeFile(join(folder, "providers.json"), JSON.stringify(own));
  simulator.always("busy", { status: 503 });
});
beforeEach(() => {
  Object.assign(stage.environment, {
    AI_LIB_PROVIDERS: join(stage.folder, "providers.json"),
    LABS_API_KEY: "k",
    BUSY_API_KEY: "k",
  });
});

describe("ai-lib conformance", () => {
  it("reports as JSON what an own provider supports, declared or not", async () => {
    const { code, stdout } = await conformance(
      "-m",
      "labs/some",
      "--json",
      "--can",
      "stream,tools,reasoning",
    );
    const report = JSON.parse(stdout) as ConformanceReport;
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

  it("prints a table of the selected groups, and ends with 1 if a case fails", async () => {
    const { code, stdout, stderr } = await conformance("-m", "busy", "--only", "turns,usage");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^turns +FAILED +\d+ {2}what was said before is known/m);
    expect(stdout).toContain("busy/m does not conform: 0 passed, 4 failed, 0 skipped");
    expect(stdout).not.toContain("errors");
    expect(stderr).toContain("busy failed 4 of 4 cases");
  });

  it("detects that a wrong key is accepted, and that a long prompt is rejected", async () => {
    const options = ["--only", "errors", "--wrong-key", "--too-long", "50000", "--json"];
    const { stdout } = await conformance("-m", "labs", ...options);
    const { cases } = JSON.parse(stdout) as ConformanceReport;
    expect(Object.fromEntries(cases.map(({ name, status }) => [name, status]))).toMatchObject({
      "a wrong key is AUTH_FAILED": "failed",
      "a prompt that is too long is CONTEXT_TOO_LONG": "passed",
    });
  });

  it.each([
    ["--can", "flying"],
    ["--only", "nothing"],
    ["--too-long", "many"],
    ["--too-long", "0"],
  ])("refuses %s %s", async (option, value) => {
    const { code, stderr } = await conformance("-m", "labs", option, value);
    expect(code).toBe(2);
    expect(stderr).toContain(value);
  });
});
