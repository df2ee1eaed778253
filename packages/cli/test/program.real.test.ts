import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { KEY, prepareStage, readRequests, runCommand } from "./support/command.js";

const stage = prepareStage({ models: ["sim-small", "sim-large"] });
const command = (args: readonly string[]) => runCommand(stage, args);

describe("the arguments of ai-lib", () => {
  it("are a prompt if the first word is no command; `ask` makes a prompt of a command's name", async () => {
    expect((await command(["Modern", "art?"])).stdout).toBe("You said: Modern art?\n");
    expect((await command(["ask", "models"])).stdout).toBe("You said: models\n");
    expect((await command(["models", "openai"])).stdout).toContain("openai/sim-small");
    expect(readRequests(stage)).toHaveLength(2);
  });

  it.each([
    [["chta"], "ai-lib chat"],
    [["provider"], "ai-lib providers"],
    [["version"], "ai-lib --version"],
    [["modles", "openai"], "ai-lib models openai"],
    [["key", "set", "groq"], "ai-lib keys set groq"],
  ])("%j send nothing, since the first word is near a command", async (args, meant) => {
    const { code, stdout, stderr } = await runCommand(stage, args, { stdin: KEY });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`  ${meant}\n`);
    expect(stderr).toContain(`  ai-lib ask -- ${args.join(" ")}\n`);
    expect(readRequests(stage)).toEqual([]);
  });

  it("are sent behind `ask --`, whatever they are", async () => {
    expect((await command(["ask", "--", "version"])).stdout).toBe("You said: version\n");
  });

  it.each([[[]], [["Sum up"]], [["ask", "Hi"]], [["compare", "-m", "openai", "-m", "openai", "Hi"]]])(
    "%j send no API key from standard input",
    async (args) => {
      const refused = await runCommand(stage, args, { stdin: KEY });
      expect(refused).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining("nothing was sent"),
      });
      expect(readRequests(stage)).toEqual([]);
    },
  );

  it("send no binary standard input, and say how to attach it", async () => {
    for (const stdin of ["\u0000\u0001binary", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe])]) {
      const refused = await runCommand(stage, ["What is this?"], { stdin });
      expect(refused).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining("ai-lib -a photo.png"),
      });
    }
    expect(readRequests(stage)).toEqual([]);
  });

  it.each([
    [["-m", "OpenAI", "Hi"], '"openai"'],
    [["--modle", "x", "Hi"], "--model"],
    [["--nonsense"], "--nonsense"],
    [["models", "--nonsense"], "--nonsense"],
    [["-m"], "argument missing"],
    [["keys", "nonsense"], "unknown command"],
    [["keys", "set"], "missing required argument"],
    [["simulate", "--port", "many"], "whole number"],
    [["simulate", "--port", "70000"], "The simulator cannot use port 70000"],
    [["simulate", "--delay", ""], "whole number"],
    [["models", "nobody"], 'no provider "nobody"'],
    [["-m", "opnai/x", "Hi"], 'did you mean "openai"'],
    [["-m", "groq/x", "Hi"], "set GROQ_API_KEY"],
  ])("%j are wrong usage: exit code 2, and the reason on standard error", async (args, reason) => {
    const { code, stdout, stderr } = await command(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(reason);
    expect(readRequests(stage)).toEqual([]);
  });

  it("print help and version to standard output with exit code 0", async () => {
    const help = await command(["--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    const names = "ask chat compare health logs models providers keys demo conformance simulate".split(" ");
    for (const name of names) expect(help.stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
    expect(await command(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});
