import { z } from "zod";
import type { GroupDraft } from "../../keys/key-directory.js";
import type { GroupRecord } from "../../keys/record.js";
import { groupFields } from "../../keys/shapes.js";
import { pageByKey } from "../cursor.js";
import { change, changeRecord, directoryOf, revisionOf } from "../directory.js";
import { notFound } from "../errors.js";
import type { AdminParts } from "../parts.js";
import { type AdminRoute, defineRoute, type Sent } from "../route.js";
import { Id, name, PageQuery, pageOf } from "../shapes.js";
import { LimitView, limitStates } from "./keys.js";
import { checkRoutes } from "./known-routes.js";
import { changeOf, nodeViewFields, patched, patchOf, versionOf, viewOfNode } from "./node-shapes.js";
import { checkUnused } from "./used-ids.js";

const Group = name(
  "Group",
  z.object({ ...groupFields, ...nodeViewFields, level: groupFields.level.unwrap() }),
);

const params = z.strictObject({ id: Id });

export const GROUP_ROUTES: readonly AdminRoute[] = [
  defineRoute({
    id: "listGroups",
    method: "GET",
    path: "/groups",
    tag: "groups",
    summary: "The groups that keys are in, by their ids",
    role: "viewer",
    query: PageQuery.extend({ parent: Id.optional().describe("Groups within this one alone") }),
    reply: pageOf("GroupPage", Group),
    errors: ["not_configured"],
    handle: ({ parts, query }) => {
      const groups = directoryOf(parts)
        .groups()
        .filter(({ parent }) => query.parent === undefined || parent === query.parent);
      const { data, ...rest } = pageByKey(groups, ({ id }) => id, query);
      return { body: { ...rest, data: data.map(viewOf) } };
    },
  }),
  defineRoute({
    id: "createGroup",
    method: "POST",
    path: "/groups",
    tag: "groups",
    summary: "Makes a group",
    role: "operator",
    body: name("NewGroup", z.strictObject({ ...groupFields, id: Id })),
    reply: Group,
    status: 201,
    versioned: true,
    action: "group.create",
    errors: ["conflict", "not_configured"],
    handle: async ({ parts, body }) => {
      checkRoutes(parts, body);
      await checkUnused(parts, "group", body.id);
      const record = await change(() => directoryOf(parts).createGroup(body as GroupDraft));
      return { body: viewOf(record), ...changeOf(record, undefined, viewOf) };
    },
  }),
  defineRoute({
    id: "getGroup",
    method: "GET",
    path: "/groups/{id}",
    tag: "groups",
    summary: "One group",
    role: "viewer",
    params,
    reply: Group,
    versioned: true,
    errors: ["not_found", "not_configured"],
    handle: ({ parts, params: { id } }) => {
      const record = groupOf(parts, id);
      const body = viewOf(record);
      return { body, version: versionOf(body) };
    },
  }),
  defineRoute({
    id: "getGroupLimits",
    method: "GET",
    path: "/groups/{id}/limits",
    tag: "groups",
    summary: "The limits of a group and of the groups that it is in, with what is left of them",
    role: "viewer",
    params,
    reply: name("GroupLimits", z.object({ data: z.array(LimitView) })),
    errors: ["not_found", "not_configured"],
    handle: async ({ parts, params: { id } }) => {
      groupOf(parts, id);
      return { body: { data: await limitStates(parts, id, "group") } };
    },
  }),
  defineRoute({
    id: "updateGroup",
    method: "PATCH",
    path: "/groups/{id}",
    tag: "groups",
    summary: "Changes a group: given fields replace, `null` removes, absent ones stay",
    role: "operator",
    params,
    body: name("GroupPatch", patchOf(groupFields)),
    reply: Group,
    versioned: true,
    ifMatch: true,
    action: "group.update",
    errors: ["not_found", "conflict", "not_configured"],
    handle: ({ parts, params: { id }, body, version }) => {
      checkRoutes(parts, body);
      return changeRecord(version, async () => {
        const before = groupOf(parts, id);
        const draft = patched(draftOfRecord(before), body);
        const record = await directoryOf(parts).updateGroup(id, draft, revisionAsked(version, before));
        return { body: viewOf(record), ...changeOf(record, before, viewOf) };
      });
    },
  }),
  defineRoute({
    id: "deleteGroup",
    method: "DELETE",
    path: "/groups/{id}",
    tag: "groups",
    summary: "Deletes a group that nothing is in",
    role: "operator",
    params,
    ifMatch: true,
    action: "group.delete",
    errors: ["not_found", "conflict", "not_configured"],
    handle: ({ parts, params: { id }, version }) =>
      changeRecord(version, async () => {
        const before = groupOf(parts, id);
        await directoryOf(parts).deleteGroup(id, revisionAsked(version, before));
        return { audit: { target: id, before: viewOf(before) } };
      }),
  }),
];

function revisionAsked(version: string | undefined, record: GroupRecord): number {
  return revisionOf(version, { revision: record.revision, version: versionOf(viewOf(record)) });
}

function groupOf(parts: AdminParts, id: string): GroupRecord {
  const record = directoryOf(parts).group(id);
  if (record === undefined) throw notFound(`group ${JSON.stringify(id)}`);
  return record;
}

function draftOfRecord(record: GroupRecord): GroupDraft {
  const { createdAt: _c, revision: _r, managed: _m, ...draft } = record;
  return draft;
}

function viewOf(record: GroupRecord): Sent<typeof Group> {
  const { level, parent } = record;
  return { ...viewOfNode(record), level, ...(parent !== undefined && { parent }) };
}
