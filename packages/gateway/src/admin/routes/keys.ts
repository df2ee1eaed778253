import { z } from "zod";
import type { KeyDraft } from "../../keys/key-directory.js";
import type { KeyRecord } from "../../keys/record.js";
import { keyFields, LimitShape } from "../../keys/shapes.js";
import type { LimitState } from "../../limits/limit-state.js";
import { pageByKey } from "../cursor.js";
import { change, changeRecord, directoryOf, revisionOf } from "../directory.js";
import { AdminError, notFound } from "../errors.js";
import type { AdminParts } from "../parts.js";
import { type AdminRoute, defineRoute, type Sent } from "../route.js";
import { Id, name, PageQuery, pageOf, Time, timeOf } from "../shapes.js";
import { keyState, stateOf } from "./key-state.js";
import { checkRoutes } from "./known-routes.js";
import { changeOf, nodeViewFields, patched, patchOf, versionOf, viewOfNode } from "./node-shapes.js";
import { checkUnused } from "./used-ids.js";

const fields = {
  ...keyFields,
  expiresAt: Time.optional().describe("When the key ends. Default: never"),
};

const Key = name(
  "Key",
  z.object({
    ...keyFields,
    ...nodeViewFields,
    expiresAt: Time.optional(),
    ...keyState,
    lastUsedAt: Time.optional().describe("To within a minute"),
    secrets: z
      .array(
        z.object({
          start: z.string().describe("The beginning of the secret, by which it is recognized"),
          createdAt: Time,
          expiresAt: Time.optional().describe("The end of its grace after a rotation"),
        }),
      )
      .describe(
        "One; two during the grace after a rotation. The secrets themselves are shown once, when they are made",
      ),
  }),
);

const Issued = name(
  "IssuedKey",
  z.object({
    key: Key,
    secret: z
      .string()
      .optional()
      .describe(
        "Shown once: it cannot be read again, and a repetition with the same Idempotency-Key lacks it",
      ),
  }),
);

const LimitView = name(
  "LimitState",
  z.object({
    node: z.object({ kind: z.enum(["key", "group"]), id: z.string() }),
    bucket: z.string().describe("The name in refusals"),
    limit: LimitShape,
    max: z.number().describe("In the unit of the limit: calls, tokens or dollars"),
    used: z.number().describe("By calls that ended in the current period"),
    reserved: z.number().describe("At most, by calls that run"),
    resetAt: Time.optional(),
  }),
);

const params = z.strictObject({ id: Id });

const DAY_MS = 86_400_000;

export const KEY_ROUTES: readonly AdminRoute[] = [
  defineRoute({
    id: "listKeys",
    method: "GET",
    path: "/keys",
    tag: "keys",
    summary: "The keys of clients, by their ids",
    role: "viewer",
    query: PageQuery.extend({ group: Id.optional().describe("Keys of this group alone") }),
    reply: pageOf("KeyPage", Key),
    errors: ["not_configured"],
    handle: ({ parts, query, now }) => {
      const keys = directoryOf(parts)
        .keys()
        .filter(({ group }) => query.group === undefined || group === query.group);
      const { data, ...rest } = pageByKey(keys, ({ id }) => id, query);
      return { body: { ...rest, data: data.map((record) => shown(parts, record, now)) } };
    },
  }),
  defineRoute({
    id: "createKey",
    method: "POST",
    path: "/keys",
    tag: "keys",
    summary: "Makes a key and shows its secret once",
    role: "operator",
    body: name("NewKey", z.strictObject({ ...fields, id: Id.optional().describe("Default: a random one") })),
    reply: Issued,
    status: 201,
    versioned: true,
    action: "key.create",
    shownOnce: ["secret"],
    errors: ["conflict", "not_configured"],
    handle: async ({ parts, body, now }) => {
      checkRoutes(parts, body);
      checkExpiry(body, now, "A new key cannot have expired");
      await checkUnused(parts, "key", body.id);
      const { record, secret } = await change(() => directoryOf(parts).createKey(draftOf(body)));
      return { body: { key: shown(parts, record, now), secret }, ...changeOf(record, undefined, viewOf) };
    },
  }),
  defineRoute({
    id: "getKey",
    method: "GET",
    path: "/keys/{id}",
    tag: "keys",
    summary: "One key",
    role: "viewer",
    params,
    reply: Key,
    versioned: true,
    errors: ["not_found", "not_configured"],
    handle: ({ parts, params: { id }, now }) => {
      const record = keyOf(parts, id);
      return { body: shown(parts, record, now), version: versionOf(viewOf(record)) };
    },
  }),
  defineRoute({
    id: "updateKey",
    method: "PATCH",
    path: "/keys/{id}",
    tag: "keys",
    summary: "Changes a key: given fields replace, `null` removes, absent ones stay",
    role: "operator",
    params,
    body: name("KeyPatch", patchOf(fields)),
    reply: Key,
    versioned: true,
    ifMatch: true,
    action: "key.update",
    errors: ["not_found", "conflict", "not_configured"],
    handle: ({ parts, params: { id }, body, version, now }) => {
      checkRoutes(parts, body);
      checkExpiry(body, now, "A key cannot expire in the past; `revoke` refuses it from the next call on");
      const { expiresAt, ...rest } = body;
      const patch = {
        ...rest,
        ...(expiresAt !== undefined && { expiresAt: expiresAt && Date.parse(expiresAt) }),
      };
      return changeRecord(version, () => update(parts, id, patch, version, now));
    },
  }),
  defineRoute({
    id: "rotateKey",
    method: "POST",
    path: "/keys/{id}/rotate",
    tag: "keys",
    summary: "Makes a new secret and shows it once; the one before stays valid during the grace",
    role: "operator",
    params,
    body: name(
      "Rotation",
      z.strictObject({
        graceMs: z
          .int("a whole number")
          .min(0)
          .max(30 * DAY_MS, `at most 30 days, which are ${30 * DAY_MS} milliseconds`)
          .optional()
          .describe("Default one day; 0 ends the old secret immediately"),
      }),
    ),
    reply: Issued,
    versioned: true,
    ifMatch: true,
    action: "key.rotate",
    shownOnce: ["secret"],
    errors: ["not_found", "conflict", "not_configured"],
    handle: ({ parts, params: { id }, body: { graceMs }, version, now }) =>
      changeRecord(version, async () => {
        const before = keyOf(parts, id);
        const revision = revisionAsked(version, before);
        const options = { revision, ...(graceMs !== undefined && { graceMs }) };
        const { record, secret } = await directoryOf(parts).rotateKey(id, options);
        return { body: { key: shown(parts, record, now), secret }, ...changeOf(record, before, viewOf) };
      }),
  }),
  defineRoute({
    id: "revokeKey",
    method: "POST",
    path: "/keys/{id}/revoke",
    tag: "keys",
    summary: "Refuses the key from the next call on; a patch of `disabled` allows it again",
    role: "operator",
    params,
    reply: Key,
    versioned: true,
    ifMatch: true,
    action: "key.revoke",
    errors: ["not_found", "conflict", "not_configured"],
    handle: ({ parts, params: { id }, version, now }) =>
      changeRecord(version, () => update(parts, id, { disabled: true }, version, now)),
  }),
  defineRoute({
    id: "deleteKey",
    method: "DELETE",
    path: "/keys/{id}",
    tag: "keys",
    summary: "Deletes a key for good; what it used stays in the ledger",
    role: "operator",
    params,
    ifMatch: true,
    action: "key.delete",
    errors: ["not_found", "conflict", "not_configured"],
    handle: ({ parts, params: { id }, version }) =>
      changeRecord(version, async () => {
        const before = keyOf(parts, id);
        await directoryOf(parts).deleteKey(id, revisionAsked(version, before));
        return { audit: { target: id, before: viewOf(before) } };
      }),
  }),
  defineRoute({
    id: "getKeyLimits",
    method: "GET",
    path: "/keys/{id}/limits",
    tag: "keys",
    summary: "The limits of a key and of its groups, with what is left of them",
    role: "viewer",
    params,
    reply: name("KeyLimits", z.object({ data: z.array(LimitView) })),
    errors: ["not_found", "not_configured"],
    handle: async ({ parts, params: { id } }) => {
      keyOf(parts, id);
      return { body: { data: await limitStates(parts, id) } };
    },
  }),
];

/** Changes a key. The fields that the patch leaves out are those of the revision that it is for. */
async function update(
  parts: AdminParts,
  id: string,
  patch: Readonly<Record<string, unknown>>,
  version: string | undefined,
  now: number,
) {
  const before = keyOf(parts, id);
  const draft = patched(draftOfRecord(before), patch);
  const record = await directoryOf(parts).updateKey(id, draft, revisionAsked(version, before));
  return { body: shown(parts, record, now), ...changeOf(record, before, viewOf) };
}

/** @throws {AdminError} `invalid_request` for a time that has passed */
function checkExpiry(
  { expiresAt }: { readonly expiresAt?: string | null | undefined },
  now: number,
  message: string,
): void {
  if (typeof expiresAt !== "string" || Date.parse(expiresAt) > now) return;
  throw new AdminError("invalid_request", message, {
    details: [{ path: "body.expiresAt", message: "is in the past" }],
  });
}

/** A key as the API shows it: with whether its calls are admitted, which is no part of its version. */
function shown(parts: AdminParts, record: KeyRecord, now: number): Sent<typeof Key> {
  return { ...viewOf(record), ...stateOf(parts, record, now) };
}

function revisionAsked(version: string | undefined, record: KeyRecord): number {
  return revisionOf(version, { revision: record.revision, version: versionOf(viewOf(record)) });
}

/** The states of the limits of a key, or of a group, and of the groups that it is in, for the API. */
export async function limitStates(
  { limitsOf }: AdminParts,
  id: string,
  kind: "key" | "group" = "key",
): Promise<readonly Sent<typeof LimitView>[]> {
  return ((await limitsOf?.(id, kind)) ?? []).map(limitView);
}

/** The state of a limit, for the API. */
export function limitView<T extends LimitState>({ resetAt, ...state }: T) {
  return { ...state, ...(resetAt !== undefined && { resetAt: timeOf(resetAt) }) };
}

/** The shape of {@link limitStates}. */
export { LimitView };

/** @throws {AdminError} `not_found` */
export function keyOf(parts: AdminParts, id: string): KeyRecord {
  const record = directoryOf(parts).key(id);
  if (record === undefined) throw notFound(`key ${JSON.stringify(id)}`);
  return record;
}

function draftOf({
  expiresAt,
  ...rest
}: Readonly<Record<string, unknown>> & { expiresAt?: string | undefined }): KeyDraft {
  return { ...rest, ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }) };
}

function draftOfRecord(record: KeyRecord): KeyDraft {
  const { id: _id, secrets: _s, createdAt: _c, revision: _r, managed: _m, lastUsedAt: _l, ...draft } = record;
  return draft;
}

function viewOf(record: KeyRecord): Omit<Sent<typeof Key>, "state" | "problem"> {
  const { group, expiresAt, lastUsedAt, secrets } = record;
  return {
    ...viewOfNode(record),
    ...(group !== undefined && { group }),
    ...(expiresAt !== undefined && { expiresAt: timeOf(expiresAt) }),
    ...(lastUsedAt !== undefined && { lastUsedAt: timeOf(lastUsedAt) }),
    secrets: secrets.map((secret) => ({
      start: `aik_${secret.publicPart}`,
      createdAt: timeOf(secret.createdAt),
      ...(secret.expiresAt !== undefined && { expiresAt: timeOf(secret.expiresAt) }),
    })),
  };
}
