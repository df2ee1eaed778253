// One builder class for each provider, with a method for each variable of its endpoint.
import { pascal } from "./catalog.mjs";

const HEAD = `// Written by \`npm run generate\` from the files in vendors/. Do not edit.
import { ProviderBuilder } from "./builder.js";
import { CATALOG } from "./catalog.generated.js";
`;

/** `builders.generated.ts`. */
export function builders(providers) {
  return HEAD + providers.map(builder).join("");
}

function builder({ data, name, doc }) {
  const methods = Object.entries(data.variables ?? {}).map(([variable, facts]) => method(variable, facts));
  return `
/** ${doc} */
export class ${pascal(name)}Builder extends ProviderBuilder<${JSON.stringify(data.dialect)}> {
  constructor() {
    super(CATALOG[${JSON.stringify(data.id)}]);
  }
${methods.join("")}}
`;
}

function method(name, { what, env, default: fallback }) {
  const sources = [...env, ...(fallback === undefined ? [] : [JSON.stringify(fallback)])];
  const by = sources.length === 0 ? "" : ` Default: ${sources.join(", else ")}.`;
  return `
  /** ${pascal(what)}.${by} */
  with${pascal(name)}(${name}: string): this {
    return this.withVariable(${JSON.stringify(name)}, ${name});
  }
`;
}
