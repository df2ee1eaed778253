import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { run } from "../src/program.js";
import { prepareStage, runCommand } from "./support/command.js";

const stage = prepareStage();
const command = (...args: string[]) => runCommand(stage, args);

describe("ai-lib demo", () => {
  it("shows a chat that fails over across three wire formats, without a key", async () => {
    stage.environment = { HOME: stage.environment["HOME"] ?? "" };
    const { code, stdout } = await command("demo", "--fast");
    expect(code).toBe(0);
    expect(stdout.match(/One interface, three wire formats\./g)).toHaveLength(1);
    const rows = stdout.split("\n").filter((line) => /^ *[123] +\w/.test(line));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/1 +anthropic\/.*OVERLOADED/);
    expect(rows[1]).toMatch(/2 +google\/.* STREAM_TRUNCATED .*/);
    expect(rows[2]).toMatch(/3 +openai\/.*answered/);
    expect(stdout).toMatch(/answered by openai\/.* in, .* out/);
  });
});

describe("ai-lib simulate", () => {
  it("serves the simulator and prints its addresses, until it is interrupted", async () => {
    const abort = new AbortController();
    const stdout = new PassThrough();
    let printed = "";
    stdout.on("data", (piece: Buffer) => {
      printed += piece.toString();
    });
    const { environment } = stage;
    const io = {
      stdin: Readable.from([]),
      stdout,
      stderr: new PassThrough(),
      environment,
      signal: abort.signal,
    };
    const running = run(io, ["simulate"]);
    await expect.poll(() => printed).toContain("Press Ctrl-C to stop");
    const url = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1] ?? "";
    expect(printed).toContain(`OPENAI_BASE_URL=${url}/v1`);
    expect(printed).toContain(`ANTHROPIC_BASE_URL=${url}\n`);
    expect(printed).toContain(`GOOGLE_BASE_URL=${url}/v1beta`);
    Object.assign(environment, {
      OPENAI_BASE_URL: `${url}/v1`,
      GOOGLE_BASE_URL: `${url}/v1beta`,
      GOOGLE_API_KEY: "k",
    });
    expect((await command("-m", "openai", "Hi")).stdout).toBe("You said: Hi\n");
    expect((await command("-m", "google", "Hi")).stdout).toBe("You said: Hi\n");
    const taken = await command("simulate", "--port", new URL(url).port);
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining("EADDRINUSE") });
    abort.abort();
    expect(await running).toBe(0);
  });
});
