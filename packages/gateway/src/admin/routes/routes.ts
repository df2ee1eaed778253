import { z } from "zod";
import type { LivePart, LiveState } from "../../live/live-state.js";
import { pageByKey } from "../cursor.js";
import { AdminError, notFound } from "../errors.js";
import type { AdminParts } from "../parts.js";
import { type AdminRoute, defineRoute } from "../route.js";
import { name, PageQuery, pageOf } from "../shapes.js";
import { RouteView, type ServedRoute, viewOf } from "./route-view.js";

const params = z.strictObject({ name: z.string().min(1).max(200) });

const Selection = name(
  "PartSelection",
  z.strictObject({
    part: z.string().min(1).max(1_000).optional().describe("The id of one part. Default: all of the route"),
    model: z.string().min(1).max(300).optional().describe("Default: all models"),
  }),
);

export const ROUTE_ROUTES: readonly AdminRoute[] = [
  defineRoute({
    id: "listRoutes",
    method: "GET",
    path: "/routes",
    tag: "routes",
    summary: "The routes with their live state",
    role: "viewer",
    query: PageQuery,
    reply: pageOf("RoutePage", RouteView),
    handle: ({ parts, query, now }) => {
      const { data, ...rest } = pageByKey(parts.served.table().served(), (route) => route.name, query);
      return { body: { ...rest, data: data.map((route) => viewOf(parts, route, now)) } };
    },
  }),
  defineRoute({
    id: "getRoute",
    method: "GET",
    path: "/routes/{name}",
    tag: "routes",
    summary: "One route with its live state",
    role: "viewer",
    params,
    reply: RouteView,
    errors: ["not_found"],
    handle: ({ parts, params: { name: wanted }, now }) => ({
      body: viewOf(parts, routeOf(parts, wanted), now),
    }),
  }),
  defineRoute({
    id: "releaseRoute",
    method: "POST",
    path: "/routes/{name}/release",
    tag: "routes",
    summary: "Ends cooldowns and closes circuits early",
    role: "operator",
    params,
    body: Selection,
    reply: RouteView,
    action: "route.release",
    errors: ["not_found", "not_configured"],
    handle: ({ parts, params: { name: wanted }, body, now }) =>
      changeParts(parts, wanted, body, now, (live, part) => live.release(part, body.model)),
  }),
  defineRoute({
    id: "isolateRoute",
    method: "POST",
    path: "/routes/{name}/isolate",
    tag: "routes",
    summary: "Opens the circuit of a circuitBreaker, so that no call passes until it is released",
    role: "operator",
    params,
    body: Selection,
    reply: RouteView,
    action: "route.isolate",
    errors: ["not_found", "conflict", "not_configured"],
    handle: ({ parts, params: { name: wanted }, body, now }) => {
      const breakers = selected(parts, wanted, body.part).filter(({ word }) => word === "circuitBreaker");
      if (breakers.length === 0)
        throw new AdminError("conflict", "Only a circuitBreaker can be isolated, and there is none");
      return changeParts(parts, wanted, body, now, (live, part) => {
        if (part.word === "circuitBreaker") live.isolate(part, body.model);
      });
    },
  }),
  defineRoute({
    id: "purgeCache",
    method: "POST",
    path: "/cache/purge",
    tag: "routes",
    summary: "Drops the answers of `cache`",
    role: "operator",
    body: name(
      "CachePurge",
      z.strictObject({ route: z.string().min(1).max(200).optional().describe("Default: of all routes") }),
    ),
    reply: name("CachePurged", z.object({ parts: z.array(z.string()).describe("The ids of the caches") })),
    action: "cache.purge",
    errors: ["not_found", "not_configured"],
    handle: ({ parts, body: { route } }) => {
      if (route !== undefined) routeOf(parts, route);
      const caches = liveOf(parts).parts.filter(
        (part) => part.cache !== undefined && (route === undefined || part.route === route),
      );
      for (const { cache } of caches) cache?.purge();
      return { body: { parts: caches.map(({ id }) => id) }, audit: { target: route ?? "*" } };
    },
  }),
];

function changeParts(
  parts: AdminParts,
  route: string,
  { part, model }: z.output<typeof Selection>,
  now: number,
  change: (live: LiveState, part: LivePart) => void,
) {
  const before = viewOf(parts, routeOf(parts, route), now);
  const live = liveOf(parts);
  for (const one of selected(parts, route, part)) change(live, one);
  const body = viewOf(parts, routeOf(parts, route), now);
  const chosen = { ...(part !== undefined && { part }), ...(model !== undefined && { model }) };
  return {
    body,
    audit: {
      target: route,
      before: { ...chosen, parts: before.parts },
      after: { ...chosen, parts: body.parts },
    },
  };
}

/** The parts of a route, or the one that is named. @throws {AdminError} `not_found` */
function selected(parts: AdminParts, route: string, id: string | undefined): readonly LivePart[] {
  routeOf(parts, route);
  const found = liveOf(parts).parts.filter(
    (part) => part.route === route && (id === undefined || part.id === id),
  );
  if (id !== undefined && found.length === 0) throw notFound(`part ${JSON.stringify(id)} of the route`);
  return found;
}

function liveOf({ served }: AdminParts): LiveState {
  const live = served.plan()?.live;
  if (live === undefined) throw new AdminError("not_configured", "The gateway runs without a file");
  return live;
}

function routeOf({ served }: AdminParts, wanted: string): ServedRoute {
  const route = served
    .table()
    .served()
    .find((one) => one.name === wanted);
  if (route === undefined) throw notFound(`route ${JSON.stringify(wanted)}`);
  return route;
}
