// Writes the tables of docs/neighbours.md from the tests that they speak of: runs them and lists what passed, and with
// what. The second table, of bundlers, frameworks and runtimes, needs an installed compat/bundlers and
// compat/frameworks; --packages writes it alone, and --sdks the first. usage: npm run neighbours [-- --packages | --sdks]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const PAGE = join(root, "docs/neighbours.md");
const [BEGIN, END] = ["<!-- table: npm run neighbours -->", "<!-- end of the table -->"];

/** The package that each group of tests is about. The words before the comma are the beginning of the group's title. */
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
  ["'@langchain/openai'", "@langchain/openai", "aiFetch"],
];

/** Files whose tests are all about one package. */
const OF_FILE = {
  "from-ai-sdk.test.ts": ["models of the AI SDK", "ai", "fromAiSdk"],
  "from-langchain.test.ts": ["models of LangChain", "@langchain/core", "fromLangChain"],
};

const FILES = [
  ["fast", "packages/ai-lib/test/neighbours/ai-sdk.test.ts"],
  ["fast", "packages/ai-lib/test/neighbours/langchain.test.ts"],
  ["fast", "packages/ai-lib/test/neighbours/agents.test.ts"],
  ["fast", "packages/ai-lib/test/neighbours/from-ai-sdk.test.ts"],
  ["fast", "packages/ai-lib/test/neighbours/from-langchain.test.ts"],
  ["real", "packages/ai-lib/test/fetch-sdks.real.test.ts"],
  ["real", "packages/ai-lib/test/fetch-kinds.real.test.ts"],
];

function results(chosen) {
  const folder = mkdtempSync(join(tmpdir(), "neighbours-"));
  try {
    return ["fast", "real"].flatMap((project) => {
      const out = join(folder, `${project}.json`);
      if (!chosen.some(([name]) => name === project)) return [];
      const files = chosen.filter(([name]) => name === project).map(([, file]) => file);
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
        // A test failed; the table shows it.
      }
      return JSON.parse(readFileSync(out, "utf8")).testResults.flatMap((file) =>
        file.assertionResults.map((result) => ({ ...result, file: file.name })),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function version(name, folder = root) {
  return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version;
}

/** Replaces the text between two marks of the page. */
function write([begin, end], lines) {
  const [before, rest] = readFileSync(PAGE, "utf8").split(begin);
  writeFileSync(PAGE, `${before}${begin}\n${lines.join("\n")}\n${end}${rest.split(end)[1]}`);
}

/** The folders of compat whose tests use the packed package; the packages that the titles of their tests begin with. */
const PACKED = {
  bundlers: ["esbuild", "rollup", "rolldown", "webpack", "vite", "typescript"],
  frameworks: ["next", "jest"],
};

/** The tests of a folder of compat: `[title, passed]`, with the group of a test before its title. */
function compat(folder) {
  const cwd = join(root, "compat", folder);
  const run = spawnSync(process.execPath, ["--test", "--test-reporter=tap", `${folder}.test.mjs`], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  const tests = [];
  let group = "";
  for (const line of run.stdout.split("\n")) {
    const begun = /^# Subtest: (.*)$/.exec(line);
    if (begun !== null) group = begun[1];
    const ended = /^ {4}(not )?ok \d+ - (.*)$/.exec(line);
    if (ended !== null) tests.push([`${group} ${ended[2]}`, ended[1] === undefined]);
  }
  return tests;
}

function packagesTable() {
  const lines = ["| software | version | works | does not |", "| --- | --- | --- | --- |"];
  for (const [folder, names] of Object.entries(PACKED)) {
    const tests = compat(folder);
    for (const name of names) {
      const own = tests.filter(([title]) =>
        title.toLowerCase().replace("the packed package goes through ", "").startsWith(name),
      );
      const [works, fails] = [true, false].map((wanted) =>
        own.filter(([, passed]) => passed === wanted).map(([title]) => title),
      );
      const at = version(name, join(root, "compat", folder));
      lines.push(`| ${name} | ${at} | ${works.join("; ")} | ${fails.join("; ")} |`);
    }
  }
  const suite = [["real", "packages/ai-lib/test/package/smoke/runtimes.real.test.ts"]];
  for (const { title, status } of results(suite)) {
    const name = title.split(" ").at(-1);
    const passed = status === "passed" ? "chat, stream, abort, failover, tools" : "";
    lines.push(`| ${name} | ${runtimeVersion(name)} | ${passed} | ${passed === "" ? title : ""} |`);
  }
  return lines;
}

/** The version of a runtime, as the smoke tests installed it. */
function runtimeVersion(name) {
  if (name === "node") return process.versions.node;
  const folder = process.env.AI_LIB_RUNTIMES ?? join(tmpdir(), `ai-lib-runtimes-${userInfo().username}`);
  return version(name.split("-")[0], join(folder, name));
}

if (!process.argv.includes("--sdks")) {
  write(["<!-- packages: npm run neighbours -->", "<!-- end of the packages -->"], packagesTable());
  if (process.argv.includes("--packages")) process.exit();
}

const rows = new Map();

function add(label, name, by, what, status) {
  const key = `| ${label} | ${version(name)} | ${by} |`;
  const entry = rows.get(key) ?? { works: [], fails: [] };
  (status === "passed" ? entry.works : entry.fails).push(what.trim().replaceAll("|", "\\|"));
  rows.set(key, entry);
}

for (const { ancestorTitles, title, status, file } of results(FILES)) {
  const whole = OF_FILE[basename(file)];
  if (whole !== undefined) {
    const [label, name, by] = whole;
    add(label, name, by, [...ancestorTitles, title].join(": "), status);
    continue;
  }
  // Some groups have one subject, and their tests name the clients: "cohere-ai and ollama: embeddings".
  const subject = /^(.*) over aiFetch, the first member down$/.exec(ancestorTitles[0] ?? "")?.[1];
  if (subject !== undefined) {
    const [clients, what = subject] = title.split(": ");
    for (const [start, name, by] of GROUPS)
      if (
        by === "aiFetch" &&
        clients.split(/, | and /).some((client) => start.replaceAll("'", "").split(" ")[0] === client)
      )
        add(start.replaceAll("'", ""), name, by, what, status);
    continue;
  }
  // Tests of a single client have its name at the start of their own title.
  const group = ancestorTitles[0] ?? title;
  const found = GROUPS.find(
    ([start]) => group.startsWith(start) || group.startsWith(start.replaceAll("'", "")),
  );
  if (found === undefined) continue;
  const [start, name, by] = found;
  const label = start.replaceAll("'", "");
  add(label, name, by, ancestorTitles.length === 0 ? title.slice(label.length) : title, status);
}

const table = [
  "| framework | version | by | works | does not |",
  "| --- | --- | --- | --- | --- |",
  ...[...rows].map(([key, { works, fails }]) => `${key} ${works.join("; ")} | ${fails.join("; ")} |`),
];
write([BEGIN, END], table);
console.log(`${rows.size} rows`);
