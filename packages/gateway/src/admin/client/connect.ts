import { configError } from "../../config-error.js";
import type { Io } from "../../io.js";
import { escapeControls, escapeLine, widthOf } from "../../terminal-text.js";
import { TOKEN_VARIABLE } from "../settings.js";
import { AdminClient, DEFAULT_URL, URL_VARIABLE } from "./admin-client.js";

/** Options of every command that asks an admin API. */
export interface AdminOptions {
  /** Default: the variable AI_LIB_GATEWAY_ADMIN_URL, else http://127.0.0.1:4101 */
  readonly url?: string;
  readonly json?: boolean;
  readonly insecure?: boolean;
}

/**
 * The client of a command. Its token is in the environment: an argument could be read by other users of the machine.
 * @throws {AiLibError} `CONFIG_ERROR` without a token.
 */
export function connect(io: Io, { url, insecure }: AdminOptions): AdminClient {
  const token = io.environment[TOKEN_VARIABLE]?.trim();
  if (token === undefined || token === "")
    throw configError(
      `Set ${TOKEN_VARIABLE} to a token of the admin API; the gateway prints one at its start`,
    );
  return new AdminClient({
    url: url ?? io.environment[URL_VARIABLE] ?? DEFAULT_URL,
    token,
    signal: io.signal,
    insecure,
  });
}

/** Writes an answer: as JSON with `--json`, else as `format` does. */
export function print<T>(io: Io, { json }: AdminOptions, body: T, format: (body: T) => string): void {
  // Values are texts of others.
  io.stdout.write(`${escapeControls(json === true ? JSON.stringify(body, undefined, 2) : format(body))}\n`);
}

/** A cell whose column is aligned to the right. */
const NUMBER = /^~?[\d.]+$|^[?-]$|^$/;

/**
 * Writes rows as a table with aligned columns, those of numbers to the right. Values are texts of others, whose control
 * characters are escaped.
 */
export function formatTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = [heads, ...rows].map((row) => row.map(escapeLine));
  const columns = heads.map((_, index) => ({
    width: clean.reduce((width, row) => Math.max(width, widthOf(row[index] ?? "")), 0),
    isNumber: rows.length > 0 && rows.every((row) => NUMBER.test(row[index] ?? "")),
  }));
  return clean
    .map((row) =>
      row
        .map((cell, index) => {
          const { width = 0, isNumber = false } = columns[index] ?? {};
          const space = " ".repeat(Math.max(0, width - widthOf(cell)));
          return isNumber ? `${space}${cell}` : `${cell}${space}`;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
