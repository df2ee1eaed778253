import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addAnthropic, prepareStage } from "./support/command.js";
import { prepareCommand } from "./support/installed.js";
import { nameStyles } from "./support/styles.js";
import type { TerminalSession } from "./support/terminal.js";

// What is printed is compared with files in `printed/`, which people read before they commit them: for each screen the
// text at 40, 80 and 200 columns, and once with its styles in words. `npx vitest run -u` writes them again.

const ANSWER = `# Why the sky is blue

Sunlight holds **all colours**. Air scatters *short waves* more than long ones, as \`1/λ⁴\`, so that blue light reaches you from everywhere:

1. Red passes almost unhindered.
2. Blue is scattered:
   - by molecules,
   - not by clouds, whose drops are larger.

> At sunset the way through the air is long.

| colour | wave length | scattered | note |
|---|---:|---:|---|
| blue | 450 nm | 4.3 | this is what you see when you look up at noon |
| red | 650 nm | 1.0 | left over in the evening |

\`\`\`js
const ratio = (650 / 450) ** 4; // 4.35
\`\`\`

See [Rayleigh scattering](https://example.com/rayleigh).
`;

const stage = prepareStage({
  models: ["gpt-sim", "gpt-sim-mini", "a-model-with-a-rather-long-name-that-no-narrow-window-can-show-whole"],
  answer: ({ messages }) => {
    const last = String(messages.at(-1)?.content);
    return { content: [{ type: "text", text: last.startsWith("Why") ? ANSWER : `You said: ${last}` }] };
  },
});
const command = prepareCommand(stage);
const STILL_CLOCK = `--import ${new URL("./support/still-clock.mjs", import.meta.url).href}`;

interface Screen {
  readonly args: readonly string[];
  /** Runs before the command, in the same home folder. */
  readonly before?: readonly (readonly string[])[];
  readonly prepare?: () => unknown;
  /** What is typed once the command has started. */
  readonly type?: (terminal: TerminalSession) => Promise<void>;
}

async function talk(terminal: TerminalSession): Promise<void> {
  await terminal.waitFor("you>");
  for (const [line, answer] of [
    ["/help", "begins a message with a slash"],
    ["Hello there", /1 in|in, /],
    ["/model", /answers\n/],
    ["/cost", "1 answer"],
    ["/modle", "did you mean"],
  ] as const) {
    terminal.type(`${line}\r`);
    await terminal.waitFor(answer);
    await terminal.waitFor(/you>$/);
  }
  terminal.type("\x04");
}

const error = (status: number, message: string) => ({
  status,
  body: JSON.stringify({ error: { message } }),
});

const SCREENS: Readonly<Record<string, Screen>> = {
  answer: { args: ["Why is the sky blue?"] },
  trace: {
    args: ["--trace", "-m", "openai", "-m", "anthropic", "Hi"],
    prepare: () => {
      addAnthropic(stage);
      stage.simulator.script("openai", [error(500, "overloaded")]);
    },
  },
  chat: { args: ["chat"], type: talk },
  compare: {
    args: ["compare", "-m", "openai", "-m", "anthropic/claude-sim", "-m", "openai/gpt-sim-mini", "Hi"],
    prepare: () => {
      addAnthropic(stage);
      stage.simulator.script("anthropic", [error(401, "invalid x-api-key")]);
    },
  },
  "error-key": {
    args: ["Hi"],
    prepare: () => stage.simulator.script("openai", [error(401, "Incorrect API key provided")]),
  },
  "near-command": { args: ["chta", "-m", "openai"] },
  unconfigured: { args: ["Hi"], prepare: () => delete stage.environment["OPENAI_API_KEY"] },
  "dry-run": { args: ["--dry-run", "-s", "Be brief", "-o", "temperature=0.2", "Hi"] },
  help: { args: ["--help"] },
  "help-keys": { args: ["keys", "--help"] },
  "wrong-option": { args: ["--temprature", "1", "Hi"] },
  models: { args: ["models"] },
  health: { args: ["health"], prepare: () => addAnthropic(stage) },
  keys: {
    args: ["keys", "list"],
    prepare: async () => {
      await mkdir(command.home(".config/ai-lib"), { recursive: true });
      const path = command.home(".config/ai-lib/keys.json");
      await writeFile(path, JSON.stringify({ GROQ_API_KEY: "gsk-1", MISTRAL_API_KEY: "m-2" }));
      await chmod(path, 0o600);
    },
  },
  logs: { before: [["logs", "on"], ["Hello there"], ["Why is the sky blue?"]], args: ["logs"] },
  cost: { before: [["logs", "on"], ["Hello there"]], args: ["cost"] },
  conversations: {
    before: [["--conversation", "holiday", "Hello there"]],
    args: ["conversations"],
  },
  "conversations-show": {
    before: [["--conversation", "holiday", "Hello there"]],
    args: ["conversations", "show", "holiday"],
  },
};

/** Runs the command of a screen in a new home folder. */
async function show(
  { args, before = [], prepare, type }: Screen,
  columns: number,
  more: Record<string, string>,
): Promise<TerminalSession> {
  stage.environment["HOME"] = await mkdtemp(join(stage.folder, "home-"));
  await prepare?.();
  const environment = { ...more, NODE_OPTIONS: STILL_CLOCK };
  for (const each of before) await command.open(each, columns, environment).end();
  const terminal = command.open(args, columns, environment);
  await type?.(terminal);
  await terminal.end();
  return terminal;
}

const withoutPlaces = (text: string) =>
  text.replaceAll(command.home(), "~").replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:port");

describe.each(Object.keys(SCREENS))("the screen %s", (name) => {
  const screen = SCREENS[name] as Screen;
  it.each([40, 80, 200])("is as reviewed at %i columns, with and without colours", async (columns) => {
    const plain = await show(screen, columns, { NO_COLOR: "1" });
    const text = withoutPlaces(await plain.screen());
    await expect(`${text}\n`).toMatchFileSnapshot(`printed/${name}.${columns}.txt`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are styles
    expect(plain.written).not.toMatch(/\x1b\[[0-9;]*m/);
    const colored = await show(screen, columns, {});
    expect(withoutPlaces(await colored.screen())).toBe(text);
    if (columns === 80 && screen.type === undefined)
      await expect(`${withoutPlaces(nameStyles(colored.written))}\n`).toMatchFileSnapshot(
        `printed/${name}.styles.txt`,
      );
  });
});
