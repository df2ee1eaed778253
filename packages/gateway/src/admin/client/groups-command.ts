import type { Io } from "../../io.js";
import { pathOf } from "./admin-client.js";
import { type AdminOptions, connect, formatTable, print } from "./connect.js";
import { formatLimitStates, readLimitStates } from "./limit-states.js";
import {
  accessRows,
  type ClearOptions,
  type CreateNodeOptions,
  createdOf,
  formatLimits,
  type LimitOptions,
  limitsToSet,
  type Node,
  newNode,
  patchOf,
  presentRows,
} from "./node-options.js";

/** Options of `groups create`, as texts. */
export interface CreateGroupOptions extends CreateNodeOptions {
  readonly parent?: string;
  readonly level?: string;
}

interface Group extends Node {
  readonly level: string;
  readonly parent?: string;
}

/** Prints all groups, those within others behind them. */
export async function listGroups(
  io: Io,
  options: AdminOptions & { readonly parent?: string },
): Promise<void> {
  const { parent } = options;
  const groups = await connect(io, options).all<Group>("/groups", { parent });
  print(io, options, groups, () =>
    formatTable(
      ["ID", "NAME", "LEVEL", "PARENT", "STATE", "LIMITS"],
      groups.map((group) => [
        ...[group.id, group.name ?? "", group.level, group.parent ?? "", stateOf(group)],
        formatLimits(group),
      ]),
    ),
  );
}

/** Makes a group. */
export async function createGroup(io: Io, id: string, options: CreateGroupOptions): Promise<void> {
  const body = fieldsOf(id, options);
  const { body: group } = await connect(io, options).call<Group>("POST", "/groups", { body });
  print(io, options, group, formatGroup);
}

/** Changes the fields of a group that options give; the others stay. */
export async function updateGroup(
  io: Io,
  id: string,
  options: CreateGroupOptions & ClearOptions,
): Promise<void> {
  const body = patchOf(fieldsOf(undefined, options), options);
  const path = pathOf("/groups/{id}", { id });
  const { body: group } = await connect(io, options).call<Group>("PATCH", path, { body, ifMatch: "*" });
  print(io, options, group, formatGroup);
}

/** Prints one group. */
export async function showGroup(io: Io, id: string, options: AdminOptions): Promise<void> {
  const { body } = await connect(io, options).call<Group>("GET", pathOf("/groups/{id}", { id }));
  print(io, options, body, formatGroup);
}

/** Prints the limits of a group and of the groups that it is in with what is left of them, after setting its own. */
export async function limitGroup(io: Io, id: string, options: LimitOptions): Promise<void> {
  const limits = limitsToSet(options);
  const path = pathOf("/groups/{id}", { id });
  const client = connect(io, options);
  if (limits !== undefined) await client.call("PATCH", path, { body: { limits }, ifMatch: "*" });
  print(io, options, await readLimitStates(client, "groups", id), (states) =>
    states.length === 0 ? `No limit holds for the group ${id}` : formatLimitStates(states),
  );
}

/** Refuses the calls of all keys within a group, or lets them pass again. */
export async function switchGroup(
  io: Io,
  id: string,
  disabled: boolean,
  options: AdminOptions,
): Promise<void> {
  const { body } = await connect(io, options).call<Group>("PATCH", pathOf("/groups/{id}", { id }), {
    body: { disabled },
    ifMatch: "*",
  });
  print(io, options, body, () =>
    disabled ? `The keys within the group ${id} are refused from now on` : `The group ${id} is active`,
  );
}

/** Deletes a group that nothing is in. */
export async function deleteGroup(io: Io, id: string, options: AdminOptions): Promise<void> {
  await connect(io, options).call("DELETE", pathOf("/groups/{id}", { id }), { ifMatch: "*" });
  print(io, options, { id, deleted: true }, () => `The group ${id} is deleted`);
}

function fieldsOf(id: string | undefined, options: CreateGroupOptions) {
  const { parent, level } = options;
  return { ...newNode(id, options), parent, level };
}

function formatGroup(group: Group): string {
  return formatTable(
    ["GROUP", group.id],
    presentRows([
      ["name", group.name],
      ["level", group.level],
      ["parent", group.parent],
      ["state", stateOf(group)],
      ...accessRows(group),
      ["created", createdOf(group)],
      ["managed by", group.managed],
      ["revision", String(group.revision)],
    ]),
  );
}

function stateOf({ disabled }: Group): string {
  return disabled === true ? "disabled" : "active";
}
