import type { JsonObject } from "ai-lib";
import { formatAmount } from "../admin/client/amounts.js";
import { connect, print } from "../admin/client/connect.js";
import { bootPlan, findFile } from "../boot.js";
import { configError } from "../config-error.js";
import { environmentTable } from "../environment-routes.js";
import type { Io } from "../io.js";
import { openPrices } from "../prices.js";
import { type ExplainedCall, explainCall } from "./explain-call.js";
import { formatCall } from "./format.js";
import { DIALECTS, isDialect, readText } from "./read-request.js";

/** Options of the command, as texts. */
export interface ExplainOptions {
  readonly model?: string;
  readonly file?: string;
  readonly dialect?: string;
  readonly config?: string;
  readonly json?: boolean;
  /** Ask the running gateway over its admin API, with the limits of this key. */
  readonly key?: string;
  readonly url?: string;
  readonly insecure?: boolean;
}

/** An explanation of the admin API. */
interface ExplainedForKey extends ExplainedCall {
  readonly refusal?: string;
  readonly limits: readonly {
    readonly bucket: string;
    readonly limit: { readonly dollars?: number };
    readonly max: number;
    readonly left: number;
    /** Absent without a request. */
    readonly needs?: number;
    readonly fits?: boolean;
  }[];
}

async function explainForKey(
  io: Io,
  options: ExplainOptions & { readonly key: string; readonly dialect: string },
): Promise<void> {
  const { key, dialect, model, file, config } = options;
  if (config !== undefined) throw configError("--key asks the running gateway; leave --config out");
  const request = file === undefined ? undefined : jsonOf(file, await readText(file));
  const { body } = await connect(io, options).call<ExplainedForKey>("POST", "/explain", {
    body: { key, dialect, model, request },
  });
  print(io, options, body, ({ refusal, limits, ...answer }) =>
    [
      formatCall(answer),
      ...(refusal === undefined ? [] : [`the call would be refused: ${refusal}`]),
      ...limits.map(
        ({ bucket, limit, max, left, needs, fits }) =>
          `${bucket}: ${formatAmount(left, limit)} of ${max} left${needs === undefined ? "" : `, the call reserves ${formatAmount(needs, limit)}`}${fits === false ? ", which is too much" : ""}`,
      ),
    ].join("\n"),
  );
}

/** @throws {AiLibError} `CONFIG_ERROR` for a file that is no JSON. */
function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw configError(`${file} is no JSON: it must be the body of a chat request`);
  }
}

/**
 * Prints what a call would do: its route, the members in order with reasons, estimated tokens and price, and the fields
 * that each member's dialect cannot carry. Nothing is sent.
 * @throws {AiLibError} `CONFIG_ERROR` for a wrong option or file, `MODEL_NOT_FOUND` for a model that leads nowhere.
 */
export async function explainModel(io: Io, options: ExplainOptions): Promise<void> {
  const { dialect = "openai-chat" } = options;
  if (options.key !== undefined) return explainForKey(io, { ...options, dialect, key: options.key });
  if (!isDialect(dialect)) throw configError(`--dialect must be one of ${DIALECTS.join(", ")}`);
  const file = findFile(options.config);
  const plan = file === undefined ? undefined : await bootPlan(file, io.environment);
  const table = plan?.table ?? environmentTable(io.environment, await openPrices());
  const { file: from, model } = options;
  const body = from === undefined ? undefined : (jsonOf(from, await readText(from)) as JsonObject);
  const { answer } = await explainCall({ table, config: plan?.config, model, dialect, body });
  print(io, options, answer, formatCall);
}
