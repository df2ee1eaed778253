import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addAnthropic, NOWHERE, prepareStage, readRequests, runCommand } from "./support/command.js";

const stage = prepareStage({ models: ["sim-small", "sim-large"] });
const command = (...args: string[]) => runCommand(stage, args);

describe("ai-lib providers and models", () => {
  it("list all providers, which are ready, and the variables of their keys", async () => {
    const { stdout } = await command("providers");
    expect(stdout).toMatch(/^openai +ready +OPENAI_API_KEY +openai-chat +gpt-sim/m);
    expect(stdout).toMatch(/^groq +GROQ_API_KEY +openai-chat/m);
    expect(stdout).toMatch(/^ollama +local +/m);
    const all = JSON.parse((await command("providers", "--json")).stdout) as { id: string }[];
    expect(all.find(({ id }) => id === "openai")).toMatchObject({
      configured: true,
      key: { from: "OPENAI_API_KEY" },
      model: "gpt-sim",
    });
  });

  it("list the models of one provider, and those of all configured providers", async () => {
    expect((await command("models", "openai")).stdout).toMatch(/openai\/sim-small *\nopenai\/sim-large/);
    addAnthropic(stage);
    stage.environment["OPENAI_RESPONSES_BASE_URL"] = NOWHERE;
    const { code, stdout, stderr } = await command("models");
    expect(code).toBe(0);
    expect(stdout).toMatch(/openai\/sim-small[\s\S]*anthropic\/sim-small/);
    expect(stderr).toMatch(/openai-responses: .*NETWORK_ERROR/);
    const listed = JSON.parse((await command("models", "openai", "--json")).stdout);
    expect(listed).toMatchObject([{ id: "sim-small", provider: "openai" }, { id: "sim-large" }]);
  });

  it("know the providers of a YAML file that AI_LIB_PROVIDERS names", async () => {
    const path = join(stage.folder, "providers.yaml");
    await writeFile(
      path,
      `labs:\n  dialect: openai-chat\n  baseUrl: ${stage.simulator.baseUrl("labs")}/v1\n  keyOptional: true\n`,
    );
    stage.environment["AI_LIB_PROVIDERS"] = path;
    expect((await command("providers")).stdout).toMatch(/^labs +none needed +openai-chat/m);
    expect((await command("-m", "labs/x", "Hi")).stdout).toBe("You said: Hi\n");
    expect(readRequests(stage)).toMatchObject([{ endpoint: "labs", model: "x" }]);
  });
});

describe("ai-lib health", () => {
  it("checks the configured providers, and uses no tokens", async () => {
    addAnthropic(stage);
    const { code, stdout } = await command("health");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^target +state +latency +reason\nopenai\/.*healthy.*\nanthropic.*healthy.*\nopenai-responses.*healthy/,
    );
    expect(stage.simulator.attempts).toEqual([]);
  });

  it("ends with exit code 1 if a target is unhealthy, and shows why", async () => {
    addAnthropic(stage);
    stage.environment["OPENAI_BASE_URL"] = `${NOWHERE}/v1`;
    const { code, stdout, stderr } = await command("health", "--json", "openai", "anthropic", "nobody");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { state: "unhealthy", code: "TRANSIENT_NETWORK_ERROR" },
      { state: "healthy" },
      { target: "nobody", state: "unhealthy", code: "FATAL_CONFIG_ERROR" },
    ]);
    expect(stderr).toContain("2 of 3 targets are unhealthy");
  });
});
