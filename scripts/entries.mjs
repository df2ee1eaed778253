// The built files that package.json names: the entries of the bundle and of the rolled-up declarations.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The built files that fields of package.json name, each with its source: `{ "providers/index": ".../src/..." }`.
 * @param {string} root the folder of the package
 * @param {...("exports" | "imports")} fields
 */
export function entriesOf(root, ...fields) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const targets = fields.flatMap((field) =>
    Object.values(manifest[field]).flatMap((target) => {
      if (typeof target === "string") return [];
      return field === "exports" ? [target.default] : Object.values(target);
    }),
  );
  const found = {};
  for (const target of targets) {
    const path = target.replace(/^\.\/dist\/|^dist\//, "").replace(/\.js$/, "");
    const [before, after] = path.split("*");
    const names = after === undefined ? [path] : matching(root, before, after);
    for (const name of names) found[name] = sourceOf(root, name);
  }
  return found;
}

/** The declarations of each entry of `exports`, without their ending: `{ "dialects/gemini/client": "dialects/gemini/client/index" }`. */
export function declarationsOf(root) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const found = {};
  for (const target of Object.values(manifest.exports)) {
    if (typeof target === "string") continue;
    const [code, types] = [target.default, target.types].map((path) =>
      path.replace(/^\.\/dist\/|\.(js|d\.ts)$/g, ""),
    );
    const [before, after] = code.split("*");
    for (const name of after === undefined ? [code] : matching(root, before, after))
      found[name] = types.replace("*", name.slice(before.length, name.length - (after ?? "").length));
  }
  return found;
}

function matching(root, before, after) {
  return readdirSync(join(root, "src", before), { withFileTypes: true })
    .filter(({ name }) => !/\.test\.ts$/.test(name))
    .map((entry) => before + (entry.isDirectory() ? entry.name : entry.name.replace(/\.ts$/, "")) + after)
    .filter((name) => existsSync(sourceOf(root, name)));
}

/** The source of a built file: the file of its name, or the index of the folder of its name. */
function sourceOf(root, name) {
  const file = join(root, "src", `${name}.ts`);
  return existsSync(file) ? file : join(root, "src", name, "index.ts");
}
