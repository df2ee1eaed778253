import { z } from "zod";
import { readVersion } from "../../version.js";
import { openApiDocument } from "../openapi.js";
import { type AdminRoute, defineRoute } from "../route.js";

/** The route that answers with the document of a table, including this route. */
export function openApiRoute(routes: readonly AdminRoute[]): AdminRoute {
  let document: Record<string, unknown> | undefined;
  const own: AdminRoute = defineRoute({
    id: "getOpenApi",
    method: "GET",
    path: "/openapi.json",
    tag: "gateway",
    summary: "This document",
    role: "viewer",
    reply: z.record(z.string(), z.unknown()),
    handle: () => {
      document ??= { ...openApiDocument([...routes, own], readVersion()) };
      return { body: document };
    },
  });
  return own;
}
