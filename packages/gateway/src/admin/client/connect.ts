import { configError } from "../../config-error.js";
import type { Io } from "../../io.js";
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
  io.stdout.write(json === true ? `${JSON.stringify(body, undefined, 2)}\n` : `${format(body)}\n`);
}

/** Characters that would let a value move the cursor or change colours. */
const CONTROL = /\p{Cc}/gu;

/** Writes rows as a table with aligned columns; values are texts of others, whose control characters are replaced. */
export function formatTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map((cell) => cell.replace(CONTROL, "?")));
  const widths = heads.map((head, index) =>
    clean.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), head.length),
  );
  return [heads, ...clean]
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
