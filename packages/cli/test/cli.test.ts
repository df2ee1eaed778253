import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Io } from "../src/io.js";
import { run } from "../src/program.js";
import { buildInto } from "./support/built.js";

const KEY = "sk-cli-0123456789abcdef";
/** What a terminal takes for a colour. */
const ESCAPE = "\u001b[";
/** Nothing listens there. */
const NOBODY = "http://127.0.0.1:9";

let folder: string;
let simulator: Simulator;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ai-lib-cli-"));
  simulator = await startSimulator({ models: ["sim-small", "sim-large"] });
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  simulator.attempts.length = 0;
  environment = {
    HOME: await mkdtemp(join(folder, "home-")),
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: `${simulator.baseUrl("openai")}/v1`,
    OPENAI_MODEL: "gpt-sim",
    OLLAMA_BASE_URL: NOBODY,
    LMSTUDIO_BASE_URL: NOBODY,
    LLAMACPP_BASE_URL: NOBODY,
  };
});

/** How one command line ended. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is not as usual about a command's streams. */
interface Streams {
  /** What is piped in; `"terminal"` where a person sits there. */
  readonly stdin?: string | "terminal";
  /** What is a terminal. Default: nothing is. */
  readonly terminal?: readonly ("stdout" | "stderr")[];
  readonly signal?: AbortSignal;
}

const BOTH = ["stdout", "stderr"] as const;

async function command(args: readonly string[], streams: Streams = {}): Promise<Ended> {
  const tty = { isTTY: true, columns: 200 };
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  for (const name of streams.terminal ?? []) Object.assign(name === "stdout" ? stdout : stderr, tty);
  const said = Promise.all([text(stdout), text(stderr)]);
  const io: Io = {
    stdin:
      streams.stdin === "terminal"
        ? Object.assign(new PassThrough(), tty)
        : Readable.from(streams.stdin === undefined ? [] : [streams.stdin]),
    stdout,
    stderr,
    environment,
    signal: streams.signal ?? new AbortController().signal,
  };
  const code = await run(io, args);
  stdout.end();
  stderr.end();
  const [out, err] = await said;
  expect(out + err).not.toContain(KEY);
  return { code, stdout: out, stderr: err };
}

/** What the simulator was asked, oldest first. */
function asked() {
  return simulator.attempts.map(({ request, mode, endpoint }) => ({ ...request, mode, endpoint }));
}

describe("ai-lib, asked a prompt", () => {
  it("streams the answer of the first configured provider to standard output, and nothing else", async () => {
    const { code, stdout, stderr } = await command(["Why", "is", "the", "sky", "blue?"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "You said: Why is the sky blue?\n",
      stderr: "",
    });
    expect(asked()).toMatchObject([
      { mode: "stream", model: "gpt-sim", messages: [{ role: "user", content: "Why is the sky blue?" }] },
    ]);
  });

  it("takes a pipe for the prompt, or sets it below the words", async () => {
    expect((await command([], { stdin: "From a pipe\n" })).stdout).toBe("You said: From a pipe\n");
    await command(["Sum", "up:"], { stdin: "A long text\n" });
    expect(asked()[1]).toMatchObject({ messages: [{ content: "Sum up:\n\nA long text" }] });
  });

  it("says how to ask where there is nothing to answer", async () => {
    for (const stdin of ["terminal", "", " \n"]) {
      const { code, stderr } = await command([], { stdin });
      expect(code).toBe(2);
      expect(stderr).toContain("There is no prompt. Try: ai-lib");
    }
    expect(asked()).toEqual([]);
  });

  it("asks the model that -m names, below the instructions of -s", async () => {
    environment["ANTHROPIC_API_KEY"] = KEY;
    environment["ANTHROPIC_BASE_URL"] = simulator.baseUrl("anthropic");
    const { code } = await command(["-m", "anthropic/claude-sim", "-s", "Be brief", "Hi"]);
    expect(code).toBe(0);
    expect(asked()).toMatchObject([
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

  it("asks whom DEFAULT_AI_MODEL names, unless -m does", async () => {
    environment["ANTHROPIC_API_KEY"] = KEY;
    environment["ANTHROPIC_BASE_URL"] = simulator.baseUrl("anthropic");
    environment["DEFAULT_AI_MODEL"] = "anthropic/claude-sim";
    await command(["Hi"]);
    await command(["-m", "openai", "Hi"]);
    expect(asked()).toMatchObject([
      { endpoint: "anthropic", model: "claude-sim" },
      { endpoint: "openai", model: "gpt-sim" },
    ]);
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
    expect(asked()).toMatchObject([{ mode: "unary" }]);
  });

  it("prints the answer at once with --no-stream", async () => {
    expect((await command(["--no-stream", "Hi"])).stdout).toBe("You said: Hi\n");
    expect(asked()).toMatchObject([{ mode: "unary" }]);
  });

  it("tells on a terminal who answered, but not with --quiet", async () => {
    expect((await command(["Hi"], { terminal: BOTH })).stderr).toMatch(/openai\/gpt-sim · .*\d+ in, \d+ out/);
    expect((await command(["-q", "Hi"], { terminal: BOTH })).stderr).toBe("");
  });

  it("tells of every attempt with --trace, whether it went well or not", async () => {
    const well = await command(["--trace", "Hi"]);
    expect(well.stdout).toBe("You said: Hi\n");
    expect(well.stderr).toMatch(/target .*outcome/);
    expect(well.stderr).toMatch(/openai\/gpt-sim \(OPENAI_API_KEY\).*answered/);
    simulator.script("openai", [{ status: 503 }]);
    const badly = await command(["--trace", "Hi"]);
    expect(badly.code).toBe(1);
    expect(badly.stderr).toMatch(/openai.*OVERLOADED/);
  });

  it("uses colours on a terminal alone, and none where NO_COLOR is set", async () => {
    expect((await command(["--trace", "Hi"], { terminal: BOTH })).stderr).toContain(ESCAPE);
    expect((await command(["--trace", "Hi"])).stderr).not.toContain(ESCAPE);
    environment["NO_COLOR"] = "1";
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
  ])("sends no colours to a pipe, whatever the terminal beside it: %s", async (...args) => {
    const { stdout } = await command(args, { terminal: ["stderr"] });
    expect(stdout).not.toContain(ESCAPE);
    expect(stdout).not.toContain("…");
    expect(stdout).not.toBe("");
  });
});

describe("ai-lib, told a word", () => {
  it("takes one that is no command for a prompt, and one that is for a prompt behind `ask`", async () => {
    expect((await command(["modles"])).stdout).toBe("You said: modles\n");
    expect((await command(["ask", "models"])).stdout).toBe("You said: models\n");
    expect((await command(["models", "openai"])).stdout).toContain("openai/sim-small");
    expect(asked()).toHaveLength(2);
  });

  it.each([
    [["--modle", "x", "Hi"], "--model"],
    [["--nonsense"], "--nonsense"],
    [["models", "--nonsense"], "--nonsense"],
    [["-m"], "argument missing"],
    [["keys", "nonsense"], "unknown command"],
    [["keys", "set"], "missing required argument"],
    [["simulate", "--port", "many"], "whole number"],
    [["models", "nobody"], 'no provider "nobody"'],
    [["-m", "opnai/x", "Hi"], 'did you mean "openai"'],
    [["-m", "groq/x", "Hi"], "set GROQ_API_KEY"],
  ])("%j is wrong usage: exit code 2, and the reason on standard error", async (args, reason) => {
    const { code, stdout, stderr } = await command(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(reason);
    expect(asked()).toEqual([]);
  });

  it("prints help and version to standard output, which is no error", async () => {
    const help = await command(["--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    for (const name of ["ask", "chat", "models", "providers", "keys", "demo", "simulate"])
      expect(help.stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    const { version } = JSON.parse(await readFile("packages/cli/package.json", "utf8"));
    expect(await command(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("ai-lib, where a call fails", () => {
  it.each([
    [{ status: 401 }, 1, "FATAL_AUTH_FAILED"],
    [{ status: 429 }, 1, "TRANSIENT_RATE_LIMIT"],
    [{ status: 500 }, 1, "SERVER_PROVIDER_ERROR"],
    [{ reset: "head" as const }, 1, "TRANSIENT_NETWORK_ERROR"],
    [{ body: "<html>Sign in</html>" }, 1, "INVALID_RESPONSE"],
  ])("%j ends with exit code %i and %s", async (fault, code, told) => {
    simulator.always("openai", fault);
    onTestFinished(() => simulator.always("openai", undefined));
    for (const args of [["Hi"], ["--json", "Hi"]]) {
      const ended = await command(args);
      expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "" });
      expect(ended.stderr).toContain(told);
    }
  });

  it("keeps what had come, on a line of its own, and says that it is not all", async () => {
    simulator.script("openai", [{ cut: 3 }]);
    const { code, stdout, stderr } = await command(["A question that is long enough to be cut"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^You said: .*\n$/);
    expect(stderr).toContain("STREAM_TRUNCATED");
  });

  it("prints nothing more once it is interrupted, and ends with 130", async () => {
    simulator.script("openai", [{ silent: "head" }]);
    const abort = new AbortController();
    const running = command(["Hi"], { signal: abort.signal });
    await expect.poll(() => simulator.attempts.length).toBe(1);
    abort.abort();
    expect(await running).toEqual({ code: 130, stdout: "", stderr: "" });
    await expect.poll(() => simulator.attempts[0]?.outcome).toBe("left");
  });
});

describe("ai-lib without a key", () => {
  beforeEach(() => {
    delete environment["OPENAI_API_KEY"];
  });

  it("says exactly what to do", async () => {
    expect(await command(["Hi"])).toEqual({
      code: 2,
      stdout: "",
      stderr: [
        "FATAL_CONFIG_ERROR No provider is configured, and no local Ollama, LM Studio or llama.cpp answers. Do one of these:",
        "  ai-lib keys set groq          store a key (also: openai, anthropic, google, ...)",
        "  export OPENAI_API_KEY=...     or set it in the environment",
        "  ollama serve                  or start a local model",
        "  ai-lib demo                   or watch the simulator, which needs no key",
        "`ai-lib providers` lists every provider and the variable that it wants.",
        "",
      ].join("\n"),
    });
  });

  it.each([
    ["ollama", (base: string) => base],
    ["lmstudio", (base: string) => `${base}/v1`],
    ["llamacpp", (base: string) => `${base}/v1`],
  ])("asks a local %s, with the first of its models", async (id, below) => {
    environment[`${id.toUpperCase()}_BASE_URL`] = below(simulator.baseUrl(id));
    expect(await command(["Hi"])).toMatchObject({ code: 0, stdout: "You said: Hi\n" });
    expect(asked()).toMatchObject([{ endpoint: id, model: "sim-small" }]);
  });

  it("names nobody to list or to check", async () => {
    for (const name of ["models", "health"]) {
      const { code, stdout, stderr } = await command([name]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      expect(stderr).toContain("No provider is configured");
    }
  });
});

describe("ai-lib keys", () => {
  const path = () => join(environment["HOME"] ?? "", ".config", "ai-lib", "keys.json");

  it("stores one from standard input in a file of the owner's alone, without showing it", async () => {
    delete environment["OPENAI_API_KEY"];
    const stored = await command(["keys", "set", "openai"], { stdin: `${KEY}\n` });
    expect(stored).toEqual({
      code: 0,
      stdout: "",
      stderr: `OPENAI_API_KEY is stored in ${path()}, readable by you alone.\n`,
    });
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await stat(join(path(), ".."))).mode & 0o777).toBe(0o700);
    await command(["keys", "set", "groq"], { stdin: "gsk-1" });
    expect(JSON.parse(await readFile(path(), "utf8"))).toEqual({
      OPENAI_API_KEY: KEY,
      GROQ_API_KEY: "gsk-1",
    });
    expect((await command(["keys", "list"])).stdout).toMatch(
      /GROQ_API_KEY +stored\nOPENAI_API_KEY +stored\n/,
    );
    expect(await command(["Hi"])).toMatchObject({ code: 0, stdout: "You said: Hi\n" });
    expect(simulator.attempts[0]?.http.headers["authorization"]).toBe(`Bearer ${KEY}`);
  });

  it("prefers the environment to the file, and says so", async () => {
    await command(["keys", "set", "openai"], { stdin: "sk-from-the-file" });
    await command(["Hi"]);
    expect(simulator.attempts[0]?.http.headers["authorization"]).toBe(`Bearer ${KEY}`);
    expect(JSON.parse((await command(["keys", "list", "--json"])).stdout)).toEqual([
      { variable: "OPENAI_API_KEY", overridden: true },
    ]);
  });

  it("keeps them where AI_LIB_KEYS says, and prints where that is", async () => {
    expect((await command(["keys", "path"])).stdout).toBe(`${path()}\n`);
    environment["AI_LIB_KEYS"] = join(environment["HOME"] ?? "", "own.json");
    expect((await command(["keys", "path"])).stdout).toBe(`${environment["AI_LIB_KEYS"]}\n`);
    await command(["keys", "set", "groq"], { stdin: "gsk-1" });
    expect((await stat(environment["AI_LIB_KEYS"])).mode & 0o777).toBe(0o600);
  });

  it("narrows the rights of a file that others could read", async () => {
    environment["AI_LIB_KEYS"] = join(environment["HOME"] ?? "", "own.json");
    await writeFile(environment["AI_LIB_KEYS"], "{}", { mode: 0o644 });
    await command(["keys", "set", "groq"], { stdin: "gsk-1" });
    expect((await stat(environment["AI_LIB_KEYS"])).mode & 0o777).toBe(0o600);
  });

  it("stores nothing where none was given, none is needed, or the provider is unknown", async () => {
    expect((await command(["keys", "set", "openai"])).code).toBe(2);
    const unknown = await command(["keys", "set", "opnai"], { stdin: KEY });
    expect(unknown.stderr).toContain('did you mean "openai"');
    expect(unknown.code).toBe(2);
    expect((await command(["keys", "list"])).stderr).toContain("ai-lib keys set groq");
  });

  it("names a damaged file, and shows nothing of it", async () => {
    environment["AI_LIB_KEYS"] = join(environment["HOME"] ?? "", "own.json");
    await writeFile(environment["AI_LIB_KEYS"], `{ "OPENAI_API_KEY": "${KEY}"`);
    const { code, stderr } = await command(["Hi"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`The keys file ${environment["AI_LIB_KEYS"]} is damaged`);
  });
});

describe("ai-lib providers and models", () => {
  it("list every provider, which are ready, and the variable that each wants", async () => {
    const { stdout } = await command(["providers"]);
    expect(stdout).toMatch(/^openai +ready +OPENAI_API_KEY +openai-chat +gpt-sim/m);
    expect(stdout).toMatch(/^groq +GROQ_API_KEY +openai-chat/m);
    expect(stdout).toMatch(/^ollama +local +/m);
    const all = JSON.parse((await command(["providers", "--json"])).stdout) as { id: string }[];
    expect(all.find(({ id }) => id === "openai")).toMatchObject({
      configured: true,
      key: { from: "OPENAI_API_KEY" },
      model: "gpt-sim",
    });
  });

  it("list the models of one, and of all that are configured", async () => {
    expect((await command(["models", "openai"])).stdout).toMatch(/openai\/sim-small *\nopenai\/sim-large/);
    environment["ANTHROPIC_API_KEY"] = KEY;
    environment["ANTHROPIC_BASE_URL"] = simulator.baseUrl("anthropic");
    environment["OPENAI_RESPONSES_BASE_URL"] = NOBODY;
    const { code, stdout, stderr } = await command(["models"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/openai\/sim-small[\s\S]*anthropic\/sim-small/);
    expect(stderr).toMatch(/openai-responses: .*NETWORK_ERROR/);
    const listed = JSON.parse((await command(["models", "openai", "--json"])).stdout);
    expect(listed).toMatchObject([{ id: "sim-small", provider: "openai" }, { id: "sim-large" }]);
  });
});

describe("ai-lib chat", () => {
  it("sends the whole history with every turn", async () => {
    const { code, stdout } = await command(["chat", "-q", "-s", "Be brief"], {
      stdin: "One\n\nTwo\n/exit\nThree\n",
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "You said: One\nYou said: Two\n" });
    expect(asked().map(({ messages }) => messages.map(({ role, content }) => [role, content]))).toEqual([
      [
        ["system", "Be brief"],
        ["user", "One"],
      ],
      [
        ["system", "Be brief"],
        ["user", "One"],
        ["assistant", "You said: One"],
        ["user", "Two"],
      ],
    ]);
  });

  it("takes a turn back that failed, and goes on", async () => {
    simulator.script("openai", [undefined, { status: 500 }, { cut: 2 }]);
    const { code, stderr } = await command(["chat", "-q"], { stdin: "One\nTwo\nThree\nFour\n" });
    expect(code).toBe(0);
    expect(stderr).toMatch(/PROVIDER_ERROR[\s\S]*STREAM_TRUNCATED/);
    expect(asked()[3]?.messages.map(({ content }) => content)).toEqual(["One", "You said: One", "Four"]);
  });

  it("begins anew with /new, and keeps its instructions", async () => {
    await command(["chat", "-q", "-s", "Be brief"], { stdin: "One\n/new\nTwo\n" });
    expect(asked()[1]?.messages.map(({ content }) => content)).toEqual(["Be brief", "Two"]);
  });

  it("ends with 130 where it is interrupted and no terminal can ask whether to leave", async () => {
    simulator.script("openai", [{ silent: "head" }]);
    const abort = new AbortController();
    const running = command(["chat"], { stdin: "One\nTwo\n", signal: abort.signal });
    await expect.poll(() => simulator.attempts.length).toBe(1);
    abort.abort();
    expect((await running).code).toBe(130);
    expect(asked()).toHaveLength(1);
  });
});

describe("ai-lib demo and simulate", () => {
  it("show a chat that fails over between three wire formats, without a key", async () => {
    environment = { HOME: environment["HOME"] ?? "" };
    const { code, stdout } = await command(["demo", "--fast"]);
    expect(code).toBe(0);
    expect(stdout).toContain("One interface, three wire formats.");
    expect(stdout.match(/One interface, three wire formats/g)).toHaveLength(1);
    const rows = stdout.split("\n").filter((line) => /^ *[123] +\w/.test(line));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/1 +anthropic\/.*OVERLOADED/);
    expect(rows[1]).toMatch(/2 +google\/.* STREAM_TRUNCATED .*/);
    expect(rows[2]).toMatch(/3 +openai\/.*answered/);
    expect(stdout).toMatch(/answered by openai\/.*tokens|answered by openai\/.* in, .* out/);
  });

  it("print where the simulator listens, until interrupted", async () => {
    const abort = new AbortController();
    const stdout = new PassThrough();
    let said = "";
    stdout.on("data", (piece: Buffer) => {
      said += piece.toString();
    });
    const io = {
      stdin: Readable.from([]),
      stdout,
      stderr: new PassThrough(),
      environment,
      signal: abort.signal,
    };
    const running = run(io, ["simulate"]);
    await expect.poll(() => said).toContain("Ctrl-C ends it");
    const url = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1] ?? "";
    expect(said).toContain(`OPENAI_BASE_URL=${url}/v1`);
    expect(said).toContain(`ANTHROPIC_BASE_URL=${url}\n`);
    expect(said).toContain(`GOOGLE_BASE_URL=${url}/v1beta`);
    Object.assign(environment, {
      OPENAI_BASE_URL: `${url}/v1`,
      GOOGLE_BASE_URL: `${url}/v1beta`,
      GOOGLE_API_KEY: "k",
    });
    expect((await command(["-m", "openai", "Hi"])).stdout).toBe("You said: Hi\n");
    expect((await command(["-m", "google", "Hi"])).stdout).toBe("You said: Hi\n");
    abort.abort();
    expect(await running).toBe(0);
  });
});

describe("the built command, as a shell runs it", () => {
  let main: string;
  beforeAll(async () => {
    main = await buildInto(await mkdtemp(join(folder, "built-")));
  }, 120_000);

  function start(args: readonly string[], file = process.execPath): ChildProcessWithoutNullStreams {
    const { PATH = "" } = process.env;
    const env = { ...environment, PATH };
    return spawn(file, file === process.execPath ? [main, ...args] : [...args], { env });
  }

  async function ended(child: ChildProcessWithoutNullStreams, stdin = ""): Promise<Ended> {
    child.stdin.end(stdin);
    const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await closed, stdout, stderr };
  }

  it("answers a prompt, from words and from a pipe", async () => {
    expect(await ended(start(["Hi"]))).toEqual({ code: 0, stdout: "You said: Hi\n", stderr: "" });
    expect(await ended(start([]), "Piped\n")).toMatchObject({ code: 0, stdout: "You said: Piped\n" });
  });

  it("ends with 2 for wrong usage and missing configuration, with 1 for a call that fails", async () => {
    expect((await ended(start(["--nonsense"]))).code).toBe(2);
    delete environment["OPENAI_API_KEY"];
    const lost = await ended(start(["Hi"]));
    expect(lost.code).toBe(2);
    expect(lost.stderr).toContain("ai-lib keys set groq");
    environment["OPENAI_API_KEY"] = KEY;
    simulator.script("openai", [{ status: 401 }]);
    const failed = await ended(start(["Hi"]));
    expect(failed.code).toBe(1);
    expect(failed.stdout).toBe("");
    expect(failed.stderr).toMatch(/^FATAL_AUTH_FAILED .*openai/);
  });

  it("runs the demo, and exits by itself", async () => {
    const { code, stdout, stderr } = await ended(start(["demo", "--fast"]));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("answered by openai/");
    expect(stdout).not.toContain(ESCAPE);
  });

  it("ends in silence where its reader has gone", async () => {
    const script = `"${process.execPath}" "${main}" providers --json | head -c1; echo " \${PIPESTATUS[0]}"`;
    expect(await ended(start(["-c", script], "bash"))).toEqual({ code: 0, stdout: "[ 0\n", stderr: "" });
    const stream = `"${process.execPath}" "${main}" Hi | head -c1; echo " \${PIPESTATUS[0]}"`;
    expect(await ended(start(["-c", stream], "bash"))).toEqual({ code: 0, stdout: "Y 0\n", stderr: "" });
  });

  it.each([["ask", "Hi"], ["chat"]])("ends with 130 at Ctrl-C: %s", async (...args) => {
    simulator.script("openai", [{ silent: "head" }]);
    const child = start(args);
    if (args[0] === "chat") child.stdin.write("Hi\n");
    else child.stdin.end();
    await expect.poll(() => simulator.attempts.length, { timeout: 10_000 }).toBe(1);
    child.kill("SIGINT");
    expect(await ended(child)).toMatchObject({ code: 130, stderr: expect.not.stringContaining("Error") });
    await expect.poll(() => simulator.attempts[0]?.outcome).toBe("left");
  });
});
