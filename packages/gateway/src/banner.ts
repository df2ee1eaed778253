/** The facts in the first lines of a started gateway. */
export interface Banner {
  readonly url: string;
  /** The key of this run; undefined for a gateway that needs none or has configured keys. */
  readonly key: string | undefined;
  /** No key is needed. */
  readonly open: boolean;
  /** A model that the examples ask for. */
  readonly model: string;
  /** The admin API; undefined where it is not served. */
  readonly admin?: BannerAdmin | undefined;
  /** Where the ledger is; undefined for a gateway without one. */
  readonly ledger?: string | undefined;
  /** The names of what is served, for a summary. */
  readonly models: readonly string[];
}

/** What the first lines say about the admin API. */
export interface BannerAdmin {
  readonly url: string;
  /** The admin token of this run; undefined if the configuration has one. */
  readonly token: string | undefined;
}

/** Writes the addresses of the gateway and how to use it from clients. */
export function formatBanner({ url, key, open, model, models, admin, ledger }: Banner): string {
  const shown = key ?? (open ? "unused" : "<key>");
  const more = models.length > 8 ? `, and ${models.length - 8} more` : "";
  return `${[
    `The gateway listens on ${url}`,
    `Models: ${models.slice(0, 8).join(", ")}${more}; all of them: GET ${url}/v1/models`,
    ...(key === undefined ? [] : [`Key of this run: ${key}`]),
    ...(admin === undefined ? [] : [`The admin API listens on ${admin.url}`]),
    ...(admin?.token === undefined ? [] : [`Admin token of this run: ${admin.token}`]),
    ledger === undefined ? "There is no ledger" : `The ledger is ${ledger}`,
    "",
    "Claude Code",
    `  ANTHROPIC_BASE_URL=${url} ANTHROPIC_AUTH_TOKEN=${shown} ANTHROPIC_MODEL=${model} claude`,
    "Codex",
    `  GATEWAY_KEY=${shown} codex -m ${model} -c model_provider=gateway -c model_providers.gateway.name=gateway \\`,
    `    -c model_providers.gateway.base_url=${url}/v1 -c model_providers.gateway.env_key=GATEWAY_KEY \\`,
    "    -c model_providers.gateway.wire_api=responses",
    "SDKs of OpenAI",
    `  OPENAI_BASE_URL=${url}/v1 OPENAI_API_KEY=${shown}`,
    "curl",
    `  curl ${url}/v1/chat/completions -H 'authorization: Bearer ${shown}' -H 'content-type: application/json' \\`,
    `    -d '{"model":"${model}","messages":[{"role":"user","content":"Hello"}]}'`,
    "",
  ].join("\n")}\n`;
}
