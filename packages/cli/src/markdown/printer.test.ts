import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { MarkdownPrinter } from "./printer.js";

/** Prints Markdown in pieces of so many characters. */
async function render(text: string, { width = 40, piece = 1_000, colors = false } = {}): Promise<string> {
  let out = "";
  const printer = new MarkdownPrinter(createColors(colors), width, (written) => {
    out += written;
  });
  for (let at = 0; at < text.length; at += piece) await printer.print(text.slice(at, at + piece));
  await printer.end();
  return out;
}

const DOCUMENT = `# Title

Some **bold** text with \`code\`, *emphasis* and a [link](https://example.com/page).
- first item that is long enough to be broken over lines
- second
  1. nested
> quoted text

\`\`\`js
const a = "x"; // why

/* a comment
   of two lines */
\`\`\`
---
| name | size |
|------|-----:|
| \`a\` | 1 |
| a longer name | 2 |

The **end**`;

describe("Markdown on a terminal", () => {
  it("is laid out by the width", async () => {
    expect(await render(DOCUMENT)).toBe(`Title

Some bold text with code, emphasis and a
link (https://example.com/page).
• first item that is long enough to be
  broken over lines
• second
  1. nested
│ quoted text

\`\`\`js
const a = "x"; // why

/* a comment
   of two lines */
\`\`\`
────────────────────────────────────────
name           size
─────────────  ────
a              1
a longer name  2

The end
`);
  });

  it.each([1, 2, 3, 7])("looks the same if it arrives %i characters at a time", async (piece) => {
    for (const colors of [false, true]) {
      const plain = (text: string) =>
        text.replaceAll("\u001b[22m\u001b[1m", "").replaceAll("\u001b[22m\u001b[2m", "");
      expect(plain(await render(DOCUMENT, { piece, colors }))).toBe(
        plain(await render(DOCUMENT, { colors })),
      );
    }
  });

  it("has colours for emphasis and code", async () => {
    const out = await render(DOCUMENT, { colors: true });
    expect(out).toContain("\u001b[1mbold\u001b[22m");
    expect(out).toContain("\u001b[36mcode\u001b[39m");
    expect(out).toContain("\u001b[35mconst\u001b[39m");
    expect(out).toContain("\u001b[90m   of two lines */\u001b[39m");
  });

  it("shows words before their line is complete", async () => {
    let out = "";
    const printer = new MarkdownPrinter(createColors(false), 80, (written) => {
      out += written;
    });
    await printer.print("Hello wor");
    expect(out).toBe("Hello");
    await printer.print("ld and **bo");
    expect(out).toBe("Hello world and");
    await printer.print("ld** text");
    expect(out).toBe("Hello world and bold");
    await printer.end();
    expect(out).toBe("Hello world and bold text\n");
  });

  it("cuts the widest columns of a table to the width", async () => {
    const out = await render(
      "| a | b |\n|---|---|\n| one two three four five | six seven eight nine ten |\n",
      { width: 24 },
    );
    for (const line of out.trimEnd().split("\n")) expect(line.length).toBeLessThanOrEqual(24);
    expect(out).toContain("…");
  });

  it("makes control sequences visible, at any place", async () => {
    for (const text of [
      "a \u001b]52;c;x\u0007 b",
      "```js\n\u001b[2J\n```",
      "# \u001b[31mred",
      "| \u009b31m |\n",
    ]) {
      const out = await render(text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
      expect(out).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    }
    expect(await render("a\r\nb", { piece: 2 })).toBe("a\nb\n");
  });

  it("takes linear time for long lines and open marks", async () => {
    for (const text of [
      "*".repeat(20_000),
      "[".repeat(20_000),
      "`".repeat(20_000),
      `${"a ".repeat(50_000)}`,
      "> ".repeat(5_000),
    ])
      expect((await render(text, { piece: 100 })).length).toBeGreaterThan(0);
  });
});
