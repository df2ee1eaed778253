import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addAnthropic, KEY, prepareStage, runCommand } from "./support/command.js";

const stage = prepareStage({
  answer: () => ({
    content: [{ type: "text", text: "The sky scatters blue." }],
    usage: { inputTokens: 100, outputTokens: 10 },
  }),
});
const command = (...args: string[]) => runCommand(stage, args);

describe("ai-lib logs", () => {
  it("records nothing by default", async () => {
    await command("-m", "openai/gpt-4o", "Why?");
    const { stdout, stderr } = await command("logs");
    expect(stdout).toBe("");
    expect(stderr).toContain("ai-lib logs on");
  });

  it("records prompts and answers without keys, in a file of the owner's, until it is turned off", async () => {
    addAnthropic(stage);
    await command("logs", "on");
    await command("-m", "openai/gpt-4o", `Why? My key is ${KEY.replace("test", "live")}`);
    stage.simulator.script("anthropic", [{ status: 529 }]);
    await command("--retry", "0", "-m", "anthropic", "And now?");
    await command("logs", "off");
    await command("-m", "openai/gpt-4o", "Not recorded");
    const { stdout } = await command("logs", "--json");
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      {
        command: "ask",
        prompt: "Why? My key is [redacted]",
        provider: "openai",
        text: "The sky scatters blue.",
        inputTokens: 100,
        cost: 0.00035,
      },
      { prompt: "And now?", error: "TRANSIENT_OVERLOADED" },
    ]);
    const path = (await command("logs", "path")).stdout.trim();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(path.startsWith(stage.environment["HOME"] ?? "")).toBe(true);
  });

  it("writes to the file that AI_LIB_HISTORY names, and searches in upper and lower case", async () => {
    const path = join(stage.environment["HOME"] ?? "", "own.db");
    stage.environment["AI_LIB_HISTORY"] = path;
    for (const prompt of ["First", "Second", "Third"]) await command("-m", "openai/gpt-4o", prompt);
    expect((await command("logs", "export")).stdout.trim().split("\n")).toHaveLength(3);
    const found = await command("logs", "-q", "sEc SKY");
    expect(found.stdout).toMatch(/openai\/gpt-4o .* \$0\.00035\n> Second\nThe sky scatters blue\.\n/);
    expect(found.stdout).not.toContain("Third");
    expect((await command("logs", "-n", "1")).stdout).toContain("> Third");
    expect((await command("logs", "-n", "1")).stdout).not.toContain("> Second");
    expect((await command("logs", "-q", "Fourth")).stderr).toBe("The history has no such entries.\n");
    expect((await command("logs", "-n", "x")).code).toBe(2);
  });

  it("sums the cost by model since a time, and deletes entries", async () => {
    addAnthropic(stage);
    await command("logs", "on");
    for (const model of ["openai/gpt-4o", "openai/gpt-4o", "anthropic/unpriced-model"])
      await command("-m", model, "Hi");
    const { stdout } = await command("cost", "--since", "1d");
    expect(stdout).toMatch(/^openai\/gpt-4o +2 +200 +\d+ +\$0\.0007$/m);
    expect(stdout).toMatch(/^anthropic\/unpriced-model +1 .*unknown$/m);
    expect(stdout).toMatch(/^total +3 .*at least \$0\.0007$/m);
    expect(JSON.parse((await command("cost", "--json")).stdout)).toMatchObject([
      { model: "gpt-4o", calls: 2, unpriced: 0 },
      {},
    ]);
    expect((await command("cost", "--since", "2999-01-01")).stderr).toContain("No calls were recorded");
    expect((await command("cost", "--since", "soon")).code).toBe(2);
    expect((await command("logs", "rm")).code).toBe(2);
    expect((await command("logs", "rm", "--before", "1d")).stderr).toBe("Deleted 0 entries.\n");
    expect((await command("logs", "rm", "--all")).stderr).toBe("Deleted 3 entries.\n");
    const path = (await command("logs", "path")).stdout.trim();
    expect((await readFile(path, "latin1")).includes("The sky scatters blue.")).toBe(false);
    expect((await command("logs")).stdout).toBe("");
  });

  it("refuses a file that is not a database, and invalid words", async () => {
    const path = join(stage.environment["HOME"] ?? "", "own.db");
    stage.environment["AI_LIB_HISTORY"] = path;
    await writeFile(path, "no database, and longer than a header of SQLite".repeat(4), { mode: 0o600 });
    expect(await command("logs")).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot use") });
    const asked = await command("-m", "openai/gpt-4o", "Hi");
    expect(asked).toMatchObject({ code: 0, stderr: expect.stringContaining("cannot be written") });
    await rm(path);
    expect((await command("logs", "-q", '"')).code).toBe(2);
  });
});
