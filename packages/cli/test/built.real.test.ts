import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readdir, readFile, rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { type Ended, ESCAPE, KEY, prepareStage } from "./support/command.js";
import { prepareCommand } from "./support/installed.js";

const stage = prepareStage();
const command = prepareCommand(stage);

function start(file: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const { PATH = "" } = process.env;
  return spawn(file, [...args], { env: { ...stage.environment, PATH } });
}

const startCommand = (args: readonly string[]) => start(process.execPath, [command.path, ...args]);
const runShell = (script: string) => waitForEnd(start("bash", ["-c", script]));

async function waitForEnd(child: ChildProcessWithoutNullStreams, stdin = ""): Promise<Ended> {
  child.stdin.end(stdin);
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await closed, stdout, stderr };
}

describe("the built command", () => {
  it("answers a prompt from words and from a pipe", async () => {
    expect(await waitForEnd(startCommand(["Hi"]))).toEqual({ code: 0, stdout: "You said: Hi\n", stderr: "" });
    expect(await waitForEnd(startCommand([]), "Piped\n")).toMatchObject({
      code: 0,
      stdout: "You said: Piped\n",
    });
  });

  it("can be executed as a file", async () => {
    expect(await waitForEnd(start(command.path, ["keys", "path"]))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/keys\.json\n$/),
    });
  });

  it("ends with 2 for wrong usage and missing configuration, with 1 for a failed call", async () => {
    expect((await waitForEnd(startCommand(["--nonsense"]))).code).toBe(2);
    delete stage.environment["OPENAI_API_KEY"];
    const unconfigured = await waitForEnd(startCommand(["Hi"]));
    expect(unconfigured.code).toBe(2);
    expect(unconfigured.stderr).toContain("ai-lib keys set groq");
    stage.environment["OPENAI_API_KEY"] = KEY;
    stage.simulator.script("openai", [{ status: 401 }]);
    const failed = await waitForEnd(startCommand(["Hi"]));
    expect(failed.code).toBe(1);
    expect(failed.stdout).toBe("");
    expect(failed.stderr).toMatch(/^FATAL_AUTH_FAILED .*openai/);
  });

  it("runs the demo and exits", async () => {
    const { code, stdout, stderr } = await waitForEnd(startCommand(["demo", "--fast"]));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("answered by openai/");
    expect(stdout).not.toContain(ESCAPE);
  });

  it("ends without an error when the reader of its pipe closes it", async () => {
    const head = (args: string) =>
      runShell(`"${process.execPath}" "${command.path}" ${args} | head -c1; echo " \${PIPESTATUS[0]}"`);
    expect(await head("providers --json")).toEqual({ code: 0, stdout: "[ 0\n", stderr: "" });
    expect(await head("Hi")).toEqual({ code: 0, stdout: "Y 0\n", stderr: "" });
  });

  it("says in one sentence that the disk is full", async () => {
    const { code, stderr } = await runShell(`"${process.execPath}" "${command.path}" providers > /dev/full`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Standard output cannot be written: .*space.*\n$/);
  });

  it.each([["ask", "Hi"], ["chat"]])("ends with 130 at Ctrl-C: %s", async (...args) => {
    stage.simulator.script("openai", [{ silent: "head" }]);
    const child = startCommand(args);
    if (args[0] === "chat") child.stdin.write("Hi\n");
    else child.stdin.end();
    await expect.poll(() => stage.simulator.attempts.length, { timeout: 10_000 }).toBe(1);
    child.kill("SIGINT");
    expect(await waitForEnd(child)).toMatchObject({
      code: 130,
      stderr: expect.not.stringContaining("Error"),
    });
    await expect.poll(() => stage.simulator.attempts[0]?.outcome).toBe("left");
  });

  it("does not load the library for --version and --help", async () => {
    const dist = resolve(command.path, "../../dist");
    const library = (await readdir(dist)).find((file) => file.startsWith("prompt-")) ?? "";
    await rename(join(dist, library), join(dist, "away"));
    try {
      for (const option of ["--version", "--help"])
        expect(await waitForEnd(startCommand([option]))).toMatchObject({ code: 0, stderr: "" });
      expect((await waitForEnd(startCommand(["Hi"]))).stderr).toContain("Cannot find module");
    } finally {
      await rename(join(dist, "away"), join(dist, library));
    }
  });

  it("has the licences of the packages that are part of it", async () => {
    const texts = await readFile(resolve(command.path, "../../dist/LICENSES.txt"), "utf8");
    for (const name of ["commander (MIT)", "picocolors (ISC)", "eventsource-parser (MIT)"])
      expect(texts).toContain(name);
    expect(texts).toContain("Permission is hereby granted");
  });
});
