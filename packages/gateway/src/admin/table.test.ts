import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { readVersion } from "../version.js";
import { ADMIN_ERRORS } from "./errors.js";
import { openApiDocument } from "./openapi.js";
import { parameterNames, Router } from "./router.js";
import { EMPTY, NO_BODY } from "./shapes.js";
import { ROUTES } from "./table.js";

describe("the table of the admin API", () => {
  it("makes a document that a validator of OpenAPI 3.1 accepts", async () => {
    const document = openApiDocument(ROUTES, readVersion());
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    expect([result.valid, result.errors]).toEqual([true, undefined]);
  });

  it("names every schema that it refers to", () => {
    const text = JSON.stringify(openApiDocument(ROUTES, readVersion()));
    const { components } = JSON.parse(text) as { components: { schemas: Record<string, unknown> } };
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(10);
    for (const name of named) expect(components.schemas).toHaveProperty(name ?? "");
  });

  it("is what the shipped document says", () => {
    const shipped = readFileSync(new URL("../../openapi.json", import.meta.url), "utf8");
    expect(JSON.parse(shipped), "npx ai-lib-gateway openapi > packages/gateway/openapi.json").toEqual(
      JSON.parse(JSON.stringify(openApiDocument(ROUTES, readVersion()))),
    );
  });

  it("has each operation and each method of a path once", () => {
    expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(ROUTES.length);
    const places = ROUTES.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`);
    expect(new Set(places).size).toBe(ROUTES.length);
  });

  it.each(ROUTES.map((route) => [route.id, route] as const))("%s is written down whole", (_, route) => {
    const names = Object.keys((route.params as unknown as { shape: object }).shape);
    expect(names.sort()).toEqual([...parameterNames(route.path)].sort());
    expect(route.summary).not.toMatch(/\.$/);
    // What changes something is noted, and what only reads is not; `POST /explain` has a body and changes nothing.
    const reads = route.method === "GET" || route.id === "explain";
    if (route.id !== "finishLogin") expect(route.action === undefined).toBe(reads);
    if (route.method === "GET") expect(route.body).toBe(NO_BODY);
    if (route.ifMatch === true) expect(names).toContain("id");
    if (route.method === "PATCH" || route.method === "DELETE")
      expect(route.ifMatch === true || route.id === "endSession").toBe(true);
    if (names.length === 0) expect(route.params).toBe(EMPTY);
  });

  it("has its calls and codes on its page", () => {
    const page = readFileSync(new URL("../../../../docs/gateway/admin.md", import.meta.url), "utf8");
    for (const { method, path } of ROUTES) expect(page).toContain(`\`${method} ${path}\``);
    for (const [code, status] of Object.entries(ADMIN_ERRORS))
      expect(page).toMatch(RegExp(`^\\| ${status} \\| .*\`${code}\``, "m"));
  });

  it("keeps its codes: they are frozen", () => {
    expect(ADMIN_ERRORS).toEqual({
      invalid_request: 400,
      unauthenticated: 401,
      forbidden: 403,
      csrf_failed: 403,
      not_found: 404,
      method_not_allowed: 405,
      conflict: 409,
      idempotency_in_progress: 409,
      version_conflict: 412,
      too_large: 413,
      unsupported_media_type: 415,
      wrong_host: 421,
      idempotency_mismatch: 422,
      precondition_required: 428,
      rate_limited: 429,
      internal: 500,
      not_configured: 501,
      identity_provider_failed: 502,
      store_unavailable: 503,
    });
  });
});

describe("the router", () => {
  const router = new Router(ROUTES);

  it("finds the route of a path, with the parameters in it", () => {
    const { route, params } = router.find("PATCH", "/admin/v1/keys/team%2Fa");
    expect([route.id, params]).toEqual(["updateKey", { id: "team/a" }]);
  });

  it.each([
    "/admin/v1/nothing",
    "/admin/v1",
    "/admin/v2/keys",
    "/keys",
    "/admin/v1/keys/",
    "/admin/v1/keys/%zz",
    "/admin/v1//keys",
  ])("knows no path %s", (path) => {
    expect(() => router.find("GET", path)).toThrow(expect.objectContaining({ code: "not_found" }));
  });

  it("says which methods a path takes", () => {
    expect(() => router.find("PUT", "/admin/v1/keys/a")).toThrow(
      expect.objectContaining({ code: "method_not_allowed", headers: { allow: "DELETE, GET, PATCH" } }),
    );
  });
});
