import type { Limit } from "../../keys/record.js";
import { formatLimit } from "./limit-words.js";

/** What keys and groups have in common, as the API answers with it. */
export interface Node {
  readonly id: string;
  readonly name?: string;
  readonly disabled?: boolean;
  readonly managed: string;
  readonly createdAt: string;
  readonly revision: number;
  readonly limits?: readonly Limit[];
  readonly routes?: readonly string[];
  readonly models?: readonly string[];
  readonly kinds?: readonly string[];
  readonly networks?: readonly string[];
}

/** The limits of a key or group in one cell. */
export function formatLimits({ limits = [] }: Node): string {
  return limits.map(formatLimit).join(" ");
}

/** The rows that keys and groups have in common, without those that are absent. */
export function presentRows(rows: readonly (readonly [string, string | undefined])[]): string[][] {
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/** The rows of what the calls of a key or group may be. */
export function accessRows(node: Node): readonly (readonly [string, string | undefined])[] {
  return [
    ["limits", formatLimits(node) || undefined],
    ["routes", node.routes?.join(" ")],
    ["models", node.models?.join(" ")],
    ["kinds", node.kinds?.join(" ")],
    ["networks", node.networks?.join(" ")],
  ];
}
