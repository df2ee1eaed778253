// The table of all providers in one file of plain data. Importing 80 small files would take 30 times as long.

/** Fields for the documentation alone, which programs do not load. */
const DOCUMENTATION = new Set(["sites", "docs"]);

/** `catalog.generated.ts`: `Provider`, `ProviderId` and the table. */
export function catalog(providers) {
  const ids = providers.map(
    ({ data, name, doc }) => `  /** ${doc} */\n  ${pascal(name)}: ${JSON.stringify(data.id)},`,
  );
  return `// Written by \`npm run generate\` from the files in vendors/. Do not edit.
import type { ProviderData } from "./endpoint/data.js";

/** The prebuilt providers' ids by name: \`ProviderFactory.create(Provider.Groq)\`. */
export const Provider = {
${ids.join("\n")}
} as const;

/** The id of a prebuilt provider. */
export type ProviderId = (typeof Provider)[keyof typeof Provider];

/** A prebuilt provider with a model that its data knows: what an editor completes. */
export type KnownTarget =
${knownTargets(providers)
  .map((target) => `  | ${JSON.stringify(target)}`)
  .join("\n")};

/** What each provider's file says, without the fields for the documentation. */
export const CATALOG: Readonly<Record<ProviderId, ProviderData>> = {
${providers.map(row).join("\n")}
};
`;
}

/** Default models and models with facts, as `provider/model`. */
function knownTargets(providers) {
  return providers.flatMap(({ data: { id, model, models = {} } }) => {
    const names = [...new Set([...(model === undefined ? [] : [model]), ...Object.keys(models)])];
    return names.filter((name) => !/[*{}]/.test(name)).map((name) => `${id}/${name}`);
  });
}

/** The name of an export in the case of a class or constant. */
export function pascal(name) {
  return name[0].toUpperCase() + name.slice(1);
}

function row({ data }) {
  const fields = Object.entries(data)
    .filter(([key]) => !DOCUMENTATION.has(key))
    .map(([key, value]) => `    ${key}: ${field(key, value)},`);
  return `  ${JSON.stringify(data.id)}: {\n${fields.join("\n")}\n  },`;
}

/** A field's value as source text, models one per line. */
function field(key, value) {
  if (key !== "models") return literal(value);
  const rows = Object.entries(value).map(([id, facts]) => `      ${keyOf(id)}: ${literal(facts)},`);
  return `{\n${rows.join("\n")}\n    }`;
}

/** A JSON value as source text. */
function literal(value) {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, inner]) => `${keyOf(key)}: ${literal(inner)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

function keyOf(key) {
  return /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
}
