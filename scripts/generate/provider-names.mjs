// Ids and names of the providers elsewhere. `observe` may not import the providers, so it has tables of its own.

/** `provider-names.generated.ts`. */
export function providerNames(providers) {
  return `// Written by \`npm run generate\` from the files in providers/vendors. Do not edit.

/** Ids in the price catalogue, by provider; a provider that is absent has no prices there. */
export const PRICE_IDS: ReadonlyMap<string, string> = ${table(providers, "priceId")};

/** Names in the GenAI conventions of OpenTelemetry, by provider, where they differ from the provider's id. */
export const TELEMETRY_NAMES: ReadonlyMap<string, string> = ${table(providers, "telemetryName")};
`;
}

function table(providers, field) {
  const rows = providers
    .filter(({ data }) => data[field] != null)
    .map(({ data }) => `  [${JSON.stringify(data.id)}, ${JSON.stringify(data[field])}],`);
  return `/* @__PURE__ */ new Map([\n${rows.join("\n")}\n])`;
}
