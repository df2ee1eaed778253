// Writes the table of docs/neighbours.md from the tests that it speaks of: runs them and lists what passed, and with
// what. usage: npm run neighbours
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const PAGE = join(root, "docs/neighbours.md");
const [BEGIN, END] = ["<!-- table: npm run neighbours -->", "<!-- end of the table -->"];

/** Which package each group of tests speaks of. The words before the comma are those that its title begins with. */
const GROUPS = [
  ["AI SDK '5'", "ai-5", "aiSdk, specification v2"],
  ["AI SDK '6'", "ai", "aiSdk, specification v3"],
  ["AI SDK 6", "ai", "aiSdk, specification v3"],
  ["LangChain 1", "@langchain/core", "ChatAiLib, AiLibEmbeddings, AiLibReranker"],
  ["OpenAI Agents", "@openai/agents-core", "agentModels"],
  ["'openai (chat)'", "openai", "aiFetch"],
  ["'openai (responses)'", "openai", "aiFetch"],
  ["'@anthropic-ai/sdk'", "@anthropic-ai/sdk", "aiFetch"],
  ["'@google/genai'", "@google/genai", "aiFetch"],
  ["'@mistralai/mistralai'", "@mistralai/mistralai", "aiFetch"],
  ["'cohere-ai'", "cohere-ai", "aiFetch"],
  ["'ollama'", "ollama", "aiFetch"],
  ["'groq-sdk'", "groq-sdk", "aiFetch"],
  ["'ai with @ai-sdk/openai'", "@ai-sdk/openai", "aiFetch"],
];

const FILES = [
  ["fast", "packages/ai-lib/test/neighbours/ai-sdk.test.ts"],
  ["fast", "packages/ai-lib/test/neighbours/langchain.test.ts"],
  ["fast", "packages/ai-lib/test/neighbours/agents.test.ts"],
  ["real", "packages/ai-lib/test/fetch-sdks.real.test.ts"],
];

function results() {
  const folder = mkdtempSync(join(tmpdir(), "neighbours-"));
  try {
    return ["fast", "real"].flatMap((project) => {
      const out = join(folder, `${project}.json`);
      const files = FILES.filter(([name]) => name === project).map(([, file]) => file);
      try {
        const run = [
          "vitest",
          "run",
          "--project",
          project,
          "--reporter=json",
          `--outputFile=${out}`,
          ...files,
        ];
        execFileSync("npx", run, { cwd: root, stdio: "ignore" });
      } catch {
        // A test failed: the table says so.
      }
      return JSON.parse(readFileSync(out, "utf8")).testResults.flatMap((file) => file.assertionResults);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function version(name) {
  return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;
}

const rows = new Map();
for (const { ancestorTitles, title, status } of results()) {
  // Tests of a single client have its name at the start of their own title.
  const group = ancestorTitles[0] ?? title;
  const found = GROUPS.find(
    ([start]) => group.startsWith(start) || group.startsWith(start.replaceAll("'", "")),
  );
  if (found === undefined) continue;
  const [start, name, by] = found;
  const label = start.replaceAll("'", "");
  const key = `| ${label} | ${version(name)} | ${by} |`;
  const entry = rows.get(key) ?? { works: [], fails: [] };
  const what = (ancestorTitles.length === 0 ? title.slice(label.length) : title)
    .trim()
    .replaceAll("|", "\\|");
  (status === "passed" ? entry.works : entry.fails).push(what);
  rows.set(key, entry);
}

const table = [
  "| framework | version | by | works | does not |",
  "| --- | --- | --- | --- | --- |",
  ...[...rows].map(([key, { works, fails }]) => `${key} ${works.join("; ")} | ${fails.join("; ")} |`),
].join("\n");
const page = readFileSync(PAGE, "utf8");
const [before, rest] = page.split(BEGIN);
const after = rest.split(END)[1];
writeFileSync(PAGE, `${before}${BEGIN}\n${table}\n${END}${after}`);
console.log(`${rows.size} rows`);
