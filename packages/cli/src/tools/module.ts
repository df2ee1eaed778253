import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AnyRunnableTool } from "ai-lib";
import { usageError } from "../errors.js";
import { isObject } from "../json.js";

/**
 * Loads the tools that modules export: each export, or each item of an exported list, that has a name, parameters and a
 * function `execute`, as `defineTool` makes them.
 * @throws {AiLibError} `CONFIG_ERROR` for a module that cannot be loaded or exports no tool.
 */
export async function loadTools(paths: readonly string[]): Promise<AnyRunnableTool[]> {
  const lists = await Promise.all(paths.map(loadModule));
  const tools = lists.flat();
  const twice = tools.find(({ name }, i) => tools.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw usageError(`Two tools are named "${twice.name}"; give them different names`);
  return tools;
}

async function loadModule(path: string): Promise<AnyRunnableTool[]> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const hint =
      code === "ERR_UNKNOWN_FILE_EXTENSION"
        ? "this version of Node loads no TypeScript; use 22.18 or later, or JavaScript"
        : message.trim().split("\n")[0];
    throw usageError(`The tools of ${path} cannot be loaded: ${hint}`);
  }
  const tools = Object.values(exported)
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter(isTool);
  const unique = [...new Set(tools)];
  if (unique.length === 0)
    throw usageError(
      `${path} exports no tool: export what defineTool({ name, parameters, execute }) returns`,
    );
  return unique;
}

function isTool(value: unknown): value is AnyRunnableTool {
  return (
    isObject(value) &&
    typeof value["name"] === "string" &&
    (value["type"] === "text-tool" ||
      typeof value["parameters"] === "object" ||
      typeof value["parameters"] === "function") &&
    typeof value["execute"] === "function"
  );
}
