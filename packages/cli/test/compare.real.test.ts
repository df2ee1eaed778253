import { beforeEach, describe, expect, it } from "vitest";
import { addAnthropic, prepareStage, runCommand } from "./support/command.js";

const stage = prepareStage({
  answer: () => ({
    content: [{ type: "text", text: "The sky scatters blue." }],
    usage: { inputTokens: 100, outputTokens: 10 },
  }),
});
const compare = (...args: string[]) => runCommand(stage, ["compare", ...args]);
beforeEach(() => addAnthropic(stage));

describe("ai-lib compare", () => {
  it("prints every answer, then a table of latency, speed, tokens and cost", async () => {
    const { code, stdout } = await compare(
      "-m",
      "openai/gpt-4o",
      "-m",
      "anthropic/claude-sonnet-4-5",
      "Why?",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^== openai\/gpt-4o\nThe sky scatters blue\.\n\n== anthropic\/claude-sonnet-4-5\nThe sky/,
    );
    expect(stdout).toMatch(/model +latency +first token +tokens\/s +in +out +cost\n/);
    expect(stdout).toMatch(/openai\/gpt-4o .* 100 +10 +\$0\.00035\n/);
    expect(stdout).toMatch(/anthropic\/claude-sonnet-4-5 .* 100 +10 +\$0\.00045\n/);
  });

  it("shows the error of one model beside the answers of the others", async () => {
    stage.simulator.script("openai", [{ status: 401 }]);
    const { code, stdout } = await compare("-m", "openai/gpt-4o", "-m", "anthropic", "Why?");
    expect(code).toBe(0);
    expect(stdout).toContain("FATAL_AUTH_FAILED");
    expect(stdout).toContain("The sky scatters blue.");
  });

  it("fails if all models fail, without a prompt, and with fewer than two models", async () => {
    stage.simulator.script("openai", [{ status: 401 }]);
    stage.simulator.script("anthropic", [{ status: 401 }]);
    expect((await compare("-m", "openai/gpt-4o", "-m", "anthropic", "Why?")).code).toBe(1);
    expect((await compare("-m", "openai/gpt-4o", "Why?")).code).toBe(2);
    expect((await compare("-m", "openai", "-m", "anthropic")).code).toBe(2);
  });

  it("prints JSON", async () => {
    const { stdout } = await compare("--json", "-m", "openai/gpt-4o", "-m", "nobody/x", "Why?");
    expect(JSON.parse(stdout)).toMatchObject([
      { spec: "openai/gpt-4o", response: { text: "The sky scatters blue.", cost: 0.00035 } },
      { spec: "nobody/x", error: { code: "CONFIG_ERROR" } },
    ]);
  });
});
