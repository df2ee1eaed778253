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

/** Runs `ai-lib simulate` until the test interrupts it. */
function simulate(...args: string[]) {
  const abort = new AbortController();
  const stdout = new PassThrough();
  const output = { printed: "" };
  stdout.on("data", (piece: Buffer) => {
    output.printed += piece.toString();
  });
  const { environment } = stage;
  const io = {
    stdin: Readable.from([]),
    stdout,
    stderr: new PassThrough(),
    environment,
    signal: abort.signal,
  };
  return { abort, output, running: run(io, ["simulate", ...args]) };
}

describe("ai-lib simulate", () => {
  it("plays faults in turn, and logs the requests", async () => {
    const { abort, output, running } = simulate("--fail", "429=1", "cut=2", "ok");
    await expect.poll(() => output.printed).toContain("Press Ctrl-C to stop");
    expect(output.printed).toContain("Requests go in turn: 429=1, cut=2, ok");
    const url = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(output.printed)?.[1] ?? "";
    const ask = () =>
      fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Hi" }] }),
      });
    const [limited, cut, whole, again] = [await ask(), await ask(), await ask(), await ask()];
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await cut.text()).not.toContain("[DONE]");
    expect(await whole.text()).toContain("[DONE]");
    expect(again.status).toBe(429);
    await expect.poll(() => output.printed).toMatch(/^4 openai-chat chat stream \{"status":429.*faulted/m);
    expect(output.printed).toMatch(/^2 openai-chat chat stream \{"cut":2\} faulted, 2 frames, \d+ ms$/m);
    expect(output.printed).toMatch(/^3 openai-chat chat stream answered, \d+ frames, \d+ ms$/m);
    abort.abort();
    expect(await running).toBe(0);
  });

  it("lists the faults", async () => {
    expect((await command("simulate", "--fail", "help")).stdout).toContain("comments[=frames before it]");
    const unknown = await command("simulate", "--fail", "nonsense");
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('Unknown fault "nonsense"') });
  });

  it("serves the simulator and prints its addresses, until it is interrupted", async () => {
    const { environment } = stage;
    const { abort, output, running } = simulate();
    await expect.poll(() => output.printed).toContain("Press Ctrl-C to stop");
    const url = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(output.printed)?.[1] ?? "";
    expect(output.printed).toContain(`OPENAI_BASE_URL=${url}/v1`);
    expect(output.printed).toContain(`ANTHROPIC_BASE_URL=${url}\n`);
    expect(output.printed).toContain(`GOOGLE_BASE_URL=${url}/v1beta`);
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
