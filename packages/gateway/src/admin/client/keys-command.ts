import { systemClock } from "ai-lib";
import type { Io } from "../../io.js";
import { type AdminClient, pathOf } from "./admin-client.js";
import { type AdminOptions, connect, formatTable, print } from "./connect.js";
import { formatLimitStates, readLimitStates } from "./limit-states.js";
import { readSpan } from "./limit-words.js";
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

/** Options of `keys create`, as texts. */
export interface CreateOptions extends CreateNodeOptions {
  readonly group?: string;
  readonly expires?: string;
}

/** A key, as the API answers with it. */
interface Key extends Node {
  readonly group?: string;
  readonly expiresAt?: string;
  readonly state: string;
  readonly problem?: string;
  readonly lastUsedAt?: string;
  readonly secrets: readonly { readonly start: string; readonly expiresAt?: string }[];
}

interface Issued {
  readonly key: Key;
  readonly secret?: string;
}

/** Prints all keys. */
export async function listKeys(io: Io, options: AdminOptions & { readonly group?: string }): Promise<void> {
  const { group } = options;
  const keys = await connect(io, options).all<Key>("/keys", { group });
  print(io, options, keys, () =>
    formatTable(
      ["ID", "NAME", "GROUP", "STATE", "LIMITS", "LAST USED"],
      keys.map((key) => [
        ...[key.id, key.name ?? "", key.group ?? "", stateOf(key)],
        formatLimits(key),
        key.lastUsedAt ?? "never",
      ]),
    ),
  );
}

/** Makes a key and prints its secret, which is shown once. */
export async function createKey(io: Io, id: string | undefined, options: CreateOptions): Promise<void> {
  const body = fieldsOf(id, options);
  const { body: issued } = await connect(io, options).call<Issued>("POST", "/keys", { body });
  print(io, options, issued, formatIssued);
}

/** Prints one key. */
export async function showKey(io: Io, id: string, options: AdminOptions): Promise<void> {
  const { body } = await connect(io, options).call<Key>("GET", pathOf("/keys/{id}", { id }));
  print(io, options, body, formatKey);
}

/** Changes the fields of a key that options give; the others stay. */
export async function updateKey(io: Io, id: string, options: CreateOptions & ClearOptions): Promise<void> {
  const body = patchOf(fieldsOf(undefined, options), options);
  print(io, options, await patchKey(connect(io, options), id, body), formatKey);
}

/** Lets a key that was revoked call again. */
export async function enableKey(io: Io, id: string, options: AdminOptions): Promise<void> {
  const key = await patchKey(connect(io, options), id, { disabled: false });
  print(io, options, key, () => `The key ${id} is ${stateOf(key)}`);
}

/** Deletes a key for good. */
export async function deleteKey(io: Io, id: string, options: AdminOptions): Promise<void> {
  await connect(io, options).call("DELETE", pathOf("/keys/{id}", { id }), { ifMatch: "*" });
  print(io, options, { id, deleted: true }, () => `The key ${id} is deleted`);
}

/** Makes a new secret of a key and prints it, which is shown once. */
export async function rotateKey(
  io: Io,
  id: string,
  options: AdminOptions & { readonly grace?: string },
): Promise<void> {
  const { grace } = options;
  const body = grace === undefined ? {} : { graceMs: readSpan("--grace", grace) };
  const { body: issued } = await connect(io, options).call<Issued>(
    "POST",
    pathOf("/keys/{id}/rotate", { id }),
    {
      body,
      ifMatch: "*",
    },
  );
  print(io, options, issued, formatIssued);
}

/** Refuses a key from the next call on, or deletes it for good. */
export async function revokeKey(
  io: Io,
  id: string,
  options: AdminOptions & { readonly delete?: boolean },
): Promise<void> {
  if (options.delete === true) return deleteKey(io, id, options);
  const path = pathOf("/keys/{id}/revoke", { id });
  const { body } = await connect(io, options).call<Key>("POST", path, { ifMatch: "*" });
  print(io, options, body, () => `The key ${id} is refused from now on`);
}

/** Prints the limits of a key and of its groups with the remaining amounts, after setting the key's own. */
export async function limitKey(io: Io, id: string, options: LimitOptions): Promise<void> {
  const limits = limitsToSet(options);
  const client = connect(io, options);
  if (limits !== undefined) await patchKey(client, id, { limits });
  print(io, options, await readLimitStates(client, "keys", id), (states) =>
    states.length === 0 ? `No limit holds for the key ${id}` : formatLimitStates(states),
  );
}

/** Patches a key in any version: fields that the patch lacks are as they are at that moment. */
async function patchKey(
  client: AdminClient,
  id: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Key> {
  return (await client.call<Key>("PATCH", pathOf("/keys/{id}", { id }), { body, ifMatch: "*" })).body;
}

function fieldsOf(id: string | undefined, options: CreateOptions) {
  const { group, expires } = options;
  return {
    ...newNode(id, options),
    group,
    expiresAt: expires === undefined ? undefined : expiryOf(expires),
  };
}

function expiryOf(text: string): string {
  if (/^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text).toISOString();
  return new Date(systemClock.now() + readSpan("--expires", text)).toISOString();
}

function formatIssued({ key, secret }: Issued): string {
  return [
    formatKey(key),
    ...(secret === undefined ? [] : ["", `Secret, which is shown this once: ${secret}`]),
  ].join("\n");
}

function formatKey(key: Key): string {
  return formatTable(
    ["KEY", key.id],
    presentRows([
      ["name", key.name],
      ["group", key.group],
      ["state", stateOf(key)],
      ...accessRows(key),
      [
        "secrets",
        key.secrets
          .map(({ start, expiresAt }) => `${start}...${expiresAt === undefined ? "" : ` until ${expiresAt}`}`)
          .join(", "),
      ],
      ["created", createdOf(key)],
      ["expires", key.expiresAt],
      ["last used", key.lastUsedAt ?? "never"],
      ["managed by", key.managed],
      ["revision", String(key.revision)],
    ]),
  );
}

function stateOf({ disabled, state, problem }: Key): string {
  if (disabled === true) return "revoked";
  return state === "active" || state === "expired" || problem === undefined ? state : `refused: ${problem}`;
}
