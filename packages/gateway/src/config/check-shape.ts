import { z } from "zod";
import { Member } from "./member-schema.js";
import type { Path, Problems } from "./problems.js";
import { Route } from "./route-schema.js";
import { Config, type GatewayConfig } from "./schema.js";

type Issue = z.core.$ZodIssue;

/** Checks the shape of a configuration. @returns undefined where something is wrong; `problems` says what */
export function checkShape(value: unknown, problems: Problems): GatewayConfig | undefined {
  addIssues(Outer, value, [], problems);
  const { routes } = (value ?? {}) as { readonly routes?: unknown };
  // A route has one of two shapes. The field `use` decides which one it is checked against.
  for (const [name, route] of Object.entries(typeof routes === "object" ? { ...routes } : {}))
    addIssues(isObjectWithUse(route) ? Route : Member, route, ["routes", name], problems);
  for (const part of NAMED)
    checkNames(part, (value as Readonly<Record<string, unknown>> | null)?.[part], problems);
  return problems.found.length === 0 ? (value as GatewayConfig) : undefined;
}

/** The configuration without its routes. */
const Outer = Config.extend({ routes: z.record(z.string(), z.unknown()).optional() });

/** Parts whose keys are names. */
const NAMED = ["routes", "providers", "keys", "groups"] as const;

const NAME = /^[\w.@:+/-]{1,200}$/;

function checkNames(part: string, value: unknown, problems: Problems): void {
  if (typeof value !== "object" || value === null) return;
  for (const name of Object.keys(value))
    if (!NAME.test(name) || name === "__proto__")
      problems.add([part, name], "a name has only letters, digits and . _ @ : + / -");
}

function isObjectWithUse(value: unknown): boolean {
  return typeof value === "object" && value !== null && "use" in value;
}

function addIssues(shape: z.ZodType, value: unknown, path: Path, problems: Problems): void {
  const result = shape.safeParse(value);
  if (!result.success) for (const issue of result.error.issues) addIssue(issue, path, problems);
}

function addIssue(issue: Issue, around: Path, problems: Problems): void {
  const path = [...around, ...(issue.path as (string | number)[])];
  switch (issue.code) {
    case "unrecognized_keys":
      for (const key of issue.keys) problems.add([...path, key], `unknown key ${JSON.stringify(key)}`);
      return;
    case "invalid_union": {
      const best = bestBranch(issue.errors as Issue[][]);
      if (best === undefined) problems.add(path, issue.message);
      else for (const inner of best) addIssue(inner, path, problems);
      return;
    }
    default:
      problems.add(path, issue.message.replace(/^Invalid input: /, ""));
  }
}

/** The problems of a value with the closest of several possible shapes. */
function bestBranch(branches: readonly Issue[][]): Issue[] | undefined {
  return [...branches].sort((a, b) => distance(a) - distance(b))[0];
}

/** The distance of a value from a shape: another type is farther than a wrong key, and a fault deep inside is near. */
function distance(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => {
    const weight = issue.code === "unrecognized_keys" ? 10 * issue.keys.length : 15;
    return (
      sum +
      (issue.code === "invalid_type" && issue.path.length === 0 ? 1_000 : weight / (1 + issue.path.length))
    );
  }, 0);
}
