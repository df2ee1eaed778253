import { AiLibError, type Price } from "ai-lib";
import type { SpendQuery, SpentHour } from "../../limits/limit-state.js";
import {
  USAGE_DIMENSIONS,
  type UsageDimension,
  type UsageFilter,
  type UsageGroup,
  type UsageQuery,
  type UsageReport,
  type UsageSum,
} from "../queries.js";
import type { SqlRow, SqlRunner, SqlValue } from "./database.js";
import { DAY, HOUR, SESSION_SPAN } from "./rollup.js";
import { add, NO_USAGE, type SumQuery, type Sums, sumUp } from "./sums.js";

/** The column of each dimension. Groups and tags are lists, whose members are distinguished after reading. */
const COLUMNS = {
  key: "key_id",
  group: "path",
  user: "user_id",
  session: "session_id",
  tag: "tags",
  route: "route",
  kind: "kind",
  provider: "provider",
  model: "model",
} as const satisfies Record<Exclude<UsageDimension, "hour" | "day">, string>;

const MAX_HOURS = 31 * 24;
const MAX_SESSION_DAYS = 7;
const MAX_GROUPS = 10_000;

type Prices = ReadonlyMap<string, Price | undefined>;

/**
 * Answers a question about usage from the rollups.
 * @throws {AiLibError} `INVALID_REQUEST` for one that is out of range.
 */
export async function readUsage(sql: SqlRunner, query: UsageQuery, prices: Prices): Promise<UsageReport> {
  const { groupBy = [], filter = {}, limit = 1_000 } = query;
  const ofSessions = groupBy.includes("session") || filter.session !== undefined;
  const whole = ofSessions ? DAY : HOUR;
  const from = Math.floor(query.from / whole) * whole;
  const to = Math.ceil(query.to / whole) * whole;
  check(query, from, to, limit);
  const time = groupBy.includes("hour") ? HOUR : groupBy.includes("day") ? DAY : undefined;
  const dimensions = groupBy.filter(
    (name): name is keyof typeof COLUMNS => name !== "hour" && name !== "day",
  );
  const condition = conditions(filter);
  const groups = new Map<string, Group>();
  const total: Sums = { ...NO_USAGE };
  const segments = ofSessions ? [{ span: SESSION_SPAN, from, to }] : segmentsOf(from, to, time === HOUR);
  for (const segment of segments) {
    const asked: SumQuery = {
      ...segment,
      ...condition,
      every: time,
      columns: dimensions.map((name) => COLUMNS[name]),
    };
    for (const { at, columns, sum } of await sumUp(sql, asked, prices)) {
      add(total, sum);
      for (const values of combinations(dimensions, columns, filter)) {
        const name = nameOf(at, dimensions, values);
        const known = groups.get(name);
        if (known !== undefined) addTo(known, sum);
        else groups.set(name, { at, values, sum, own: false });
      }
    }
  }
  const sorted = [...groups.values()].sort(time === undefined ? byCost : byTime);
  const groupOf = ({ at, values, sum }: Group): UsageGroup => {
    const by = at === undefined ? values : { ...values, [time === HOUR ? "hour" : "day"]: at };
    return { by, ...sum };
  };
  return {
    ...{ from, to, total },
    groups: sorted.slice(0, limit).map(groupOf),
    omitted: Math.max(0, sorted.length - limit),
  };
}

/** A group while it is added up: there may be as many as sessions in a week. */
interface Group {
  readonly at: number | undefined;
  readonly values: Values;
  sum: UsageSum;
  /** The sum is this group's alone, and not that of a row, which several groups may have. */
  own: boolean;
}

function addTo(group: Group, sum: UsageSum): void {
  if (!group.own) {
    group.sum = { ...group.sum };
    group.own = true;
  }
  add(group.sum, sum);
}

/** Tells groups apart. */
function nameOf(
  at: number | undefined,
  dimensions: readonly (keyof typeof COLUMNS)[],
  values: Values,
): string {
  const [only, ...others] = dimensions;
  if (at === undefined && only !== undefined && others.length === 0) return values[only] ?? "\0";
  return JSON.stringify([at ?? null, ...dimensions.map((dimension) => values[dimension] ?? null)]);
}

/** What a node used, by the hour; in one sum for `from: 0`. */
export async function readSpent(
  sql: SqlRunner,
  { node, routes, from }: SpendQuery,
  now: number,
  prices: Prices,
): Promise<SpentHour[]> {
  const { where, values } = conditions({ [node.kind]: node.id });
  const among = amongRoutes(routes);
  const rows = await sumUp(
    sql,
    {
      ...(from === 0 ? { span: DAY, from: 0 } : { span: HOUR, from, every: HOUR }),
      to: Math.ceil(now) + DAY,
      columns: ["provider"],
      where: [...where, ...among.where],
      values: [...values, ...among.values],
    },
    prices,
  );
  const hours = new Map<number, { -readonly [N in keyof SpentHour]: SpentHour[N] }>();
  for (const { at = 0, columns, sum } of rows) {
    const hour = hours.get(at) ?? { at, requests: 0, tokens: 0, dollars: 0 };
    hours.set(at, hour);
    // A call without an attempt that was made counts for no provider.
    if (columns["provider"] !== "") hour.requests += sum.calls;
    hour.tokens += sum.input + sum.output;
    hour.dollars += sum.dollars;
  }
  return [...hours.values()].sort((a, b) => a.at - b.at);
}

function check({ groupBy = [], filter = {} }: UsageQuery, from: number, to: number, limit: number): void {
  const session = groupBy.includes("session");
  const wrong =
    groupBy.length > 3 || new Set(groupBy).size < groupBy.length
      ? "groupBy takes at most three different dimensions"
      : !groupBy.every((name) => USAGE_DIMENSIONS.includes(name))
        ? `groupBy takes: ${USAGE_DIMENSIONS.join(", ")}`
        : groupBy.includes("hour") && groupBy.includes("day")
          ? "groupBy takes `hour` or `day`, not both"
          : !(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from < to)
            ? "from must be before to"
            : groupBy.includes("hour") && to - from > MAX_HOURS * HOUR
              ? "Usage by the hour is given for 31 days at most"
              : groupBy.includes("hour") && (session || filter.session !== undefined)
                ? "Usage of sessions is given by the day"
                : session && filter.session === undefined && to - from > (MAX_SESSION_DAYS + 1) * DAY
                  ? `Usage by session is given for ${MAX_SESSION_DAYS} days at most`
                  : !(limit >= 1 && limit <= MAX_GROUPS)
                    ? `limit must be 1 to ${MAX_GROUPS}`
                    : undefined;
  if (wrong !== undefined) throw new AiLibError({ code: "INVALID_REQUEST", message: wrong, local: true });
}

/** The rollups that cover a time: by the day where whole days are in it, else by the hour. */
function segmentsOf(from: number, to: number, hourly: boolean): Pick<SumQuery, "span" | "from" | "to">[] {
  const first = Math.ceil(from / DAY) * DAY;
  const last = Math.floor(to / DAY) * DAY;
  if (hourly || first >= last) return [{ span: HOUR, from, to }];
  return [
    { span: HOUR, from, to: first },
    { span: DAY, from: first, to: last },
    { span: HOUR, from: last, to },
  ].filter((segment) => segment.from < segment.to);
}

/** Conditions on the dimensions for exact values. */
function conditions(filter: UsageFilter): { readonly where: string[]; readonly values: SqlValue[] } {
  const where: string[] = [];
  const values: SqlValue[] = [];
  for (const [name, value] of Object.entries(filter)) {
    if (value === undefined) continue;
    const column = COLUMNS[name as keyof typeof COLUMNS];
    where.push(
      name === "group" || name === "tag"
        ? `${column} IN (SELECT list FROM gateway_lists WHERE member = ?)`
        : `${column} = ?`,
    );
    values.push(value);
  }
  return { where, values };
}

/** The rule of `isListed`. `LIKE` would not do: it has wildcards of its own, and in SQLite it takes any case. */
function amongRoutes(routes: SpendQuery["routes"]): {
  readonly where: string[];
  readonly values: SqlValue[];
} {
  if (routes === undefined) return { where: [], values: [] };
  const ways = routes.map((name): [way: string, ...values: SqlValue[]] => {
    if (!name.endsWith("*")) return ["route = ?", name];
    const prefix = name.slice(0, -1);
    // Databases count whole characters, and not their halves in UTF-16.
    return ["substr(route, 1, ?) = ?", [...prefix].length, prefix];
  });
  return {
    where: [`(${ways.map(([way]) => way).join(" OR ") || "route IS NULL"})`],
    values: ways.flatMap(([, ...values]) => values),
  };
}

type Values = Partial<Record<keyof typeof COLUMNS, string | undefined>>;

/** The groups that a row belongs to: one for each member of its lists. */
function combinations(
  dimensions: readonly (keyof typeof COLUMNS)[],
  row: SqlRow,
  filter: UsageFilter,
): Values[] {
  const [only] = dimensions;
  if (only !== undefined && dimensions.length === 1 && only !== "group" && only !== "tag")
    return [{ [only]: textOf(row[COLUMNS[only]]) }];
  let found: Values[] = [{}];
  for (const name of dimensions) {
    const text = row[COLUMNS[name]];
    const values = name === "group" || name === "tag" ? membersOf(text, filter[name]) : [textOf(text)];
    found = found.flatMap((known) => values.map((value) => ({ ...known, [name]: value })));
  }
  return found;
}

/** The text of a column; undefined for none. */
function textOf(value: SqlValue | undefined): string | undefined {
  return value === "" || value === null || value === undefined ? undefined : String(value);
}

/** The members of a list; only the one that the filter asks for, where it does. */
function membersOf(list: SqlValue | undefined, only: string | undefined): (string | undefined)[] {
  if (only !== undefined) return [only];
  const members = [...new Set(JSON.parse(String(list)) as string[])];
  return members.length === 0 ? [undefined] : members;
}

function byCost({ sum: a }: Group, { sum: b }: Group): number {
  return b.dollars - a.dollars || b.input + b.output - (a.input + a.output) || b.calls - a.calls;
}

function byTime(a: Group, b: Group): number {
  return (a.at ?? 0) - (b.at ?? 0) || byCost(a, b);
}
