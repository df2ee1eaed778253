import { configError } from "../../core/errors/error.js";
import type { ProviderData } from "./data.js";
import { type Environment, readVariable, variablePrefix } from "./environment.js";

/** The base URL that the user gave: the option, `<ID>_BASE_URL`, or a variable with the address of the server. */
export function givenBaseUrl(
  data: Pick<ProviderData, "id" | "baseUrlEnv" | "addressEnv">,
  option: string | undefined,
  environment: Environment,
): string | undefined {
  const trimmed = option?.trim();
  const given = trimmed === "" ? undefined : trimmed;
  const names = [
    `${variablePrefix(data.id)}_BASE_URL`,
    ...(data.baseUrlEnv ?? []),
    ...(data.addressEnv ?? []),
  ];
  return given ?? readVariable(environment, names)?.value;
}

/**
 * A base URL with the path that the provider's API has. Users write the address of a server with and without the
 * version: `http://localhost:11434`, with `/v1` for Ollama's OpenAI-compatible API and without it for its own. A path is
 * added only to the user's own server or resource and to the vendor's own host; any other host may be a proxy.
 */
export function withApiPath(
  data: Pick<ProviderData, "baseUrl" | "local" | "addressEnv" | "dialect">,
  given: string,
): string {
  const bare = given.replace(/(?<!\/)\/+$/, "");
  const { origin, path } = split(bare);
  const own = split(data.baseUrl);
  if (data.local === true && data.dialect === "ollama-chat") return bare.replace(/\/(?:v1|api)$/, "");
  const isOwn = data.local === true || data.addressEnv !== undefined || origin === own.origin;
  if (!isOwn || own.path === "" || own.path.includes("{")) return bare;
  const repeated = own.path + own.path;
  if (path.endsWith(repeated)) return bare.slice(0, -own.path.length);
  return own.path.startsWith(`${path}/`) ? origin + own.path : bare;
}

/** Scheme and host of a URL or of a template of one, and the path behind them. */
function split(url: string): { readonly origin: string; readonly path: string } {
  const origin = /^(?:[a-z]+:\/\/[^/]*|\{\w+\})/i.exec(url)?.[0] ?? "";
  return { origin, path: url.slice(origin.length).replace(/(?<!\/)\/+$/, "") };
}

/** @throws {AiLibError} `CONFIG_ERROR` for a malformed URL, or one with a part that belongs in another setting. */
export function checkBaseUrl(id: string, baseUrl: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw configError(`The base URL of "${id}" is malformed; it must look like https://host/path`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw configError(`The base URL of "${id}" must begin with https:// or http://, not ${url.protocol}//`);
  if (url.username !== "" || url.password !== "")
    throw configError(`The base URL of "${id}" contains credentials; pass them as apiKey instead`);
  if (url.search !== "" || url.hash !== "")
    throw configError(
      `The base URL of "${id}" contains a query or a fragment; pass query parameters as query`,
    );
  return baseUrl.replace(/(?<!\/)\/+$/, "");
}
