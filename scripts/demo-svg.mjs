// Records `ai-lib demo` in a terminal and writes it as an animated SVG: `npm run build && node scripts/demo-svg.mjs`.
// The default file is docs/demo.svg, which README shows. Each run has times of its own, so nothing checks it for drift.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";

const COLUMNS = 100;
const ROWS = 30;
/** Size of a cell, in pixels. */
const CELL = { width: 8.4, height: 18 };
const MARGIN = 16;
/** Colors of the terminal's palette, as far as the demo uses them. */
const PALETTE = { 1: "#f47067", 2: "#6bc46d", 3: "#daaa3f", 6: "#39c5cf", 8: "#768390" };
const TEXT = "#adbac7";
const PROMPT = "$ ai-lib demo";

const root = fileURLToPath(new URL("../", import.meta.url));
const file = process.argv[2] ?? `${root}docs/demo.svg`;

/** Runs the demo, and returns every run of cells that appeared, with its time in milliseconds. */
async function record() {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  const began = Date.now();
  const seen = new Set();
  const spans = [];
  let written = Promise.resolve();
  const { NO_COLOR, FORCE_COLOR, CI, ...environment } = process.env;
  const child = spawn(process.execPath, [`${root}packages/cli/dist/main.js`, "demo"], {
    cols: COLUMNS,
    rows: ROWS,
    env: { ...environment, TERM: "xterm-256color" },
  });
  child.onData((data) => {
    const at = Date.now() - began;
    written = written.then(async () => {
      await new Promise((done) => terminal.write(data, done));
      spans.push(...appeared(terminal, seen, at));
    });
  });
  const code = await new Promise((done) => child.onExit(({ exitCode }) => done(exitCode)));
  await written;
  if (code !== 0) throw new Error(`ai-lib demo ended with ${code}`);
  return spans;
}

/** The cells that have become visible since the last call, joined where they have one style. */
function appeared(terminal, seen, at) {
  const spans = [];
  for (let row = 0; row < ROWS; row++) {
    const line = terminal.buffer.active.getLine(row);
    let open;
    for (let column = 0; column < COLUMNS; column++) {
      const cell = line?.getCell(column);
      const place = row * COLUMNS + column;
      const text = cell?.getChars() ?? "";
      if (text.trim() === "" || seen.has(place)) {
        if (open !== undefined && text === " " && !seen.has(place)) open.text += " ";
        else open = undefined;
        continue;
      }
      seen.add(place);
      const style = `${cell.isFgPalette() ? (PALETTE[cell.getFgColor()] ?? TEXT) : TEXT}/${cell.isBold() > 0}`;
      if (open?.style === style) open.text += text;
      else {
        open = { at, row, column, style, text };
        spans.push(open);
      }
    }
  }
  return spans;
}

function svg(spans) {
  const rows = Math.max(...spans.map(({ row }) => row)) + 3;
  const [width, height] = [COLUMNS * CELL.width + 2 * MARGIN, rows * CELL.height + 2 * MARGIN];
  const texts = spans.map(({ at, row, column, style, text }) =>
    element(row + 2, column, style, text.trimEnd(), at),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A terminal that runs ai-lib demo: two providers fail, the third answers, and a table lists the attempts.">
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}
text[style]{animation:show 1ms both}
@keyframes show{from{visibility:hidden}to{visibility:visible}}
@media(prefers-reduced-motion:reduce){text[style]{animation:none}}
</style>
<rect width="100%" height="100%" rx="8" fill="#1c2128"/>
${[element(0, 0, `${TEXT}/true`, PROMPT), ...texts].join("\n")}
</svg>
`;
}

function element(row, column, style, text, at) {
  const [fill, bold] = style.split("/");
  const [x, y] = [MARGIN + column * CELL.width, MARGIN + (row + 0.75) * CELL.height];
  const look = `fill="${fill}"${bold === "true" ? ' font-weight="bold"' : ""} textLength="${(text.length * CELL.width).toFixed(1)}"`;
  const delay = at === undefined ? "" : ` style="animation-delay:${(at / 1000).toFixed(2)}s"`;
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${look}${delay}>${escapeXml(text)}</text>`;
}

function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

writeFileSync(file, svg(await record()));
console.log(`wrote ${file.startsWith(root) ? file.slice(root.length) : file}`);
