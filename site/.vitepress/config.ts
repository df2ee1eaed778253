import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const pages = fileURLToPath(new URL("../pages/", import.meta.url));

/** A group of the sidebar. */
function group(text: string, items: Record<string, string>, collapsed = false) {
  return { text, collapsed, items: Object.entries(items).map(([label, link]) => ({ text: label, link })) };
}

/** The pages of a folder, by their titles. @param first those that come first, in this order */
function folder(name: string, first: readonly string[] = []): Record<string, string> {
  const files = readdirSync(`${pages}${name}`).filter((file) => file.endsWith(".md") && file !== "index.md");
  const ordered = new Set([...first.map((page) => `${page}.md`), ...files]);
  return Object.fromEntries(
    [...ordered].map((file) => [titleOf(`${name}/${file}`), `/${name}/${file.slice(0, -3)}`]),
  );
}

/** The first heading of a page. */
function titleOf(page: string): string {
  const [, title = page] = /^# (.+)$/m.exec(readFileSync(`${pages}${page}`, "utf8")) ?? [];
  return title.replaceAll("`", "");
}

/** The anchor of a heading, as GitHub makes it: links work in both places. */
function slugify(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

export default defineConfig({
  title: "ai-lib",
  description: "Call any AI model from TypeScript through one interface.",
  srcDir: "pages",
  // A site of a repository is in a folder of its host: `AI_LIB_SITE_BASE=/ai-lib/`.
  base: process.env["AI_LIB_SITE_BASE"] ?? "/",
  head: [["link", { rel: "icon", href: `${process.env["AI_LIB_SITE_BASE"] ?? "/"}favicon.svg` }]],
  cleanUrls: true,
  lastUpdated: false,
  markdown: { theme: { light: "github-light", dark: "github-dark" }, anchor: { slugify } },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Get started", link: "/get-started" },
      { text: "Gateway", link: "/gateway/" },
      { text: "Providers", link: "/providers" },
      { text: "API", link: "/api/" },
    ],
    sidebar: [
      group("Start", { "Get started": "/get-started", Concepts: "/concepts", Examples: "/examples/" }),
      group("Calls", {
        Chat: "/chat",
        Streaming: "/streaming",
        "Tools and conversations": "/tools",
        "Structured output": "/structured-output",
        Media: "/media",
        Files: "/files",
        Jobs: "/jobs",
        Batches: "/batches",
        "MCP servers": "/mcp",
      }),
      group("Kinds of calls", { Overview: "/kinds", ...folder("kinds") }),
      group("Reliability", {
        Routing: "/routing",
        Errors: "/errors",
        Defaults: "/defaults",
        State: "/state",
        Observability: "/observability",
        Prices: "/prices",
        Security: "/security",
      }),
      group("Integration", {
        "Your own provider": "/ADDING_PROVIDERS",
        Extending: "/extending",
        Neighbours: "/neighbours",
        Browsers: "/browser",
        Serving: "/serving",
        Clients: "/clients",
        Testing: "/testing",
        Migrating: "/migrating",
      }),
      group("Gateway", {
        "Five minutes": "/gateway/",
        ...folder("gateway", ["config", "limits", "operations", "ledger", "admin"]),
      }),
      group("Command line", { "ai-lib": "/cli" }),
      group("Reference", {
        Providers: "/providers",
        Dialects: "/dialects",
        "API index": "/api/",
        Changelog: "/changelog",
      }),
      group("API", folder("api"), true),
      group("Project", {
        Contributing: "/contributing",
        Architecture: "/architecture",
        Decisions: "/decisions/",
        "Security policy": "/security-policy",
        "Code of conduct": "/code-of-conduct",
      }),
    ],
  },
});
