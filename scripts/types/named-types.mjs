// Finds the types that the exports of a rolled-up entry name in their signatures without being exported themselves.
import { dirname, join } from "node:path";
import { readModule } from "./read-module.mjs";

/**
 * @param {string} dist the folder of the declarations
 * @param {string} entry the entry's file in it, such as `index.d.cts`
 * @returns {Map<string, string[]>} each such type, with the exports that name it
 */
export function namedTypes(dist, entry) {
  const path = join(dist, entry);
  const files = new Map([[path, readModule(path)]]);
  const fileOf = (from) => {
    const file = join(dirname(path), from.replace(/\.cjs$/, ".d.cts"));
    if (!files.has(file)) files.set(file, readModule(file));
    return files.get(file);
  };
  const entryModule = files.get(path);
  const exported = new Map();
  for (const { local } of entryModule.exports.values()) {
    const imported = entryModule.imports.get(local);
    if (imported === undefined) exported.set(local, entryModule);
    else if (imported.from.startsWith(".")) exported.set(imported.name, fileOf(imported.from));
  }
  for (const { from } of entryModule.stars)
    for (const name of fileOf(from).exports.keys()) exported.set(name, fileOf(from));
  const found = new Map();
  for (const [name, module] of exported)
    for (const { references } of module.declarations.get(name) ?? [])
      for (const { name: used } of references) {
        const known = module.declarations.has(used) || module.imports.get(used)?.from.startsWith(".");
        const original = module.imports.get(used)?.name ?? used;
        if (known && !exported.has(original)) found.set(original, [...(found.get(original) ?? []), name]);
      }
  return found;
}
