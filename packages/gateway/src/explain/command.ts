import { loadPrices } from "ai-lib/cost";
import { bootPlan, findFile } from "../boot.js";
import type { MemberNode } from "../config/schema.js";
import { configError } from "../config-error.js";
import { environmentTable } from "../environment-routes.js";
import type { Io } from "../io.js";
import { explainRoute } from "./explain.js";
import { formatExplained } from "./format.js";
import { DIALECTS, isDialect, readRequest } from "./read-request.js";

/** Options of the command, as texts. */
export interface ExplainOptions {
  readonly model?: string;
  readonly file?: string;
  readonly dialect?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/**
 * Prints what a call would do: its route, the members in order with reasons, estimated tokens and price, and what each
 * member's dialect cannot say. Nothing is sent.
 * @throws {AiLibError} `CONFIG_ERROR` for a wrong option or file, `MODEL_NOT_FOUND` for a model that leads nowhere.
 */
export async function explainModel(io: Io, options: ExplainOptions): Promise<void> {
  const { dialect = "openai-chat" } = options;
  if (!isDialect(dialect)) throw configError(`--dialect must be one of ${DIALECTS.join(", ")}`);
  const file = findFile(options.config);
  const plan = file === undefined ? undefined : await bootPlan(file, io.environment);
  const table = plan?.table ?? (await environmentTable(io.environment));
  const request = options.file === undefined ? undefined : await readRequest(options.file, dialect);
  const model = options.model ?? request?.model;
  const choice = table.choose(model, dialect);
  const route = plan?.config.routes?.[choice.route];
  const node = (typeof route === "object" && route !== null && "use" in route ? route.use : route) as
    | MemberNode
    | undefined;
  const explained = await explainRoute({ choice, node, dialect, request, prices: await loadPrices() });
  const answer = { model, route: choice.route, dialect, explained };
  io.stdout.write(
    options.json === true
      ? `${JSON.stringify(answer, undefined, 2)}\n`
      : `${JSON.stringify(model ?? "")} leads to the route ${choice.route}\n${formatExplained(explained)}\n`,
  );
}
