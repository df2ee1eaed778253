import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { addAnthropic, KEY, prepareStage, runCommand } from "./support/command.js";

const stage = prepareStage();
const command = (args: readonly string[]) => runCommand(stage, args);
const home = (...names: string[]) => join(stage.environment["HOME"] ?? "", ...names);
const complete = async (...words: string[]) =>
  (await command(["__complete", "--", ...words])).stdout.split("\n").filter((line) => line !== "");

describe("completion", () => {
  it("knows commands, those below them, and options", async () => {
    expect(await complete("mo")).toEqual(["models"]);
    expect(await complete("keys", "")).toEqual(expect.arrayContaining(["set", "rm", "test", "list", "path"]));
    expect(await complete("chat", "--con")).toEqual(["--continue", "--conversation"]);
    expect(await complete("--sch")).toEqual(["--schema"]);
    expect(await complete("")).not.toContain("__complete");
    expect(await complete("completion", "z")).toEqual(["zsh"]);
  });

  it("knows models, providers, aliases, templates and conversations", async () => {
    await command(["aliases", "set", "quick", "openai/gpt-x"]);
    expect(await complete("-m", "qui")).toEqual(["quick"]);
    expect(await complete("-m", "anthropi")).toContain("anthropic");
    expect(await complete("ask", "--model", "groq/")).toContain("groq/openai/gpt-oss-120b");
    expect(await complete("keys", "set", "mist")).toContain("mistral");
    await mkdir(home(".config/ai-lib/templates"), { recursive: true });
    await writeFile(home(".config/ai-lib/templates/translate.yaml"), "prompt: x");
    expect(await complete("-t", "")).toEqual(["translate"]);
    expect(await complete("--template=tr")).toEqual(["--template=translate"]);
    await command(["--conversation", "work", "Hi"]);
    expect(await complete("--conversation", "w")).toEqual(["work"]);
  });

  it("leaves files to the shell", async () => {
    expect(await complete("-a", "x")).toEqual([":files"]);
    expect(await complete("chat", "-T", "")).toEqual([":files"]);
  });

  it("works in bash", async () => {
    const { stdout: script } = await command(["completion", "bash"]);
    const bin = home("bin");
    await mkdir(bin);
    await writeFile(
      home("main.sh"),
      '#!/bin/sh\n[ "$3" = ke ] && printf "keys\\n"; [ "$3" = -a ] && printf ":files\\n"; exit 0\n',
      { mode: 0o755 },
    );
    await symlink(home("main.sh"), join(bin, "ai-lib"));
    const test = `${script}\nCOMP_WORDS=(ai-lib ke); COMP_CWORD=1; _ai_lib; echo "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)("bash", ["-c", test], {
      env: { PATH: `${bin}:${process.env["PATH"]}` },
    });
    expect(stdout).toBe("keys\n");
    for (const shell of ["zsh", "fish"])
      expect((await command(["completion", shell])).stdout).toContain("__complete");
    expect((await command(["completion", "tcsh"])).code).toBe(2);
  });
});

describe("ai-lib doctor", () => {
  it("says what is fine: versions, settings, keys, the clock, and each provider with its key's origin", async () => {
    addAnthropic(stage);
    const { code, stdout } = await command(["doctor"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Node +ok +v/m);
    expect(stdout).toMatch(/^clock +ok +agrees with 127\.0\.0\.1/m);
    expect(stdout).toMatch(/^openai +ok +answers in .* \(OPENAI_API_KEY from the environment\)$/m);
    expect(stdout).toMatch(/^anthropic +ok/m);
  });

  it("says how to add a provider if none is configured", async () => {
    delete stage.environment["OPENAI_API_KEY"];
    const { code, stdout } = await command(["doctor"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^providers +note +no provider has a key: store one with `ai-lib keys set groq`/m);
  });

  it("finds hosts that do not answer and files that are damaged, and hides the password of a proxy", async () => {
    addAnthropic(stage);
    stage.environment["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:9";
    stage.environment["HTTPS_PROXY"] = `http://user:${KEY}@127.0.0.1:9`;
    await mkdir(home(".config/ai-lib"), { recursive: true });
    await writeFile(home(".config/ai-lib/settings.json"), "{", { mode: 0o600 });
    const { code, stdout } = await command(["doctor", "--json"]);
    expect(code).toBe(2);
    const found = JSON.parse(stdout) as { what: string; state: string; detail: string }[];
    const of = (what: string) => found.find((each) => each.what === what);
    expect(of("anthropic")).toMatchObject({
      state: "problem",
      detail: expect.stringContaining("NETWORK_ERROR"),
    });
    expect(of("settings")).toMatchObject({ state: "problem", detail: expect.stringContaining("damaged") });
    expect(of("HTTPS_PROXY")?.detail).toBe("http://(hidden)@127.0.0.1:9");
  });
});
