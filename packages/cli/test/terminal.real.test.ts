import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter } from "node:path";
import { describe, expect, it } from "vitest";
import { addAnthropic, KEY, prepareStage, readRequests } from "./support/command.js";
import { prepareCommand } from "./support/installed.js";
import { openTerminal, type TerminalSession } from "./support/terminal.js";

const MARKDOWN = `# Colours

Sky is **blue** because of \`scattering\`:

- short waves scatter more
- long waves pass

| colour | wave length in nanometres |
|---|---|
| blue | 450 |

\`\`\`js
const blue = 450; // nm
\`\`\`
`;
/** Sets the title, clears the screen, writes the clipboard, makes a link, moves the cursor. */
const HOSTILE =
  "before\u001b]0;owned\u0007\u001b[2J\u001b]52;c;ZXZpbA==\u0007\u001b]8;;http://evil.example\u0007here\u001b]8;;\u0007\u001b[1A\u001b[31mred\rafter\u009b31m";

/** Columns in which a line with a path of a temporary folder fits. */
const WIDE = 300;

const MODULE = `export const weather = {
  name: "weather",
  description: "The weather in a city",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  execute: ({ city }) => "21 degrees",
};`;

const stage = prepareStage({
  models: ["sim-small", "hostile\u001b[2Jmodel"],
  answer: ({ messages }) => {
    const last = messages.at(-1)?.content;
    if (last === "Weather?")
      return {
        content: [{ type: "tool-call", id: "c1", name: "weather", arguments: { city: "Oslo" } }],
        finishReason: "tool-calls",
      };
    const text = last === "markdown" ? MARKDOWN : last === "hostile" ? HOSTILE : `You said: ${String(last)}`;
    return { content: [{ type: "text", text }] };
  },
});
const command = prepareCommand(stage);
const { open, chat, home } = command;

/** A shell in a terminal whose lines are long enough for each path, in which `ai-lib` is the installed command. */
function openShell(shell: string, args: readonly string[]): TerminalSession {
  const path = [home("bin"), process.env["PATH"] ?? ""].join(delimiter);
  mkdirSync(home("bin"), { recursive: true });
  writeFileSync(home("bin/ai-lib"), `#!/bin/sh\nexec "${process.execPath}" "${command.path}" "$@"\n`, {
    mode: 0o755,
  });
  return openTerminal(shell, args, { ...stage.environment, PATH: path, PS1: "$ " }, WIDE);
}

describe("an answer in a terminal", () => {
  it("is rendered Markdown", async () => {
    const terminal = open(["-q", "markdown"]);
    expect(await terminal.end()).toBe(0);
    expect(await terminal.screen()).toBe(
      [
        "Colours",
        "",
        "Sky is blue because of scattering:",
        "",
        "• short waves scatter more",
        "• long waves pass",
        "",
        "colour  wave length in nanometres",
        "──────  ─────────────────────────",
        "blue    450",
        "",
        "```js",
        "const blue = 450; // nm",
        "```",
      ].join("\n"),
    );
    expect(terminal.written).toContain("\u001b[1m");
    const plain = open(["-q", "markdown"], 80, { NO_COLOR: "1" });
    await plain.end();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are colours
    expect(plain.written).not.toMatch(/\u001b\[[0-9;]*m/);
    expect(await plain.screen()).toBe(await terminal.screen());
  });

  it.each(["ask", "chat", "compare", "models", "logs", "error", "conversations"])(
    "cannot drive the terminal: %s",
    async (where) => {
      if (where === "error")
        stage.simulator.script("openai", [
          { status: 400, body: `{"error":{"message":${JSON.stringify(HOSTILE)}}}` },
        ]);
      if (where === "logs") {
        const logs = open(["hostile"], 80, { AI_LIB_HISTORY: home("h.jsonl") });
        await logs.end();
      }
      if (where === "conversations") await open(["hostile"]).end();
      const args: Record<string, string[]> = {
        ask: ["hostile"],
        chat: ["chat", "-q"],
        compare: ["compare", "-m", "openai", "-m", "openai", "hostile"],
        models: ["models", "openai"],
        logs: ["logs"],
        error: ["Hi"],
        conversations: ["conversations", "show", "latest"],
      };
      const terminal = open(args[where] ?? [], 80, { AI_LIB_HISTORY: home("h.jsonl") });
      if (where === "chat") {
        await terminal.waitFor("you>");
        terminal.type("hostile\r");
        await terminal.waitFor("after");
        terminal.type("\x04");
      }
      await terminal.end();
      const { written } = terminal;
      for (const sequence of ["\u001b]", "\u001b[2J", "\u001b[31mred", "\u0007", "\u009b"])
        expect(written).not.toContain(sequence);
      const shown = (await terminal.screen()).replaceAll("\n", "");
      expect(shown).toContain(where === "models" ? "hostile\\u001b[2Jmodel" : "\\u001b]52;c;");
    },
  );

  it.each([
    ["ask", ["--raw", "hostile"], "\u001b]0;owned\u0007"],
    ["compare", ["compare", "--raw", "-m", "openai", "-m", "openai", "hostile"], "\u001b]0;owned\u0007"],
    ["models", ["models", "--raw", "openai"], "\u001b[2Jmodel"],
    ["logs", ["logs", "--raw"], "\u001b]0;owned\u0007"],
    ["conversations", ["conversations", "show", "latest", "--raw"], "\u001b]0;owned\u0007"],
  ])("is left as it is with --raw: %s", async (_where, args, sequence) => {
    await open(["logs", "on"]).end();
    await open(["hostile"]).end();
    const terminal = open(args);
    expect(await terminal.end()).toBe(0);
    expect(terminal.written).toContain(sequence);
  });

  it("fits the width that the window has when a table is printed", async () => {
    const terminal = await chat([], 200);
    terminal.resize(40);
    terminal.type("markdown\r");
    await terminal.waitFor("const blue");
    const shown = await terminal.screen();
    for (const line of shown.slice(shown.indexOf("Colours")).split("\n"))
      expect(line.length).toBeLessThanOrEqual(40);
    terminal.resize(80);
    terminal.type("markdown\r");
    await terminal.waitFor(/wave length in nanometres[\s\S]*const blue[\s\S]*you>$/);
    terminal.type("\x04");
    expect(await terminal.end()).toBe(0);
  });

  it("has its bytes unchanged in a pipe, also of a shell in a terminal", async () => {
    const shell = openShell("bash", ["--norc", "-i"]);
    await shell.waitFor("$");
    shell.type("ai-lib hostile | od -c | head -2\r");
    await shell.waitFor("033");
    shell.type("ai-lib providers | head -1; echo status $PIPESTATUS\r");
    await shell.waitFor("status 0");
    shell.type("exit\r");
    await shell.end();
    expect(shell.written).not.toContain("EPIPE");
  });

  it("fails over to the next model, and says so", async () => {
    addAnthropic(stage);
    stage.simulator.script("openai", [{ status: 401 }]);
    const terminal = open(["-m", "openai", "-m", "anthropic", "Hi"]);
    expect(await terminal.end()).toBe(0);
    expect(await terminal.screen()).toMatch(/^You said: Hi\n#.*\n1 {2}openai.*\n2 {2}anthropic.* answered\n/);
  });

  it("continues the latest conversation, or with one of a name", async () => {
    await open(["--conversation", "trip", "Pack"]).end();
    await open(["Other"]).end();
    await open(["-c", "More"]).end();
    expect(
      readRequests(stage)
        .at(-1)
        ?.messages.map(({ content }) => content),
    ).toEqual(["Other", "You said: Other", "More"]);
    const terminal = await chat(["--conversation", "trip"]);
    terminal.type("Where?\r");
    await terminal.waitFor("You said: Where?");
    terminal.type("\x04");
    await terminal.end();
    expect(
      readRequests(stage)
        .at(-1)
        ?.messages.map(({ content }) => content),
    ).toEqual(["Pack", "You said: Pack", "Where?"]);
  });

  it.each([40, 80, 200])("fits tables into %i columns", async (columns) => {
    for (const args of [
      ["providers"],
      ["models", "openai"],
      ["--trace", "-m", "openai", "Hi"],
      ["health", "openai"],
    ]) {
      const terminal = open(args, columns);
      await terminal.end();
      // A line that is too long would be wrapped by the terminal: it wrote as many lines as the screen shows.
      const lines = terminal.written.trimEnd().split("\r\n").length;
      if (args[0] !== "--trace") expect((await terminal.screen()).split("\n")).toHaveLength(lines);
    }
  });

  it("is preceded by a line that says who is asked, and for how long", async () => {
    stage.simulator.script("openai", [{ firstFrameDelayMs: 1_500 }]);
    const terminal = open(["Hi"]);
    expect(await terminal.waitFor("openai/gpt-sim")).toMatch(/[\d.]+ m?s · openai\/gpt-sim/);
    expect(await terminal.end()).toBe(0);
    expect(await terminal.screen()).toMatch(/^You said: Hi\n/);
  });

  it("shows how long a rate limit is waited for", async () => {
    stage.simulator.script("openai", [{ status: 429, headers: { "retry-after": "2" } }]);
    const terminal = open(["Hi"]);
    await terminal.waitFor(/next attempt in [\d.]+ m?s · openai/);
    expect(await terminal.end()).toBe(0);
  });

  it("ends at Ctrl-C with 130", async () => {
    stage.simulator.script("openai", [{ silent: "head" }]);
    const terminal = open(["Hi"]);
    await terminal.waitFor("openai/gpt-sim");
    terminal.type("\x03");
    expect(await terminal.end()).toBe(130);
  });
});

describe("a chat in a terminal", () => {
  it("takes lines, pasted lines, blocks and lines that continue, each as one message", async () => {
    const terminal = await chat();
    terminal.type("\x1b[200~first\nsecond\r\nthird\x1b[201~\r");
    await terminal.waitFor("third\nyou>");
    terminal.type("one\\\r");
    await terminal.waitFor("...");
    terminal.type("two\r");
    await terminal.waitFor("You said: one");
    terminal.type(":::\r");
    terminal.type("a\r\rb\r:::\r");
    await terminal.waitFor("You said: a");
    terminal.type("/exit\r");
    expect(await terminal.end()).toBe(0);
    expect(readRequests(stage).map(({ messages }) => messages.at(-1)?.content)).toEqual([
      "first\nsecond\nthird",
      "one\ntwo",
      "a\n\nb",
    ]);
    expect(terminal.written.endsWith("\u001b[?2004l")).toBe(true);
  });

  it("keeps what was said when Ctrl-C stops an answer, and exits at a second Ctrl-C", async () => {
    stage.simulator.script("openai", [{ silent: 4 }]);
    const terminal = await chat();
    terminal.type("Tell me a story\r");
    await terminal.waitFor("You said");
    terminal.type("\x03");
    await terminal.waitFor("stopped");
    terminal.type("And now?\r");
    await terminal.waitFor("And now?\nyou>");
    expect(readRequests(stage).at(-1)?.messages).toMatchObject([
      { role: "user", content: "Tell me a story" },
      { role: "assistant" },
      { role: "user", content: "And now?" },
    ]);
    terminal.type("\x03");
    await terminal.waitFor("press Ctrl-C again");
    terminal.type("\x03");
    expect(await terminal.end()).toBe(0);
  });

  it("knows its commands: undo, retry, cost, model, system, save, and completes them", async () => {
    const terminal = await chat();
    terminal.type("One\rTwo\r/undo\r/retry\r");
    await terminal.waitFor("Removed: Two");
    await terminal.waitFor(/You said: One[\s\S]*You said: One/);
    terminal.type("/cost\r");
    await terminal.waitFor("3 answers");
    terminal.type("/model openai/other\r");
    await terminal.waitFor("openai/other answers");
    terminal.type("/system Be brief\r/save work\r");
    await terminal.waitFor("--conversation work");
    terminal.type("Three\r");
    await terminal.waitFor("You said: Three");
    terminal.type("/sa\t");
    await terminal.waitFor(/you> \/save$/);
    terminal.type("\x15/nonsense\r");
    await terminal.waitFor("did you mean /new");
    terminal.type("\x04");
    expect(await terminal.end()).toBe(0);
    expect(readRequests(stage).at(-1)).toMatchObject({
      model: "other",
      messages: [{ content: "Be brief" }, { content: "One" }, {}, { content: "Three" }],
    });
    const saved = JSON.parse(await readFile(home(".local/state/ai-lib/conversations/work.json"), "utf8"));
    expect(saved.messages).toHaveLength(5);
  });

  it("keeps what is typed while an answer arrives, with the cursor behind it", async () => {
    stage.simulator.script("openai", [{ dribble: { bytes: 40, everyMs: 50 } }]);
    const terminal = await chat();
    terminal.type("One\r");
    await terminal.waitFor("You said");
    terminal.type("/sa\t");
    await terminal.waitFor(/you> \/save$/);
    terminal.type("\x15/nonsense\r");
    await terminal.waitFor("no command /nonsense;");
    terminal.type("\x04");
    expect(await terminal.end()).toBe(0);
  });

  it("completes models and paths, and attaches a file", async () => {
    await writeFile(home("notes-of-today.txt"), "Buy milk");
    const terminal = await chat([], WIDE);
    terminal.type("/model anthropi\t");
    await terminal.waitFor("/model anthropic");
    terminal.type(`\x15/file ${home("notes-of")}\t`);
    await terminal.waitFor("notes-of-today.txt");
    terminal.type("\r");
    await terminal.waitFor("Attached");
    terminal.type("What is in it?\r");
    await terminal.waitFor("You said:");
    terminal.type("\x04");
    await terminal.end();
    expect(JSON.stringify(readRequests(stage).at(-1)?.messages)).toContain("What is in it?");
  });

  it("empties the line at Ctrl-C, and continues", async () => {
    const terminal = await chat();
    terminal.type("Never mind\x03");
    await terminal.waitFor("^C");
    terminal.type("Hello\r");
    await terminal.waitFor("You said: Hello");
    terminal.type("\x04");
    expect(await terminal.end()).toBe(0);
    expect(readRequests(stage)).toHaveLength(1);
  });

  it("lists its tools, and asks in the chat before one runs", async () => {
    await writeFile(home("tools.mjs"), MODULE);
    const terminal = await chat(["-T", home("tools.mjs")]);
    terminal.type("/tools\r");
    await terminal.waitFor("weather  The weather in a city");
    terminal.type("Weather?\r");
    await terminal.waitFor("Run weather");
    terminal.type("y\r");
    await terminal.waitFor(/You said: .*\n/);
    terminal.type("\x04");
    expect(await terminal.end()).toBe(0);
    expect(JSON.stringify(readRequests(stage).at(-1)?.messages)).toContain("21 degrees");
  });

  it("gives the terminal back at SIGINT and SIGTERM from another process", async () => {
    for (const signal of ["SIGINT", "SIGTERM"]) {
      const terminal = await chat();
      terminal.kill(signal);
      const code = await terminal.end();
      if (signal === "SIGINT") expect(code).toBe(130);
      expect(terminal.written).toContain("\u001b[?2004l");
    }
  });

  it("remembers what was typed, without keys, for the next chat", async () => {
    const first = await chat();
    first.type("Remember me\r");
    await first.waitFor("You said: Remember me");
    first.type(`My key is ${KEY.replace("test", "live")}\r`);
    await first.waitFor("You said: My key");
    first.type("\x04");
    await first.end();
    expect(await readFile(home(".local/state/ai-lib/chat-inputs.json"), "utf8")).not.toContain("sk-live");
    const second = await chat();
    second.type("\x1b[A\x1b[A");
    await second.waitFor("you> Remember me");
    second.type("\x04\x15\x04");
    await second.end();
  });

  it("writes a message in the editor", async () => {
    await mkdir(home(), { recursive: true });
    await writeFile(home("editor.sh"), '#!/bin/sh\nprintf "from the\\neditor" > "$1"\n', { mode: 0o700 });
    const terminal = await chat([], 80, { EDITOR: home("editor.sh") });
    terminal.type("/edit\r");
    await terminal.waitFor("editor\nyou>");
    terminal.type("Next\r");
    await terminal.waitFor("You said: Next");
    terminal.type("\x04");
    expect(await terminal.end()).toBe(0);
    expect(readRequests(stage)[0]?.messages).toMatchObject([{ content: "from the\neditor" }]);
  });
});

describe("a tool in a terminal", () => {
  it("runs after the user allowed it, and is refused otherwise", async () => {
    await writeFile(home("tools.mjs"), MODULE);
    for (const [key, runs] of [
      ["y", true],
      ["n", false],
    ] as const) {
      const terminal = open(["-q", "-T", home("tools.mjs"), "Weather?"]);
      await terminal.waitFor("Run weather");
      terminal.type(`${key}\r`);
      expect(await terminal.end()).toBe(0);
      const result = JSON.stringify(readRequests(stage).at(-1)?.messages.at(-1));
      expect(result.includes("21 degrees")).toBe(runs);
      if (!runs) expect(result).toContain("did not allow");
    }
  });
});

describe("completion in a shell", () => {
  const shells = [
    ["bash", ["--norc", "-i"], 'eval "$(ai-lib completion bash)"'],
    ["zsh", ["-f", "-i"], 'eval "$(ai-lib completion zsh)"'],
    [
      "fish",
      // Its own prompt has the folder in it.
      ["--no-config", "--interactive", "--init-command", "function fish_prompt; echo '> '; end"],
      "ai-lib completion fish | source",
    ],
  ] as const;
  /** Debian's packages `zsh` and `fish`: CI installs them (.ci/run), and elsewhere those that are there are tried. */
  const isRequired = process.env["CI"] !== undefined && process.env["CI"] !== "";
  const tried = shells.filter(([shell]) => isRequired || spawnSync(shell, ["--version"]).status === 0);
  it.each(tried)("completes in %s", async (shell, args, script) => {
    const opened = openShell(shell, args);
    await opened.waitFor(/[$%>#] ?$/);
    await completesThere(opened, script);
  });

  async function completesThere(shell: TerminalSession, script: string): Promise<void> {
    shell.type(`${script}; echo rea''dy\r`);
    await shell.waitFor("ready");
    shell.type("ai-lib conf\t");
    await shell.waitFor("ai-lib conformance");
    shell.type("\x15ai-lib ask -m groq/openai/gpt-oss-1\t");
    await shell.waitFor("groq/openai/gpt-oss-120b");
    shell.type("\x15ai-lib --model=groq/openai/gpt-oss-2\t");
    await shell.waitFor("--model=groq/openai/gpt-oss-20b");
    shell.type("\x15ai-lib -m bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:\t");
    await shell.waitFor("-v1:0");
    shell.type("\x15exit\r");
    await shell.end();
  }
});

describe("keys in a terminal", () => {
  it("are typed without being shown, and Ctrl-C or Ctrl-D store nothing", async () => {
    const terminal = open(["keys", "set", "groq"]);
    await terminal.waitFor("GROQ_API_KEY");
    terminal.type("gsk-typed-secret\r");
    expect(await terminal.end()).toBe(0);
    expect(terminal.written).not.toContain("typed-secret");
    for (const key of ["\x03", "\x04"]) {
      const stopped = open(["keys", "set", "mistral"]);
      await stopped.waitFor("MISTRAL_API_KEY");
      stopped.type(key);
      expect(await stopped.end()).toBe(130);
      expect(await stopped.screen()).not.toContain("Error");
    }
    expect(JSON.parse(await readFile(home(".config/ai-lib/keys.json"), "utf8"))).toEqual({
      GROQ_API_KEY: "gsk-typed-secret",
    });
  });
});
