import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Io } from "../src/io.js";
import { run } from "../src/program.js";

const KEY = "sk-test-0123456789abcdefghij";

let simulator: Simulator;
let folder: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  simulator = await startSimulator({
    answer: () => ({
      content: [{ type: "text", text: "The sky scatters blue." }],
      usage: { inputTokens: 100, outputTokens: 10 },
    }),
  });
  folder = await mkdtemp(join(tmpdir(), "ai-lib-"));
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  simulator.attempts.length = 0;
  const home = await mkdtemp(join(folder, "home-"));
  environment = {
    HOME: home,
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: `${simulator.baseUrl("openai")}/v1`,
    OPENAI_RESPONSES_BASE_URL: `${simulator.baseUrl("responses")}/v1`,
    ANTHROPIC_API_KEY: KEY,
    ANTHROPIC_BASE_URL: simulator.baseUrl("anthropic"),
  };
});

async function command(...args: string[]) {
  const out = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof out) => {
    const through = new PassThrough();
    through.on("data", (piece: Buffer) => {
      out[name] += piece.toString();
    });
    return through;
  };
  const io: Io = {
    stdin: Readable.from([]),
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    environment,
    signal: new AbortController().signal,
  };
  const code = await run(io, args);
  await new Promise((resolve) => setImmediate(resolve));
  expect(out.stdout + out.stderr).not.toContain(KEY);
  return { code, ...out };
}

describe("ai-lib compare", () => {
  it("prints every answer, then a table of latency, speed, tokens and cost", async () => {
    const { code, stdout } = await command(
      "compare",
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

  it("shows the failure of one beside the answers of the others", async () => {
    simulator.script("openai", [{ status: 401 }]);
    const { code, stdout } = await command("compare", "-m", "openai/gpt-4o", "-m", "anthropic", "Why?");
    expect(code).toBe(0);
    expect(stdout).toContain("FATAL_AUTH_FAILED");
    expect(stdout).toContain("The sky scatters blue.");
  });

  it("fails where none answered, and where there is nothing to compare", async () => {
    simulator.script("openai", [{ status: 401 }]);
    simulator.script("anthropic", [{ status: 401 }]);
    expect((await command("compare", "-m", "openai/gpt-4o", "-m", "anthropic", "Why?")).code).toBe(1);
    expect((await command("compare", "-m", "openai/gpt-4o", "Why?")).code).toBe(2);
    expect((await command("compare", "-m", "openai", "-m", "anthropic")).code).toBe(2);
  });

  it("prints JSON", async () => {
    const { stdout } = await command("compare", "--json", "-m", "openai/gpt-4o", "-m", "nobody/x", "Why?");
    expect(JSON.parse(stdout)).toMatchObject([
      { spec: "openai/gpt-4o", response: { text: "The sky scatters blue.", cost: 0.00035 } },
      { spec: "nobody/x", error: { code: "CONFIG_ERROR" } },
    ]);
  });
});

describe("ai-lib health", () => {
  it("shows those that are configured, asking nothing that costs tokens", async () => {
    const { code, stdout } = await command("health");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^target +state +latency +why\nopenai\/.*healthy.*\nanthropic.*healthy.*\nopenai-responses.*healthy/,
    );
    expect(simulator.attempts).toEqual([]);
  });

  it("tells by its exit code that one is down, and why", async () => {
    environment["OPENAI_BASE_URL"] = "http://127.0.0.1:9/v1";
    const { code, stdout, stderr } = await command("health", "--json", "openai", "anthropic", "nobody");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { state: "unhealthy", code: "TRANSIENT_NETWORK_ERROR" },
      { state: "healthy" },
      { target: "nobody", state: "unhealthy", code: "FATAL_CONFIG_ERROR" },
    ]);
    expect(stderr).toContain("2 of 3 targets");
  });
});

describe("ai-lib logs", () => {
  it("keep nothing unless they were turned on", async () => {
    await command("-m", "openai/gpt-4o", "Why?");
    const { stdout, stderr } = await command("logs");
    expect(stdout).toBe("");
    expect(stderr).toContain("ai-lib logs on");
  });

  it("keep what was asked and answered, for its owner's eyes, until they are turned off", async () => {
    await command("logs", "on");
    await command("-m", "openai/gpt-4o", `Why? My key is ${KEY.replace("test", "live")}`);
    simulator.script("anthropic", [{ status: 529 }]);
    await command("-m", "anthropic", "And now?");
    await command("logs", "off");
    await command("-m", "openai/gpt-4o", "Unheard");
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
    expect(path.startsWith(environment["HOME"] ?? "")).toBe(true);
  });

  it("go where AI_LIB_HISTORY says, and are searched without regard to case", async () => {
    const path = join(environment["HOME"] ?? "", "own.jsonl");
    environment["AI_LIB_HISTORY"] = path;
    for (const prompt of ["First", "Second", "Third"]) await command("-m", "openai/gpt-4o", prompt);
    expect((await readFile(path, "utf8")).trim().split("\n")).toHaveLength(3);
    const found = await command("logs", "-s", "sEcOnD");
    expect(found.stdout).toMatch(/openai\/gpt-4o .* \$0\.00035\n> Second\nThe sky scatters blue\.\n/);
    expect(found.stdout).not.toContain("Third");
    expect((await command("logs", "-n", "1")).stdout).toContain("> Third");
    expect((await command("logs", "-n", "1")).stdout).not.toContain("> Second");
    expect((await command("logs", "-n", "x")).code).toBe(2);
  });
});

describe("ai-lib --trace", () => {
  it("tells when what happened, the attempts, and what it cost", async () => {
    const { stderr } = await command("--trace", "-m", "openai/gpt-4o", "Why?");
    expect(stderr).toMatch(/\+0 ms {2}openai is asked for a stream\n/);
    expect(stderr).toMatch(/first content of openai\/gpt-4o/);
    expect(stderr).toMatch(/openai\/gpt-4o answered after [\d.]+ ms\n$/);
    expect(stderr).toContain("100 in, 10 out · $0.00035");
  });
});
