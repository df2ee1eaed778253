import type { AdminRoute } from "./route.js";
import { listAudit } from "./routes/audit.js";
import { getConfig, reloadConfig } from "./routes/config.js";
import { explain } from "./routes/explain.js";
import { getStatus } from "./routes/gateway.js";
import { GROUP_ROUTES } from "./routes/groups.js";
import { KEY_ROUTES } from "./routes/keys.js";
import { LOG_ROUTES } from "./routes/logs.js";
import { openApiRoute } from "./routes/openapi.js";
import { RATE_ROUTES } from "./routes/rates.js";
import { ROUTE_ROUTES } from "./routes/routes.js";
import { beginLogin, endSession, finishLogin, getSession } from "./routes/session.js";
import { getUsage } from "./routes/usage.js";

const CALLS: readonly AdminRoute[] = [
  getStatus,
  ...[getSession, beginLogin, finishLogin, endSession],
  ...[getConfig, reloadConfig],
  ...KEY_ROUTES,
  ...GROUP_ROUTES,
  getUsage,
  ...RATE_ROUTES,
  ...LOG_ROUTES,
  ...ROUTE_ROUTES,
  explain,
  listAudit,
];

/** Every route of the admin API. Requests are routed, checked, authorized and documented from this table. */
export const ROUTES: readonly AdminRoute[] = [...CALLS, openApiRoute(CALLS)];
