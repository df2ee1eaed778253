import { configError } from "../../config-error.js";
import type { Limit } from "../../keys/record.js";
import type { AdminOptions } from "./connect.js";
import { formatLimit, readLimit } from "./limit-words.js";

/** The options that making a key and making a group have in common, as texts. */
export interface CreateNodeOptions extends AdminOptions {
  readonly name?: string;
  readonly limit?: readonly string[];
  readonly route?: readonly string[];
  readonly model?: readonly string[];
  readonly kind?: readonly string[];
  readonly network?: readonly string[];
}

/** The fields that a new key and a new group have in common. */
export function newNode(
  id: string | undefined,
  { name, limit, route, model, kind, network }: CreateNodeOptions,
) {
  return {
    ...{ id, name, routes: route, models: model, kinds: kind, networks: network },
    limits: limit?.map(readLimit),
  };
}

/** Options of `keys update` and `groups update` besides those of the fields. */
export interface ClearOptions {
  /** Names of fields as options have them. */
  readonly clear?: readonly string[];
}

/**
 * The patch that options ask for: given fields replace, those to clear are removed, others stay.
 * @param given the fields that options give; an undefined one is not given
 * @throws {AiLibError} `CONFIG_ERROR` where nothing is given, and for a field that is both given and cleared.
 */
export function patchOf(
  given: Readonly<Record<string, unknown>>,
  { clear = [] }: ClearOptions,
): Readonly<Record<string, unknown>> {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const removed = clear.map((field) => (field === "expiry" ? "expiresAt" : field));
  const both = set.find(([field]) => removed.includes(field));
  if (both !== undefined)
    throw configError(`--clear ${clear[removed.indexOf(both[0])]} excludes the option that sets it`);
  if (set.length + removed.length === 0) throw configError("Give at least one option of what to change");
  return Object.fromEntries([...set, ...removed.map((field) => [field, null])]);
}

/** Options of `keys limits` and `groups limits`, as texts. */
export interface LimitOptions extends AdminOptions {
  readonly set?: readonly string[];
  readonly clear?: boolean;
}

/**
 * The limits that options set; undefined where they set none.
 * @throws {AiLibError} `CONFIG_ERROR` for both options at a time, and for a text that is no limit.
 */
export function limitsToSet({ set, clear }: LimitOptions): readonly Limit[] | undefined {
  if (set !== undefined && clear === true) throw configError("--set and --clear exclude each other");
  return clear === true ? [] : set?.map(readLimit);
}

/** The fields that keys and groups have in common in answers of the API. */
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

/** When a key or group was made. The time is unknown for those of the file. */
export function createdOf({ managed, createdAt }: Node): string {
  return managed === "file" ? "file" : createdAt;
}

/** The rows that keys and groups have in common, without those that are absent. */
export function presentRows(rows: readonly (readonly [string, string | undefined])[]): string[][] {
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/** The rows of the restrictions of a key or group. */
export function accessRows(node: Node): readonly (readonly [string, string | undefined])[] {
  return [
    ["limits", formatLimits(node) || undefined],
    ["routes", node.routes?.join(" ")],
    ["models", node.models?.join(" ")],
    ["kinds", node.kinds?.join(" ")],
    ["networks", node.networks?.join(" ")],
  ];
}
