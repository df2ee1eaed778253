import { readFile, stat } from "node:fs/promises";
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
    const path = join(stage.environment["HOME"] ?? "", "own.jsonl");
    stage.environment["AI_LIB_HISTORY"] = path;
    for (const prompt of ["First", "Second", "Third"]) await command("-m", "openai/gpt-4o", prompt);
    expect((await readFile(path, "utf8")).trim().split("\n")).toHaveLength(3);
    const found = await command("logs", "-s", "sEcOnD");
    expect(found.stdout).toMatch(/openai\/gpt-4o .* \$0\.00035\n> Second\nThe sky scatters blue\.\n/);
    expect(found.stdout).not.toContain("Third");
    expect((await command("logs", "-n", "1")).stdout).toContain("> Third");
    expect((await command("logs", "-n", "1")).stdout).not.toContain("> Second");
    expect((await command("logs", "-s", "Fourth")).stderr).toBe("The history has no such entries.\n");
    expect((await command("logs", "-n", "x")).code).toBe(2);
  });
});
