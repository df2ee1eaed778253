import { type Command, Option } from "commander";
import type { Io } from "../../io.js";

/** Adds the options of every command that asks an admin API. */
export function withAdminOptions(command: Command): Command {
  return command
    .option(
      "--url <address>",
      "of the admin API (default: AI_LIB_GATEWAY_ADMIN_URL, else http://127.0.0.1:4101)",
    )
    .option("--insecure", "send the token over plain HTTP beyond loopback")
    .option("--json", "print JSON");
}

/** Adds the options of the fields of a key. */
function withKeyFields(command: Command): Command {
  return command
    .option("--name <text>", "a name for people")
    .option("--group <id>", "the group that it is in")
    .option("--limit <limit...>", "such as requests=1000/minute, dollars=50/month or concurrent=10")
    .option("--route <name...>", "routes that it may use; a name may end with *")
    .option("--model <name...>", "models that it may ask for; a name may end with *")
    .option("--kind <kind...>", "kinds of call that it may make")
    .option("--network <network...>", "addresses that its clients may have, such as 10.0.0.0/8")
    .option("--expires <time>", "a time such as 2027-01-31, or a span such as 90d");
}

/** Adds the options of the fields of a group. */
function withGroupFields(command: Command): Command {
  return command
    .option("--name <text>", "a name for people")
    .option("--parent <id>", "the group that it is in")
    .option("--level <level>", "organisation, team or user (default: team)")
    .option("--limit <limit...>", "such as requests=1000/minute, dollars=50/month or concurrent=10")
    .option("--route <name...>", "routes that its keys may use; a name may end with *")
    .option("--model <name...>", "models that its keys may ask for; a name may end with *")
    .option("--kind <kind...>", "kinds of call that its keys may make")
    .option("--network <network...>", "addresses that its clients may have, such as 10.0.0.0/8");
}

function clearOption(fields: readonly string[]): Option {
  return new Option("--clear <field...>", "remove fields").choices(fields);
}

/** Adds `keys` and its commands. The token is in AI_LIB_GATEWAY_ADMIN_TOKEN. */
export function addKeys(root: Command, io: Io): void {
  const keys = root
    .command("keys")
    .description("make, show and change keys of clients, over the admin API of a running gateway");
  const load = () => import("./keys-command.js");
  const command = (name: string, description: string) =>
    withAdminOptions(keys.command(name).description(description));
  command("list", "list the keys")
    .option("--group <id>", "those of one group")
    .action(async (options) => (await load()).listKeys(io, options));
  withKeyFields(command("create [id]", "make a key and print its secret, which is shown once")).action(
    async (id: string | undefined, options) => (await load()).createKey(io, id, options),
  );
  command("show <id>", "show one key").action(async (id: string, options) =>
    (await load()).showKey(io, id, options),
  );
  withKeyFields(
    command("update <id>", "change a key; what is not given stays, a list replaces the one before"),
  )
    .addOption(clearOption(["name", "group", "limits", "routes", "models", "kinds", "networks", "expiry"]))
    .action(async (id: string, options) => (await load()).updateKey(io, id, options));
  command("rotate <id>", "make a new secret and print it, which is shown once")
    .option("--grace <span>", "how long the old secret stays valid, such as 1h; 0 ends it (default: 1d)")
    .action(async (id: string, options) => (await load()).rotateKey(io, id, options));
  command("revoke <id>", "refuse a key from the next call on, until enable")
    .option("--delete", "delete it for good")
    .action(async (id: string, options) => (await load()).revokeKey(io, id, options));
  command("enable <id>", "let a key that was revoked call again").action(async (id: string, options) =>
    (await load()).enableKey(io, id, options),
  );
  command("delete <id>", "delete a key for good; what it used stays in the ledger").action(
    async (id: string, options) => (await load()).deleteKey(io, id, options),
  );
  command("limits <id>", "show the limits of a key and of its groups, with what is left of them")
    .option("--set <limit...>", "replace the key's own limits")
    .option("--clear", "remove the key's own limits")
    .action(async (id: string, options) => (await load()).limitKey(io, id, options));
}

/** Adds `groups` and its commands. */
export function addGroups(root: Command, io: Io): void {
  const groups = root
    .command("groups")
    .description("make, show and change groups of keys, over the admin API of a running gateway");
  const load = () => import("./groups-command.js");
  const command = (name: string, description: string) =>
    withAdminOptions(groups.command(name).description(description));
  command("list", "list the groups")
    .option("--parent <id>", "those within one group")
    .action(async (options) => (await load()).listGroups(io, options));
  withGroupFields(command("create <id>", "make a group")).action(async (id: string, options) =>
    (await load()).createGroup(io, id, options),
  );
  withGroupFields(
    command("update <id>", "change a group; what is not given stays, a list replaces the one before"),
  )
    .addOption(clearOption(["name", "parent", "limits", "routes", "models", "kinds", "networks"]))
    .action(async (id: string, options) => (await load()).updateGroup(io, id, options));
  command("show <id>", "show one group").action(async (id: string, options) =>
    (await load()).showGroup(io, id, options),
  );
  command(
    "limits <id>",
    "show the limits of a group and of the groups that it is in, with what is left of them",
  )
    .option("--set <limit...>", "replace the limits")
    .option("--clear", "remove the limits")
    .action(async (id: string, options) => (await load()).limitGroup(io, id, options));
  command("disable <id>", "refuse all keys within a group from the next call on").action(
    async (id: string, options) => (await load()).switchGroup(io, id, true, options),
  );
  command("enable <id>", "let the keys within a group call again").action(async (id: string, options) =>
    (await load()).switchGroup(io, id, false, options),
  );
  command("delete <id>", "delete a group that nothing is in").action(async (id: string, options) =>
    (await load()).deleteGroup(io, id, options),
  );
}

/** Adds `rates` and its commands. */
export function addRates(root: Command, io: Io): void {
  const load = () => import("./rates-command.js");
  const rates = root
    .command("rates")
    .description("show and correct the prices of the ledger, over the admin API of a running gateway");
  withAdminOptions(rates.command("list"))
    .description("list the rates")
    .option("--provider <id>", "those of one provider")
    .option("--model <name>", "those of one model")
    .action(async (options) => (await load()).listRates(io, options));
  const amount = "<dollars>";
  withAdminOptions(rates.command("set <id>"))
    .description("set the price of a rate, for past usage too; what is not given stays")
    .option(`--input ${amount}`, "for a million tokens of prompts")
    .option(`--output ${amount}`, "for a million tokens of answers")
    .option(`--cached-input ${amount}`, "for a million tokens read from the cache")
    .option(`--cache-write-input ${amount}`, "for a million tokens written to the cache")
    .option(`--request ${amount}`, "for each request")
    .action(async (id: string, options) => (await load()).setRate(io, id, options));
}

/** Adds the filters that `usage` and `logs` have in common. */
function withFilters(command: Command): Command {
  return withAdminOptions(command)
    .option("--since <time>", "a time such as 2027-01-31T12:00Z, or a span such as 7d (usage: default 1d)")
    .option("--until <time>", "exclusive (default: now)")
    .option("--key <id>", "calls of one key")
    .option("--group <id>", "calls of one group, with all that is in it")
    .option("--user <name>", "calls of one user")
    .option("--session <id>", "calls of one session (usage: on whole days)")
    .option("--tag <tag>", "calls with one tag")
    .option("--route <name>", "calls of one route")
    .option("--kind <kind>", "calls of one kind")
    .option("--provider <id>", "calls that one provider answered or failed")
    .option("--model <name>", "calls to one model");
}

/** Adds `usage`. */
export function addUsage(root: Command, io: Io): void {
  withFilters(root.command("usage"))
    .description("show calls, tokens and dollars, over the admin API of a running gateway")
    .option(
      "--by <dimensions>",
      "up to three of key, group, user, session, tag, route, kind, provider, model, hour, day, with commas",
    )
    .option("--limit <count>", "groups at most (default: 1000)")
    .action(async (options) => (await import("./usage-command.js")).showUsage(io, options));
}

/** Adds `logs` and its commands. */
export function addLogs(root: Command, io: Io): void {
  const load = () => import("./logs-command.js");
  const logs = withFilters(root.command("logs"))
    .description(
      "show calls that ended, over the admin API of a running gateway; ~ marks an estimate, ? an unknown price",
    )
    .option("--status <status>", "success, error or cancelled")
    .option("--code <code>", "calls that failed with one code")
    .option("--limit <count>", "calls at most (default: 50)")
    .option("-f, --follow", "show calls as they end")
    .action(async (options) => (await load()).showLogs(io, options));
  withAdminOptions(logs.command("show <id>"))
    .description("show one call with its attempts")
    .option("--content", "print what was asked and answered, where the configuration keeps it")
    .action(async (id: string, _options, command: Command) =>
      (await load()).showCall(io, id, command.optsWithGlobals()),
    );
}

/** Adds `routes` and its commands. */
export function addRoutes(root: Command, io: Io): void {
  const load = () => import("./routes-command.js");
  const routes = root
    .command("routes")
    .description("show routes with what they do now, over the admin API of a running gateway");
  const command = (name: string, description: string) =>
    withAdminOptions(routes.command(name).description(description));
  const withParts = (named: Command) =>
    named
      .option("--part <id>", "one part, by its id in `routes show` (default: all of the route)")
      .option("--model <name>", "for one model (default: for all)");
  command(
    "list",
    "list the routes and what they ask, with running calls, and calls, failures and milliseconds of the last 5 minutes",
  ).action(async (options) => (await load()).listRoutes(io, options));
  command("show <name>", "show one route, with its parts that have state").action(
    async (name: string, options) => (await load()).showRoute(io, name, options),
  );
  withParts(command("release <name>", "end cooldowns and close circuits early")).action(
    async (name: string, options) => (await load()).releaseRoute(io, name, options),
  );
  withParts(command("isolate <name>", "let no call pass a circuitBreaker, until release")).action(
    async (name: string, options) => (await load()).isolateRoute(io, name, options),
  );
}

/** Adds the commands about the gateway as a whole: `status`, `config`, `cache` and `audit`. */
export function addGateway(root: Command, io: Io): void {
  const load = () => import("./gateway-command.js");
  withAdminOptions(root.command("status"))
    .description("show the state of a running gateway, over its admin API")
    .action(async (options) => (await load()).showStatus(io, options));
  const config = root
    .command("config")
    .description("show or reload the configuration, over the admin API of a running gateway");
  withAdminOptions(config.command("show"))
    .description("print the configuration that is served, without secrets")
    .action(async (options) => (await load()).showConfig(io, options));
  withAdminOptions(config.command("reload"))
    .description("read the file again; a wrong one changes nothing")
    .action(async (options) => (await load()).reloadConfig(io, options));
  const cache = root
    .command("cache")
    .description("drop cached answers, over the admin API of a running gateway");
  withAdminOptions(cache.command("purge [route]"))
    .description("drop the answers of `cache` (default: of all routes)")
    .action(async (route: string | undefined, options) => (await load()).purgeCache(io, route, options));
  withAdminOptions(root.command("audit"))
    .description("show changes that were made or refused, over the admin API of a running gateway")
    .option("--since <time>", "a time such as 2027-01-31T12:00Z, or a span such as 7d")
    .option("--until <time>", "exclusive (default: now)")
    .option("--actor <id>", "those of one actor, such as token:deploy")
    .option("--action <action>", "one action, such as key.create")
    .option("--target <id>", "those of one target, such as a key")
    .option("--limit <count>", "entries at most (default: 50)")
    .action(async (options) => (await load()).showAudit(io, options));
}
