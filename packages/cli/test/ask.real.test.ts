import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import {
  addAnthropic,
  ESCAPE,
  prepareStage,
  readRequests,
  runCommand,
  type Streams,
} from "./support/command.js";

const stage = prepareStage({ models: ["sim-small", "sim-large"] });
const command = (args: readonly string[], streams?: Streams) => runCommand(stage, args, streams);

const BOTH = ["stdout", "stderr"] as const;

describe("ai-lib with a prompt", () => {
  it("streams the answer of the first configured provider to standard output, and nothing else", async () => {
    const { code, stdout, stderr } = await command(["Why", "is", "the", "sky", "blue?"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "You said: Why is the sky blue?\n",
      stderr: "",
    });
    expect(readRequests(stage)).toMatchObject([
      { mode: "stream", model: "gpt-sim", messages: [{ role: "user", content: "Why is the sky blue?" }] },
    ]);
  });

  it("takes the prompt from a pipe, and puts piped text below the words", async () => {
    expect((await command([], { stdin: "From a pipe\n" })).stdout).toBe("You said: From a pipe\n");
    await command(["Sum", "up:"], { stdin: "A long text\n" });
    expect(readRequests(stage)[1]).toMatchObject({ messages: [{ content: "Sum up:\n\nA long text" }] });
  });

  it("shows how to ask when there is no prompt", async () => {
    for (const stdin of ["terminal", "", " \n"]) {
      const { code, stderr } = await command([], { stdin });
      expect(code).toBe(2);
      expect(stderr).toContain("There is no prompt. Try: ai-lib");
    }
    expect(readRequests(stage)).toEqual([]);
  });

  it("asks the model of -m, with the system prompt of -s", async () => {
    addAnthropic(stage);
    const { code } = await command(["-m", "anthropic/claude-sim", "-s", "Be brief", "Hi"]);
    expect(code).toBe(0);
    expect(readRequests(stage)).toMatchObject([
      {
        endpoint: "anthropic",
        model: "claude-sim",
        messages: [
          { role: "system", content: "Be brief" },
          { role: "user", content: "Hi" },
        ],
      },
    ]);
  });

  it("asks the model of DEFAULT_AI_MODEL without -m", async () => {
    addAnthropic(stage);
    stage.environment["DEFAULT_AI_MODEL"] = "anthropic/claude-sim";
    await command(["Hi"]);
    await command(["-m", "openai", "Hi"]);
    expect(readRequests(stage)).toMatchObject([
      { endpoint: "anthropic", model: "claude-sim" },
      { endpoint: "openai", model: "gpt-sim" },
    ]);
  });

  it("ignores a blank DEFAULT_AI_MODEL, and refuses a blank -m", async () => {
    stage.environment["DEFAULT_AI_MODEL"] = " ";
    expect((await command(["Hi"])).code).toBe(0);
    expect((await command(["-m", "", "Hi"])).code).toBe(2);
    expect(readRequests(stage)).toHaveLength(1);
  });

  it("prints the whole response with --json", async () => {
    const { stdout } = await command(["--json", "Hi"]);
    expect(JSON.parse(stdout)).toMatchObject({
      text: "You said: Hi",
      provider: "openai",
      model: "gpt-sim",
      finishReason: "stop",
      attempts: [{ outcome: "success" }],
    });
    expect(readRequests(stage)).toMatchObject([{ mode: "unary" }]);
  });

  it("prints the complete answer with --no-stream", async () => {
    expect((await command(["--no-stream", "Hi"])).stdout).toBe("You said: Hi\n");
    expect(readRequests(stage)).toMatchObject([{ mode: "unary" }]);
  });

  it("prints details of the answer on a terminal, but not with --quiet", async () => {
    expect((await command(["Hi"], { terminal: BOTH })).stderr).toMatch(/openai\/gpt-sim · .*\d+ in, \d+ out/);
    expect((await command(["-q", "Hi"], { terminal: BOTH })).stderr).toBe("");
  });

  it("prints every attempt with --trace, whether the call succeeds or fails", async () => {
    const success = await command(["--trace", "Hi"]);
    expect(success.stdout).toBe("You said: Hi\n");
    expect(success.stderr).toMatch(/target .*outcome/);
    expect(success.stderr).toMatch(/openai\/gpt-sim \(OPENAI_API_KEY\).*answered/);
    stage.simulator.script("openai", [{ status: 503 }]);
    const failure = await command(["--retry", "0", "--trace", "Hi"]);
    expect(failure.code).toBe(1);
    expect(failure.stderr).toMatch(/openai.*OVERLOADED/);
  });

  it("uses colours only on a terminal, and none if NO_COLOR is set", async () => {
    expect((await command(["--trace", "Hi"], { terminal: BOTH })).stderr).toContain(ESCAPE);
    expect((await command(["--trace", "Hi"])).stderr).not.toContain(ESCAPE);
    stage.environment["NO_COLOR"] = "1";
    expect((await command(["--trace", "Hi"], { terminal: BOTH })).stderr).not.toContain(ESCAPE);
    expect((await command(["providers"], { terminal: BOTH })).stdout).not.toContain(ESCAPE);
  });

  it.each([
    ["providers"],
    ["models", "openai"],
    ["demo", "--fast"],
    ["health"],
    ["compare", "-m", "openai", "-m", "nobody", "Hi"],
    ["--help"],
  ])("prints no colours to a pipe, even if standard error is a terminal: %s", async (...args) => {
    const { stdout } = await command(args, { terminal: ["stderr"] });
    expect(stdout).not.toContain(ESCAPE);
    expect(stdout).not.toContain("…");
    expect(stdout).not.toBe("");
  });
});

describe("ai-lib when a call fails", () => {
  it.each([
    [{ status: 401 }, 1, "FATAL_AUTH_FAILED"],
    [{ status: 429 }, 1, "TRANSIENT_RATE_LIMIT"],
    [{ status: 500 }, 1, "SERVER_PROVIDER_ERROR"],
    [{ reset: "head" as const }, 1, "TRANSIENT_NETWORK_ERROR"],
    [{ body: "<html>Sign in</html>" }, 1, "INVALID_RESPONSE"],
  ])("ends after %j with exit code %i and %s", async (fault, code, error) => {
    stage.simulator.always("openai", fault);
    onTestFinished(() => stage.simulator.always("openai", undefined));
    for (const args of [
      ["--retry", "0", "Hi"],
      ["--retry", "0", "--json", "Hi"],
    ]) {
      const ended = await command(args);
      expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "" });
      expect(ended.stderr).toContain(error);
    }
  });

  it("leaves a partial answer on a line of its own, and reports the error", async () => {
    stage.simulator.script("openai", [{ cut: 3 }]);
    const { code, stdout, stderr } = await command(["A question that is long enough to be cut"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^You said: .*\n$/);
    expect(stderr).toContain("STREAM_TRUNCATED");
  });

  it("prints nothing more after an interrupt, and ends with 130", async () => {
    stage.simulator.script("openai", [{ silent: "head" }]);
    const abort = new AbortController();
    const running = command(["Hi"], { signal: abort.signal });
    await expect.poll(() => stage.simulator.attempts.length).toBe(1);
    abort.abort();
    expect(await running).toEqual({ code: 130, stdout: "", stderr: "" });
    await expect.poll(() => stage.simulator.attempts[0]?.outcome).toBe("left");
  });
});

describe("ai-lib without a key", () => {
  beforeEach(() => {
    delete stage.environment["OPENAI_API_KEY"];
  });

  it("lists what to do", async () => {
    expect(await command(["Hi"])).toEqual({
      code: 2,
      stdout: "",
      stderr: [
        "FATAL_CONFIG_ERROR No provider is configured, and no local server (Ollama, LM Studio, llama.cpp, vLLM ...) responds. Do one of these:",
        "  ai-lib keys set groq          store a key (also: openai, anthropic, google, ...)",
        "  export OPENAI_API_KEY=...     set a key in the environment",
        "  ollama serve                  start a local model",
        "  ai-lib demo                   try the simulator, which needs no key",
        "`ai-lib providers` lists every provider and the variable that holds its key.",
        "",
      ].join("\n"),
    });
  });

  it.each([
    ["ollama", (base: string) => base],
    ["lmstudio", (base: string) => `${base}/v1`],
    ["llamacpp", (base: string) => `${base}/v1`],
  ])("asks the first model of a local %s", async (id, below) => {
    stage.environment[`${id.toUpperCase()}_BASE_URL`] = below(stage.simulator.baseUrl(id));
    expect(await command(["Hi"])).toMatchObject({ code: 0, stdout: "You said: Hi\n" });
    expect(readRequests(stage)).toMatchObject([{ endpoint: id, model: "sim-small" }]);
  });

  it.each(["models", "health"])("has no provider for %s", async (name) => {
    const { code, stdout, stderr } = await command([name]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("No provider is configured");
  });
});

describe("ai-lib --trace", () => {
  it("prints when each event happened, the attempts, and the cost", async () => {
    const { stderr } = await command(["--trace", "-m", "openai/gpt-4o", "Why?"]);
    expect(stderr).toMatch(/\+0 ms {2}.*openai.* is asked for a stream\n/);
    expect(stderr).toMatch(/first content of openai\/gpt-4o/);
    expect(stderr).toMatch(/openai\/gpt-4o answered after [\d.]+ ms\n$/);
    expect(stderr).toMatch(/ 9 in, 4 out · \$0\.000063\n/);
  });
});
