import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** A PostgreSQL server of this test's own, on loopback. */
export interface Postgres {
  /** Makes an empty database. @returns its URL */
  database(name: string): Promise<string>;
  /** Ends the server as a crash does. */
  kill(): Promise<void>;
  /** Starts it again after `kill`. */
  restart(): Promise<void>;
  /** Its processes: one for each connection, and others. */
  pids(): readonly number[];
  /** Stops all its processes where they are: connections stay open, and nothing answers. */
  freeze(): void;
  /** Lets them go on. */
  thaw(): void;
  close(): Promise<void>;
}

const HOME = "/usr/lib/postgresql";

/** The folder of the newest version's programs. */
function programs(): string {
  const versions = existsSync(HOME) ? readdirSync(HOME).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(HOME, version, "bin"))
    .find((bin) => existsSync(join(bin, "initdb")));
  if (found === undefined)
    throw new Error("PostgreSQL is not installed. On Debian: apt-get install postgresql");
  return found;
}

/** The user that the server runs as: it refuses to be root. */
function account(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8")) ?? [];
  if (uid === undefined) throw new Error("There is no user postgres. On Debian: apt-get install postgresql");
  return { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** @throws {Error} where PostgreSQL is not installed; the message says how to install it. */
export async function startPostgres(): Promise<Postgres> {
  const bin = programs();
  const user = account();
  const folder = await mkdtemp(join(tmpdir(), "gateway-postgres-"));
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined)
    for (const path of [folder, data]) chownSync(path, user.uid, user.gid);
  const made = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "gateway", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
    { ...user, cwd: folder, encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const url = (name: string) => `postgres://gateway@127.0.0.1:${port}/${name}`;
  let server: ChildProcess;
  const start = async () => {
    server = spawn(
      join(bin, "postgres"),
      [
        "-D",
        data,
        "-p",
        String(port),
        "-h",
        "127.0.0.1",
        "-k",
        "",
        "-c",
        "fsync=off",
        "-c",
        "max_connections=40",
      ],
      { ...user, cwd: folder, stdio: "ignore" },
    );
    for (let i = 0; i < 200; i++) {
      const client = new pg.Client({ connectionString: url("postgres") });
      client.on("error", () => undefined);
      try {
        await client.connect();
        await client.end();
        return;
      } catch {
        await sleep(50);
      }
    }
    throw new Error("PostgreSQL does not answer");
  };
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, "exit");
  };
  const pids = () => {
    const { pid = 0 } = server;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return [pid, ...children.split(" ").map(Number).filter(Boolean)];
  };
  const signal = (name: NodeJS.Signals) => {
    for (const pid of pids()) process.kill(pid, name);
  };
  await start();
  return {
    async database(name) {
      const client = new pg.Client({ connectionString: url("postgres") });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return url(name);
    },
    kill: () => end("SIGQUIT"),
    pids,
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    restart: start,
    async close() {
      await end("SIGINT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
