import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { prepareStage, runCommand } from "./support/command.js";

const stage = prepareStage();
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(stage.folder, "batch-"));
  stage.simulator.batches("openai").plan = {};
});

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** Submits a file and returns the id. */
async function submit(path: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(stage, ["batch", "submit", path, "-q", ...args]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout.trim();
}

interface Line {
  readonly id: string;
  readonly outcome: string;
  readonly response?: { readonly text: string };
  readonly error?: { readonly code: string };
}

async function resultsOf(id: string, ...args: readonly string[]): Promise<Line[]> {
  const { code, stdout } = await runCommand(stage, ["batch", "results", id, "--poll", "0.01", "-q", ...args]);
  expect(code).toBe(0);
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Line).sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe("ai-lib batch", () => {
  it("sends prompts, requests and rows of JSON lines, and prints every result", async () => {
    const rows = [
      '"A prompt"',
      '{"id": "b", "prompt": "Another"}',
      '{"custom_id": "c", "messages": [{"role": "user", "content": "A request"}]}',
      '{"id": "d", "kind": "embed", "request": {"inputs": ["a text"]}}',
    ];
    const id = await submit(await fileOf("rows.jsonl", `${rows.join("\n")}\n`));
    const results = await resultsOf(id);
    expect(results.map((each) => [each.id, each.outcome])).toEqual(
      ["0", "b", "c", "d"].map((each) => [each, "succeeded"]),
    );
    expect(results[1]?.response?.text).toContain("Another");
  });

  it("fills the fields of CSV into a prompt, for the model that is named", async () => {
    const path = await fileOf("rows.csv", 'id,text\r\none,"a, b"\r\ntwo,"says ""hi"""\r\n');
    const id = await submit(path, "-m", "openai/some-model", "--prompt", "Repeat: {text}");
    const results = await resultsOf(id);
    expect(results[0]?.response?.text).toContain("Repeat: a, b");
    expect(results[1]?.response?.text).toContain('Repeat: says "hi"');
    const { stdout } = await runCommand(stage, ["batch", "status", id, "--json"]);
    expect(JSON.parse(stdout).parts[0]).toMatchObject({ provider: "openai", model: "some-model", rows: 2 });
  });

  it("reads standard input, writes a file, and says what failed and how to continue", async () => {
    stage.simulator.batches("openai").plan = { rowStatus: (row) => (row === 1 ? 500 : undefined) };
    const sent = await runCommand(stage, ["batch", "submit", "-"], { stdin: '"one"\n"two"\n' });
    const id = sent.stdout.trim();
    expect(sent.stderr).toContain("2 of chat · openai/gpt-sim");
    const output = join(folder, "results.jsonl");
    const got = await runCommand(stage, ["batch", "results", id, "--poll", "0.01", "-o", output]);
    expect(got.stderr).toContain("1 of 2 succeeded, 1 failed");
    expect(got.stderr).toContain(`ai-lib batch retry ${id}`);
    expect((await readFile(output, "utf8")).trim().split("\n")).toHaveLength(2);
    stage.simulator.batches("openai").plan = {};
    const again = await runCommand(stage, ["batch", "retry", id]);
    expect((await resultsOf(again.stdout.trim())).map((each) => each.outcome)).toEqual(["succeeded"]);
  });

  it("lists, cancels and removes", async () => {
    stage.simulator.batches("openai").plan = { questions: 1_000 };
    const id = await submit(await fileOf("rows.jsonl", '"one"\n"two"\n'), "--key", "a key");
    expect(await submit(await fileOf("other.jsonl", '"three"\n'), "--key", "a key")).toBe(id);
    const list = await runCommand(stage, ["batch", "status"]);
    expect(list.stdout).toMatch(new RegExp(`${id} +running`));
    const cancelled = await runCommand(stage, ["batch", "cancel", id]);
    expect(cancelled.stderr).toBe("The batch has ended: it is cancelled\n");
    expect((await resultsOf(id)).map((each) => each.outcome)).toEqual(["succeeded", "cancelled"]);
    expect((await runCommand(stage, ["batch", "rm", id])).code).toBe(0);
    expect((await runCommand(stage, ["batch", "status", "--json"])).stdout).toBe("[]\n");
    expect((await runCommand(stage, ["batch", "results", id])).stderr).toContain(
      `There is no batch job "${id}"`,
    );
  });

  it("shows a bar on a terminal, which goes away", async () => {
    stage.simulator.batches("openai").plan = { questions: 2 };
    const id = await submit(await fileOf("rows.jsonl", '"one"\n"two"\n'));
    const { stderr } = await runCommand(stage, ["batch", "results", id, "--poll", "0.01"], {
      terminal: ["stderr"],
    });
    expect(stderr).toContain("0 % · 0 of 2");
    expect(stderr).toContain("100 % · 2 of 2 · done");
    expect(stderr).toContain("\r\u001b[K2 of 2 succeeded");
  });

  it("refuses what it cannot read before anything is sent, naming the line", async () => {
    const before = stage.simulator.batches("openai").all().length;
    const cases = [
      [await fileOf("a.jsonl", '"fine"\n{broken\n'), "Line 2 is no JSON"],
      [await fileOf("b.jsonl", '{"text": "x"}\n'), 'Line 1 has no "prompt", "messages" or "request"'],
      [join(folder, "missing.jsonl"), "cannot be read"],
    ] as const;
    for (const [path, message] of cases) {
      const { code, stderr } = await runCommand(stage, ["batch", "submit", path]);
      expect([code !== 0, stderr]).toEqual([true, expect.stringContaining(message)]);
    }
    const missing = await runCommand(stage, ["batch", "submit", cases[1][0], "--prompt", "Do {it}"]);
    expect(missing.stderr).toContain('Line 1 has no field "it"; it has: text');
    expect((await runCommand(stage, ["batch", "status", "--json"])).stdout).toBe("[]\n");
    expect(stage.simulator.batches("openai").all()).toHaveLength(before);
  });
});
