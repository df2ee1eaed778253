import type { Io } from "../../io.js";
import { pathOf } from "./admin-client.js";
import { type AdminOptions, connect, formatTable, print } from "./connect.js";

/** Options of the commands that change the state of a route. */
export interface PartOptions extends AdminOptions {
  readonly part?: string;
  readonly model?: string;
}

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

/** What calls, or attempts, do now and did in the last minutes. */
interface Activity {
  readonly running: number;
  readonly calls: number;
  readonly failures: number;
  readonly latency?: { readonly firstContentMs: Percentiles; readonly totalMs: Percentiles };
  readonly lastError?: { readonly code: string; readonly status?: number; readonly at: string };
}

interface TargetName {
  readonly provider: string;
  readonly model?: string;
  readonly key?: string;
}

interface Target extends TargetName, Activity {
  readonly cooldown?: { readonly until: string; readonly code: string };
}

interface Member {
  readonly name: string;
  readonly skipped?: string;
  readonly waits?: string;
  readonly target?: TargetName;
  readonly members?: readonly Member[];
}

interface Route {
  readonly name: string;
  readonly calls: Activity;
  readonly member: Member;
  readonly targets: readonly Target[];
  readonly parts: readonly { readonly id: string }[];
}

/** Prints the routes, each with what it asks. */
export async function listRoutes(io: Io, options: AdminOptions): Promise<void> {
  const routes = await connect(io, options).all<Route>("/routes");
  print(io, options, routes, formatRoutes);
}

/** Prints one route, with the ids of the parts that `release` and `isolate` take. */
export async function showRoute(io: Io, name: string, options: AdminOptions): Promise<void> {
  const { body } = await connect(io, options).call<Route>("GET", pathOf("/routes/{name}", { name }));
  print(io, options, body, formatRoute);
}

/** Ends cooldowns and closes circuits of a route early. */
export async function releaseRoute(io: Io, name: string, options: PartOptions): Promise<void> {
  await changeRoute(io, name, "release", options);
}

/** Opens circuits of a route until they are released. */
export async function isolateRoute(io: Io, name: string, options: PartOptions): Promise<void> {
  await changeRoute(io, name, "isolate", options);
}

async function changeRoute(io: Io, name: string, change: string, options: PartOptions): Promise<void> {
  const { part, model } = options;
  const path = pathOf(`/routes/{name}/${change}`, { name });
  const { body } = await connect(io, options).call<Route>("POST", path, { body: { part, model } });
  print(io, options, body, formatRoute);
}

function formatRoute(route: Route): string {
  const { parts } = route;
  if (parts.length === 0) return formatRoutes([route]);
  return [
    formatRoutes([route]),
    "",
    formatTable(
      ["PART"],
      parts.map(({ id }) => [id]),
    ),
  ].join("\n");
}

function formatRoutes(routes: readonly Route[]): string {
  return formatTable(
    ["ROUTE", "STATE", "RUNNING", "CALLS", "FAILED", "FIRST p50", "p95", "TOTAL p50", "p95", "LAST ERROR"],
    routes.flatMap(({ name, calls, member, targets }) => [
      [name, obstacleOf(member) ?? "", ...cellsOf(calls)],
      ...targets.map((target) => [`  ${targetText(target)}`, stateOf(target, member), ...cellsOf(target)]),
    ]),
  );
}

function cellsOf({ running, calls, failures, latency, lastError }: Activity): string[] {
  const { firstContentMs, totalMs } = latency ?? {};
  return [
    ...[running, calls, failures].map(String),
    ...[firstContentMs?.p50, firstContentMs?.p95, totalMs?.p50, totalMs?.p95].map((ms) =>
      ms === undefined ? "-" : String(ms),
    ),
    lastError === undefined
      ? ""
      : [lastError.code, ...(lastError.status === undefined ? [] : [lastError.status]), lastError.at].join(
          " ",
        ),
  ];
}

function targetText({ provider, model, key }: TargetName): string {
  return `${provider}${model === undefined ? "" : `/${model}`}${key === undefined ? "" : ` (key ${key})`}`;
}

function stateOf(target: Target, root: Member): string {
  const { cooldown } = target;
  if (cooldown !== undefined) return `cooling down until ${cooldown.until}`;
  const wanted = targetText(target);
  const find = (member: Member, around: string | undefined): string | undefined => {
    const own = obstacleOf(member) ?? around;
    if (member.target !== undefined && targetText(member.target) === wanted) return own;
    return (member.members ?? []).map((one) => find(one, own)).find((found) => found !== undefined);
  };
  return find(root, undefined) ?? "";
}

function obstacleOf({ skipped, waits }: Member): string | undefined {
  return skipped ?? (waits === undefined ? undefined : `calls wait: ${waits}`);
}
