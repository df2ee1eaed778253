import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { markdown, read, root } from "./blocks.js";

const workflows = readdirSync(resolve(root, ".github/workflows")).map((file) => `.github/workflows/${file}`);
const pages = ["README.md", "CONTRIBUTING.md", "site/README.md", "compat/README.md", ...markdown("docs")];
/** The folders whose package.json has scripts that a page may name. */
const folders = [".", "site", ...readdirSync(resolve(root, "compat")).map((name) => `compat/${name}`)];
const known = new Set(
  folders
    .map((folder) => `${folder}/package.json`)
    .filter((file) => existsSync(resolve(root, file)))
    .flatMap((file) => Object.keys(JSON.parse(read(file)).scripts ?? {})),
);

it.each([...workflows, ".ci/run", ...pages])("%s runs only commands that there are", (file) => {
  const text = read(file);
  const run = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = ""]) => name);
  expect(run.filter((name) => !known.has(name))).toEqual([]);
  const files = [...text.matchAll(/\bnode (scripts\/[\w./-]+)/g)].map(([, path = ""]) => path);
  expect(files.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
});

it.each(workflows)("%s is a workflow with the least permissions by default", (file) => {
  const { on, permissions, jobs } = parse(read(file));
  expect(on).toBeDefined();
  expect(permissions).toMatchObject({ contents: "read" });
  for (const job of Object.values<{ steps: { uses?: string; run?: string }[] }>(jobs))
    for (const { uses, run } of job.steps) expect(uses ?? run).toBeTypeOf("string");
});
