import { chmod, lstat, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { KEY, prepareStage, runCommand, type Streams } from "./support/command.js";

const stage = prepareStage();
const command = (args: readonly string[], streams?: Streams) => runCommand(stage, args, streams);
const home = () => stage.environment["HOME"] ?? "";
const readAuthorization = () => stage.simulator.attempts[0]?.http.headers["authorization"];

describe("ai-lib keys", () => {
  const path = () => join(home(), ".config", "ai-lib", "keys.json");

  it("stores a key from standard input in a file that only the owner can read, and does not print it", async () => {
    delete stage.environment["OPENAI_API_KEY"];
    const stored = await command(["keys", "set", "openai"], { stdin: `${KEY}\n` });
    expect(stored).toEqual({
      code: 0,
      stdout: "",
      stderr: `Stored OPENAI_API_KEY in ${path()}. Only you can read this file.\n`,
    });
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await stat(join(path(), ".."))).mode & 0o777).toBe(0o700);
    await command(["keys", "set", "groq"], { stdin: "gsk-1" });
    expect(JSON.parse(await readFile(path(), "utf8"))).toEqual({
      OPENAI_API_KEY: KEY,
      GROQ_API_KEY: "gsk-1",
    });
    expect((await command(["keys", "list"])).stdout).toMatch(
      /GROQ_API_KEY +stored\nOPENAI_API_KEY +stored\n/,
    );
    expect(await command(["Hi"])).toMatchObject({ code: 0, stdout: "You said: Hi\n" });
    expect(readAuthorization()).toBe(`Bearer ${KEY}`);
  });

  it("prefers the environment to the file, and says so", async () => {
    await command(["keys", "set", "openai"], { stdin: "sk-from-the-file" });
    await command(["Hi"]);
    expect(readAuthorization()).toBe(`Bearer ${KEY}`);
    expect(JSON.parse((await command(["keys", "list", "--json"])).stdout)).toEqual([
      { variable: "OPENAI_API_KEY", overridden: true },
    ]);
  });

  it("uses the file that AI_LIB_KEYS names, and prints its path", async () => {
    expect((await command(["keys", "path"])).stdout).toBe(`${path()}\n`);
    const own = join(home(), "own.json");
    stage.environment["AI_LIB_KEYS"] = own;
    expect((await command(["keys", "path"])).stdout).toBe(`${own}\n`);
    await command(["keys", "set", "groq"], { stdin: "gsk-1" });
    expect((await stat(own)).mode & 0o777).toBe(0o600);
  });

  it("refuses a file that others may read or change, and says how to fix it", async () => {
    const own = join(home(), "own.json");
    stage.environment["AI_LIB_KEYS"] = own;
    for (const mode of [0o644, 0o640, 0o602]) {
      await writeFile(own, '{"GROQ_API_KEY":"gsk-1"}');
      await chmod(own, mode);
      for (const args of [["keys", "list"], ["keys", "set", "openai"], ["Hi"]]) {
        const refused = await command(args, { stdin: "sk-new" });
        expect(refused.code).toBe(2);
        expect(refused.stderr).toContain(`chmod 600 ${own}`);
      }
      expect(await readFile(own, "utf8")).not.toContain("sk-new");
    }
    await chmod(own, 0o600);
    expect((await command(["keys", "list"])).code).toBe(0);
  });

  it("writes through no link that is there already, and follows a link of the user's own", async () => {
    const own = join(home(), "own.json");
    const real = join(home(), "real.json");
    stage.environment["AI_LIB_KEYS"] = own;
    await symlink(real, own);
    const nowhere = await command(["keys", "set", "groq"], { stdin: "gsk-1" });
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining("leads nowhere") });
    await writeFile(real, "{}", { mode: 0o600 });
    expect((await command(["keys", "set", "groq"], { stdin: "gsk-1" })).code).toBe(0);
    expect((await lstat(own)).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await readFile(real, "utf8"))).toEqual({ GROQ_API_KEY: "gsk-1" });
    await chmod(real, 0o644);
    expect((await command(["keys", "list"])).code).toBe(2);
    expect(await readdir(home())).not.toContainEqual(expect.stringContaining(".tmp"));
  });

  it("stores nothing if the key is empty or the provider unknown", async () => {
    expect((await command(["keys", "set", "openai"])).code).toBe(2);
    const unknown = await command(["keys", "set", "opnai"], { stdin: KEY });
    expect(unknown.stderr).toContain('did you mean "openai"');
    expect(unknown.code).toBe(2);
    expect((await command(["keys", "list"])).stderr).toContain("ai-lib keys set groq");
  });

  it("names a damaged file, and prints none of its content", async () => {
    const own = join(home(), "own.json");
    stage.environment["AI_LIB_KEYS"] = own;
    await writeFile(own, `{ "OPENAI_API_KEY": "${KEY}"`, { mode: 0o600 });
    const { code, stderr } = await command(["Hi"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`The keys file ${own} is damaged`);
  });
});
