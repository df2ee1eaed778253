import type { Environment } from "ai-lib";
import type { DeclaredRecords } from "../keys/combined.js";
import { sameLimit } from "../keys/counted.js";
import { declaredKey } from "../keys/directory.js";
import type { GroupRecord, KeyRecord, NodeRecord } from "../keys/record.js";
import { MIN_KEY_LENGTH } from "../keys/secret.js";
import { treeProblem } from "../keys/tree.js";
import type { Path, Problems } from "./problems.js";
import type { GatewayConfig } from "./schema.js";
import { readSecret } from "./secrets.js";

/** The variable that holds the pepper of a gateway whose file names none. */
const PEPPER_VARIABLE = "AI_LIB_GATEWAY_PEPPER";

/** The keys and groups of a configuration. */
export interface Declared extends DeclaredRecords {
  /** Mixed into the hashes of secrets; `""` for none. */
  readonly pepper: string;
}

/** Reads the keys and groups of a configuration. What is wrong with them is in `problems`. */
export function readDeclared(config: GatewayConfig, environment: Environment, problems: Problems): Declared {
  const pepper = readPepper(config, environment, problems);
  const groups = readGroups(config, problems);
  const keys = readKeys(config, { environment, problems, pepper, groups });
  const used: readonly Path[] = [...(["keys", "groups"] as const)].flatMap((part) =>
    config[part] === undefined ? [] : [[part]],
  );
  if (config.open === true)
    for (const path of used) problems.add(path, `\`${path[0]}\` have no effect with \`open: true\``);
  return { keys, groups: [...groups.values()], pepper };
}

/** The pepper of a configuration, or of a gateway without one. */
export function readPepper(
  { pepper }: Pick<GatewayConfig, "pepper">,
  environment: Environment,
  problems?: Problems,
): string {
  if (pepper === undefined) return environment[PEPPER_VARIABLE]?.trim() ?? "";
  if (problems === undefined) return readSecret(pepper, environment);
  return problems.try(["pepper"], () => readSecret(pepper, environment)) ?? "";
}

function readGroups(config: GatewayConfig, problems: Problems): ReadonlyMap<string, GroupRecord> {
  const groups = new Map<string, GroupRecord>();
  for (const [id, { level = "team", ...fields }] of Object.entries(config.groups ?? {})) {
    const group: GroupRecord = {
      ...(fields as Partial<GroupRecord>),
      ...{ id, level, createdAt: 0, revision: 1, managed: "file" },
    };
    groups.set(id, group);
    checkNode(config, group, ["groups", id], problems);
  }
  const wrong = treeProblem(groups);
  if (wrong !== undefined) problems.add(["groups", wrong.id, "parent"], wrong.message);
  return groups;
}

interface KeyMeans {
  readonly environment: Environment;
  readonly problems: Problems;
  readonly pepper: string;
  readonly groups: ReadonlyMap<string, GroupRecord>;
}

function readKeys(
  config: GatewayConfig,
  { environment, problems, pepper, groups }: KeyMeans,
): readonly KeyRecord[] {
  return Object.entries(config.keys ?? {}).flatMap(([id, node]) => {
    const path: Path = ["keys", id];
    const { secret, expiresAt, ...fields } = "secret" in node ? node : { secret: node };
    const key = problems.try(path, () => readSecret(secret, environment));
    const until = expiresAt === undefined ? undefined : Date.parse(expiresAt);
    if (Number.isNaN(until))
      problems.add([...path, "expiresAt"], "a date such as 2027-01-31 or 2027-01-31T12:00:00Z");
    if (fields.group !== undefined && !groups.has(fields.group))
      problems.add([...path, "group"], `there is no group ${fields.group}`);
    if (key !== undefined && key.length < MIN_KEY_LENGTH)
      problems.add(path, `a key has at least ${MIN_KEY_LENGTH} characters`);
    if (key === undefined) return [];
    const all = { ...fields, ...(until !== undefined && { expiresAt: until }) };
    const record = declaredKey(id, key, all as Partial<KeyRecord>, pepper);
    checkNode(config, record, path, problems);
    return [record];
  });
}

/** Refuses names of routes that lead nowhere, as the admin API does, and limits that count the same. */
function checkNode(config: GatewayConfig, node: NodeRecord, path: Path, problems: Problems): void {
  const { limits = [], routes = [] } = node;
  const isRoute = (name: string) => Object.hasOwn(config.routes ?? {}, name);
  const isDirect = (name: string) => config.direct !== false && Object.hasOwn(config.providers ?? {}, name);
  const known = (name: string) => name.endsWith("*") || isRoute(name) || isDirect(name);
  const leads = (name: string) => {
    const [provider = "", ...model] = name.split("/");
    return isRoute(name) || (model.join("/") !== "" && isDirect(provider));
  };
  const check = (names: readonly string[], place: Path) => {
    for (const [index, name] of names.entries())
      if (!known(name)) problems.add([...place, index], `there is no route ${name}`);
  };
  check(routes, [...path, "routes"]);
  for (const [index, { routes: counted = [], onExhausted }] of limits.entries()) {
    check(counted, [...path, "limits", index, "routes"]);
    if (typeof onExhausted === "object" && !leads(onExhausted.route))
      problems.add(
        [...path, "limits", index, "onExhausted", "route"],
        `there is no route ${onExhausted.route}`,
      );
  }
  const same = sameLimit(limits);
  if (same !== undefined)
    problems.add([...path, "limits", same], "an earlier limit counts the same; remove one of them");
}
