// Makes the pages of the site from docs/, examples/ and the built library: `pages/`, which is not committed.
// Run `npm run build` in the repository's root before.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ProviderFactory } from "../packages/ai-lib/dist/index.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const pages = fileURLToPath(new URL("pages/", import.meta.url));

/** Pages outside docs/ and examples/, and where they are on the site. */
const OTHERS = {
  "CHANGELOG.md": "changelog.md",
  "CONTRIBUTING.md": "contributing.md",
  "SECURITY.md": "security-policy.md",
  "CODE_OF_CONDUCT.md": "code-of-conduct.md",
};

/** Providers of the tabs of a block that names one target. */
const TABS = ["openai", "anthropic", "google", "groq", "mistral", "ollama"];

/** A block of code that a comment marks with `<!-- tabs -->`, and the target that it names. */
const TABBED = /<!-- tabs -->\n```ts\n([\s\S]*?)```\n/g;
const TARGET = /provider\("[^"]+"\)/;

/** Every page: its source, by path from the root, and its path on the site. */
function sources() {
  const found = new Map();
  const add = (folder, place) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const [from, to] = [posix.join(folder, entry.name), posix.join(place, entry.name)];
      if (entry.isDirectory()) add(from, to);
      else if (entry.name.endsWith(".md")) found.set(from, to.replace(/README\.md$/, "index.md"));
    }
  };
  add("docs", "");
  found.set("examples/README.md", "examples/index.md");
  for (const file of readdirSync(join(root, "examples")))
    if (/^\d\d-.*\.ts$/.test(file)) found.set(`examples/${file}`, `examples/${file.replace(/\.ts$/, ".md")}`);
  for (const [from, to] of Object.entries(OTHERS)) if (existsSync(join(root, from))) found.set(from, to);
  return found;
}

/** The text of a page of the site. */
function render(from, places) {
  const text = readFileSync(join(root, from), "utf8");
  if (from.endsWith(".ts")) return exampleOf(from, text);
  const linked = text.replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, image, label, link) =>
    image === "!" ? whole : linkOf(from, label, link, places),
  );
  const page = linked.replace(TABBED, (_, code) => tabsOf(code));
  return from === "docs/providers.md" ? withTable(page) : page;
}

/** A link whose target is a page of the site; the label alone where the target is code. */
function linkOf(from, label, link, places) {
  if (/^[a-z]+:/.test(link) || link.startsWith("#")) return `[${label}](${link})`;
  const [path = "", anchor] = link.split("#");
  const target = posix.normalize(posix.join(posix.dirname(from), path));
  if (target === "README.md") return `[${label}](/)`;
  const place = places.get(target) ?? places.get(posix.join(target, "README.md"));
  if (place === undefined) return label;
  return `[${label}](/${place}${anchor === undefined ? "" : `#${anchor}`})`;
}

/** The block once for each provider, as tabs. */
function tabsOf(code) {
  const blocks = TABS.map((id) => {
    const { label, model } = ProviderFactory.describe(id, {});
    const target = model === undefined ? id : `${id}/${model}`;
    return `\`\`\`ts [${label}]\n${code.replace(TARGET, `provider("${target}")`)}\`\`\`\n`;
  });
  return `::: code-group\n\n${blocks.join("\n")}\n:::\n`;
}

function exampleOf(from, code) {
  const name = from.slice("examples/".length, -".ts".length);
  return `# ${name}\n\nRun it with \`npm run examples -- ${name}\`.\n\n\`\`\`ts\n${code}\`\`\`\n`;
}

/** The page of the providers, with a table that readers can filter in place of the generated one. */
function withTable(page) {
  const [before, rest] = page.split("<!-- providers: written by `npm run generate` -->");
  const [, after] = rest.split("<!-- /providers -->");
  return `${before}<ProviderTable />\n${after}`;
}

/** The rows of the table of providers. */
function providers() {
  return ProviderFactory.ids().map((id) => {
    const { label, dialect, model, kinds, local, key, baseUrl } = ProviderFactory.describe(id, {});
    return { id, label, dialect, model, kinds, local, keys: key.variables, baseUrl };
  });
}

function home() {
  return `---
layout: home
hero:
  name: ai-lib
  text: Any AI model, one interface
  tagline: Call any model from TypeScript, and stay online when a provider fails.
  image: { src: /demo.svg, alt: A terminal that runs ai-lib demo }
  actions:
    - { theme: brand, text: Get started, link: /get-started }
    - { theme: alt, text: Run the gateway, link: /gateway/ }
features:
  - { title: Failover for streams too, details: "Every provider is asked once before any is asked again. A broken stream can continue on the next provider.", link: /routing }
  - { title: Works with your SDK, details: "OpenAI, Anthropic, Google, Mistral, Cohere, Ollama and Bedrock, as client and as server.", link: /neighbours }
  - { title: Every kind of call, details: "Chat, tools, objects, embeddings, reranking, moderation, speech, transcription, images, batches.", link: /kinds }
  - { title: A gateway, details: "Any dialect in, any model out, with keys, limits and a ledger. One command.", link: /gateway/ }
  - { title: A command line, details: "Ask, chat, compare, embed, transcribe, with history and cost.", link: /cli }
  - { title: Tests without keys, details: "A simulator that speaks every dialect, with faults that you set.", link: /testing }
---
`;
}

rmSync(pages, { recursive: true, force: true });
const places = sources();
const write = (to, text) => {
  const file = resolve(pages, to);
  if (relative(pages, file).startsWith("..")) throw new Error(`${to} is outside of the site`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
for (const [from, to] of places) write(to, render(from, places));
write("index.md", home());
write("providers.json", JSON.stringify(providers()));
mkdirSync(join(pages, "public"));
cpSync(join(root, "docs/pictures"), join(pages, "pictures"), { recursive: true });
cpSync(join(root, "docs/pictures/demo.svg"), join(pages, "public/demo.svg"));
cpSync(join(root, "site/favicon.svg"), join(pages, "public/favicon.svg"));
console.log(`${places.size + 1} pages`);
