// Records commands in a terminal and writes them as SVG: `npm run build && node scripts/terminal-svg.mjs [NAME...]`.
// The pictures are in docs/pictures. Each run has times and keys of its own, so nothing checks them for drift.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { startSimulator } from "../packages/ai-lib/dist/testing/index.js";

/** Size of a cell, in pixels. */
const CELL = { width: 8.4, height: 18 };
const MARGIN = 16;
/** Colors of the terminal's palette that the commands use. */
const PALETTE = {
  1: "#f47067",
  2: "#6bc46d",
  3: "#daaa3f",
  4: "#539bf5",
  5: "#b083f0",
  6: "#39c5cf",
  8: "#768390",
};
const TEXT = "#adbac7";
const DIM = "#768390";

const ANSWER = `# Why the sky is blue

Sunlight contains **all colors**. Air scatters *short waves* more than long ones:

| color | wavelength | scattered |
|---|---:|---:|
| blue | 450 nm | 4.3 |
| red | 650 nm | 1.0 |

\`\`\`js
const ratio = (650 / 450) ** 4; // 4.35
\`\`\`
`;

/**
 * The pictures. `shown` is the command as a reader types it; `until` ends a command that runs until it is stopped;
 * `animated` shows the text at the time at which it appeared.
 */
const PICTURES = {
  demo: {
    ...{ program: "cli", args: ["demo"], shown: "ai-lib demo", columns: 100, animated: true },
    label:
      "A terminal that runs ai-lib demo: two providers fail, the third answers, and a table lists the attempts.",
  },
  answer: {
    ...{
      program: "cli",
      args: ["Why is the sky blue?"],
      shown: 'ai-lib "Why is the sky blue?"',
      columns: 84,
    },
    label: "A terminal in which ai-lib prints an answer with a heading, a table and highlighted code.",
  },
  compare: {
    program: "cli",
    args: ["compare", "-m", "openai/gpt-5.2", "-m", "anthropic/claude-haiku-4-5", "Say hello"],
    shown: 'ai-lib compare -m openai/gpt-5.2 -m anthropic/claude-haiku-4-5 "Say hello"',
    columns: 100,
    label: "A terminal in which ai-lib compares the answers of two models, with speed, tokens and cost.",
  },
  gateway: {
    ...{
      program: "gateway",
      args: ["--demo"],
      shown: "npx ai-lib-gateway --demo",
      columns: 150,
      until: '"content":"Hello"',
    },
    label:
      "A terminal that starts the gateway: its address, a key, and settings for Claude Code, Codex, the SDK of OpenAI and curl.",
  },
};
const ROWS = 60;

const root = fileURLToPath(new URL("../", import.meta.url));
const names = process.argv.slice(2);
const unknown = names.find((name) => !Object.hasOwn(PICTURES, name));
if (unknown !== undefined) {
  console.error(`There is no picture ${unknown}. Pictures: ${Object.keys(PICTURES).join(", ")}`);
  process.exit(2);
}

/** Runs a command, and returns every run of cells that appeared, with its time in milliseconds. */
async function record({ program, args, columns, until }, home, simulator) {
  const terminal = new xterm.Terminal({ cols: columns, rows: ROWS, allowProposedApi: true });
  const began = Date.now();
  const seen = new Set();
  const spans = [];
  let written = Promise.resolve();
  let output = "";
  const { NO_COLOR, FORCE_COLOR, CI, ...environment } = process.env;
  const child = spawn(process.execPath, [`${root}packages/${program}/dist/main.js`, ...args], {
    cols: columns,
    rows: ROWS,
    cwd: home,
    env: {
      ...environment,
      ...{ HOME: home, TERM: "xterm-256color", OPENAI_API_KEY: "simulated", ANTHROPIC_API_KEY: "simulated" },
      AI_LIB_GATEWAY_KEY: "my-own-key-of-this-gateway",
      OPENAI_BASE_URL: `${simulator.baseUrl("openai")}/v1`,
      ANTHROPIC_BASE_URL: simulator.baseUrl("anthropic"),
    },
  });
  child.onData((data) => {
    const at = Date.now() - began;
    output += data;
    written = written.then(async () => {
      await new Promise((done) => terminal.write(data, done));
      spans.push(...appeared(terminal, columns, seen, at));
    });
    if (until !== undefined && output.includes(until)) setTimeout(() => child.kill("SIGTERM"), 500);
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const code = await new Promise((done) => child.onExit(({ exitCode }) => done(exitCode)));
  clearTimeout(limit);
  await written;
  if (code !== 0 && until === undefined) throw new Error(`${args.join(" ")} ended with ${code}:\n${output}`);
  return spans;
}

/** The cells that have become visible since the last call, joined where they have one style. */
function appeared(terminal, columns, seen, at) {
  const spans = [];
  for (let row = 0; row < ROWS; row++) {
    const line = terminal.buffer.active.getLine(row);
    let open;
    for (let column = 0; column < columns; column++) {
      const cell = line?.getCell(column);
      const place = row * columns + column;
      const text = cell?.getChars() ?? "";
      if (text.trim() === "" || seen.has(place)) {
        if (open !== undefined && text === " " && !seen.has(place)) open.text += " ";
        else open = undefined;
        continue;
      }
      seen.add(place);
      const fill = cell.isFgPalette() ? (PALETTE[cell.getFgColor()] ?? TEXT) : cell.isDim() > 0 ? DIM : TEXT;
      const style = { fill, bold: cell.isBold() > 0, italic: cell.isItalic() > 0 };
      if (open !== undefined && isSameStyle(open.style, style)) open.text += text;
      else {
        open = { at, row, column, style, text };
        spans.push(open);
      }
    }
  }
  return spans;
}

function isSameStyle(one, other) {
  return one.fill === other.fill && one.bold === other.bold && one.italic === other.italic;
}

function svg({ columns, shown, label, animated = false }, spans) {
  const rows = Math.max(...spans.map(({ row }) => row)) + 3;
  const [width, height] = [columns * CELL.width + 2 * MARGIN, rows * CELL.height + 2 * MARGIN];
  const texts = spans.map(({ at, row, column, style, text }) =>
    element(row + 2, column, style, text.trimEnd(), animated ? at : undefined),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(label)}">
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}
.bold{font-weight:bold}
.italic{font-style:italic}
text[style]{animation:show 1ms both}
@keyframes show{from{visibility:hidden}to{visibility:visible}}
@media(prefers-reduced-motion:reduce){text[style]{animation:none}}
</style>
<rect width="100%" height="100%" rx="8" fill="#1c2128"/>
${[element(0, 0, { fill: TEXT, bold: true }, `$ ${shown}`), ...texts].join("\n")}
</svg>
`;
}

function element(row, column, { fill, bold, italic }, text, at) {
  const [x, y] = [MARGIN + column * CELL.width, MARGIN + (row + 0.75) * CELL.height];
  const classes = [...(bold ? ["bold"] : []), ...(italic ? ["italic"] : [])].join(" ");
  const look = `fill="${fill}"${classes === "" ? "" : ` class="${classes}"`} textLength="${(text.length * CELL.width).toFixed(1)}"`;
  const delay = at === undefined ? "" : ` style="animation-delay:${(at / 1000).toFixed(2)}s"`;
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${look}${delay}>${escapeXml(text)}</text>`;
}

function escapeXml(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const home = mkdtempSync(join(tmpdir(), "ai-lib-pictures-"));
const simulator = await startSimulator({
  answer: ({ messages }) => {
    const last = String(messages.at(-1)?.content);
    return {
      content: [{ type: "text", text: last.startsWith("Why") ? ANSWER : "Hello! What can I do for you?" }],
    };
  },
});
try {
  for (const name of names.length > 0 ? names : Object.keys(PICTURES)) {
    const picture = PICTURES[name];
    writeFileSync(`${root}docs/pictures/${name}.svg`, svg(picture, await record(picture, home, simulator)));
    console.log(`wrote docs/pictures/${name}.svg`);
  }
} finally {
  await simulator.close();
  rmSync(home, { recursive: true, force: true });
}
