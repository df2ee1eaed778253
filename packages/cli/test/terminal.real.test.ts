import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Installed, install } from "../../ai-lib/test/support/packed.js";
import { KEY, prepareStage, readRequests } from "./support/command.js";
import { openTerminal } from "./support/terminal.js";

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
let installed: Installed;
let command: string;
beforeAll(async () => {
  installed = await install("ai-lib-cli", "ai-lib");
  command = join(installed.package, "bin/ai-lib.js");
}, 120_000);
afterAll(() => installed.remove());

const open = (args: readonly string[], columns?: number, more: Record<string, string> = {}) =>
  openTerminal(
    process.execPath,
    [command, ...args],
    { ...stage.environment, PATH: process.env["PATH"] ?? "", ...more },
    columns,
  );
const home = (...names: string[]) => join(stage.environment["HOME"] ?? "", ...names);

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

  it("is left as it is with --raw", async () => {
    const terminal = open(["--raw", "hostile"]);
    await terminal.end();
    expect(terminal.written).toContain("\u001b]0;owned\u0007");
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
    const terminal = open(["chat", "-q"]);
    await terminal.waitFor("you>");
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
    const terminal = open(["chat", "-q"]);
    await terminal.waitFor("you>");
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
    const terminal = open(["chat", "-q"]);
    await terminal.waitFor("you>");
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
    await terminal.waitFor("/save ");
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

  it("remembers what was typed, without keys, for the next chat", async () => {
    const first = open(["chat", "-q"]);
    await first.waitFor("you>");
    first.type("Remember me\r");
    await first.waitFor("You said: Remember me");
    first.type(`My key is ${KEY.replace("test", "live")}\r`);
    await first.waitFor("You said: My key");
    first.type("\x04");
    await first.end();
    expect(await readFile(home(".local/state/ai-lib/chat-inputs.json"), "utf8")).not.toContain("sk-live");
    const second = open(["chat", "-q"]);
    await second.waitFor("you>");
    second.type("\x1b[A\x1b[A");
    await second.waitFor("you> Remember me");
    second.type("\x04\x15\x04");
    await second.end();
  });

  it("writes a message in the editor", async () => {
    await mkdir(home(), { recursive: true });
    await writeFile(home("editor.sh"), '#!/bin/sh\nprintf "from the\\neditor" > "$1"\n', { mode: 0o700 });
    const terminal = open(["chat", "-q"], 80, { EDITOR: home("editor.sh") });
    await terminal.waitFor("you>");
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
  const MODULE = `export const weather = {
  name: "weather",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  execute: ({ city }) => "21 degrees",
};`;

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
