// The table in docs/providers.md.
import { pascal } from "./catalog.mjs";
import { markdownTable, replaceMarked } from "./marked.mjs";
import { isOwnPage } from "./own-pages.mjs";

/** The page with its table renewed. */
export function providersPage(providers, page) {
  return replaceMarked(page, "providers", table(providers));
}

function table(providers) {
  const rows = providers.map(({ data, name }) => [
    code(data.id),
    `${data.label ?? data.id}<br>\`${pascal(name)}Builder\``,
    code(data.dialect),
    keys(data),
    [data.chat === false ? [] : chosen(data.model), kinds(data)].flat().join("<br>"),
    [code(data.baseUrl), ...variables(data)].join("<br>"),
    (data.docs ?? []).map((url, index) => link(data, url, index + 1)).join(" "),
  ]);
  const head = ["id", "provider", "dialect", "key", "default model", "endpoint", "facts from"];
  return markdownTable([head, ...rows]);
}

function chosen(model) {
  return model === undefined ? "(you choose)" : code(model);
}

function kinds(data) {
  return Object.entries(data.kinds ?? {}).map(([kind, { model }]) => `${kind}: ${chosen(model)}`);
}

/** A numbered link, with a star at a page of a third party. */
function link(data, url, number) {
  return `[${number}](${url})${isOwnPage(data, url) ? "" : "\\*"}`;
}

function keys(data) {
  if (data.auth?.style === "none") return "none";
  const own = `${data.id.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_API_KEY`;
  const names = [...new Set([own, ...(data.keyEnv ?? [])])].map(code).join("<br>");
  const aws = data.auth?.style === "sigv4" ? "<br>or AWS credentials" : "";
  return `${names}${aws}${data.keyOptional ? "<br>(none needed)" : ""}`;
}

function variables(data) {
  return Object.entries(data.variables ?? {})
    .filter(([, { env }]) => env.length > 0)
    .map(([name, { env }]) => `${name}: ${env.map(code).join(", ")}`);
}

function code(text) {
  return `\`${text}\``;
}
