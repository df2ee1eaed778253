import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { prepareStage, runCommand } from "./support/command.js";

const stage = prepareStage();
beforeEach(() => {
  stage.simulator.otherAttempts.length = 0;
  stage.environment["COHERE_API_KEY"] = "co-test-0123456789abcdef";
  stage.environment["COHERE_BASE_URL"] = stage.simulator.baseUrl("cohere", "cohere-chat");
});

const lines = (text: string) => text.trim().split("\n");

describe("ai-lib embed and similar", () => {
  it("prints a vector a text, one a line", async () => {
    const { code, stdout } = await runCommand(stage, ["embed", "a", "text"]);
    expect([code, JSON.parse(stdout).length]).toEqual([0, 8]);
    const many = await runCommand(stage, ["embed", "--lines", "--dimensions", "4"], { stdin: "one\ntwo\n" });
    expect(lines(many.stdout).map((line) => JSON.parse(line).length)).toEqual([4, 4]);
  });

  it("keeps texts in a collection and finds the most alike", async () => {
    const notes = ["bread is baked", "violins have strings", "tea is hot"];
    const kept = await runCommand(stage, ["embed", "--store", "notes", "--lines"], {
      stdin: notes.join("\n"),
    });
    expect([kept.code, kept.stderr]).toEqual([0, "Stored in notes: 3 (openai/text-embedding-3-small)\n"]);
    // The simulator's vectors depend on the text alone: the same text is its own neighbour.
    const found = await runCommand(stage, ["similar", "notes", "tea", "is", "hot", "-n", "2", "--json"]);
    const rows = JSON.parse(found.stdout) as { text: string; score: number }[];
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ text: "tea is hot", id: "tea is hot" });
    expect(rows[0]?.score).toBeCloseTo(1, 6);
    const plain = await runCommand(stage, ["similar", "notes", "tea is hot", "-n", "1"]);
    expect(plain.stdout).toBe("1.0000  tea is hot\n");
    expect(stage.simulator.at("openai", "embed").at(-1)?.request).toMatchObject({
      model: "text-embedding-3-small",
    });
    const list = await runCommand(stage, ["similar", "--json"]);
    expect(JSON.parse(list.stdout)).toEqual([
      { name: "notes", model: "openai/text-embedding-3-small", dimensions: 8, shortened: 0, texts: 3 },
    ]);
    const path = join(stage.environment["HOME"] ?? "", ".local/state/ai-lib/collections.db");
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it("replaces a text of the same id, and refuses vectors of another model", async () => {
    const file = join(stage.environment["HOME"] ?? "", "a.txt");
    await writeFile(file, "first");
    await runCommand(stage, ["embed", "--store", "docs", "-f", file]);
    await writeFile(file, "second");
    await runCommand(stage, ["embed", "--store", "docs", "-f", file]);
    const { stdout } = await runCommand(stage, ["similar", "docs", "second", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([{ id: file, text: "second" }]);
    const other = await runCommand(stage, [
      "embed",
      "x",
      "--store",
      "docs",
      "-m",
      "openai/text-embedding-3-large",
    ]);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("cannot be compared");
    expect((await runCommand(stage, ["similar", "docs", "--delete"])).code).toBe(0);
    const gone = await runCommand(stage, ["similar", "docs", "x"]);
    expect(gone.stderr).toContain('There is no collection "docs"');
  });

  it("asks for the dimensions of a collection whose vectors were shortened", async () => {
    await runCommand(stage, ["embed", "one", "--store", "short", "--dimensions", "3", "-q"]);
    const { code, stdout } = await runCommand(stage, ["similar", "short", "one"]);
    expect([code, stdout]).toEqual([0, "1.0000  one\n"]);
  });

  it("says what is missing", async () => {
    expect((await runCommand(stage, ["embed"])).stderr).toContain("Nothing to embed");
    expect((await runCommand(stage, ["embed", "-f", "/nowhere.txt"])).stderr).toContain("cannot be read");
    expect((await runCommand(stage, ["similar"])).stderr).toContain("There are no collections");
    delete stage.environment["OPENAI_API_KEY"];
    delete stage.environment["COHERE_API_KEY"];
    const { code, stderr } = await runCommand(stage, ["embed", "x"]);
    expect([code, stderr.includes("No configured provider answers calls of the kind")]).toEqual([2, true]);
  });
});

it("ai-lib rerank orders documents, or lines of standard input", async () => {
  const documents = ["coffee", "green tea, tea", "milk"];
  const { code, stdout } = await runCommand(stage, ["rerank", "tea", ...documents, "-n", "1"]);
  expect([code, stdout.trim().endsWith("green tea, tea")]).toEqual([0, true]);
  const piped = await runCommand(stage, ["rerank", "tea", "--json"], { stdin: documents.join("\n") });
  expect(JSON.parse(piped.stdout)[0]).toMatchObject({ index: 1, document: "green tea, tea" });
  expect((await runCommand(stage, ["rerank", "tea"])).code).toBe(2);
});

describe("ai-lib transcribe", () => {
  it.each([
    ["text", "This is a sample.\n"],
    ["json", '"text": "This is a sample."'],
  ])("prints %s", async (format, expected) => {
    const file = join(stage.environment["HOME"] ?? "", "a.wav");
    await writeFile(file, Buffer.from("RIFF----WAVEfmt "));
    const { code, stdout } = await runCommand(stage, ["transcribe", file, "--format", format, "-l", "en"]);
    expect([code, stdout.includes(expected)]).toEqual([0, true]);
    expect(stage.simulator.at("openai", "transcribe")[0]?.request).toMatchObject({
      language: "en",
      audio: { name: "a.wav" },
    });
  });

  it("says that subtitles need times, and what is no file", async () => {
    const file = join(stage.environment["HOME"] ?? "", "a.wav");
    await writeFile(file, Buffer.from("RIFF----WAVEfmt "));
    expect((await runCommand(stage, ["transcribe", file, "--format", "srt"])).stderr).toContain(
      "gives no times",
    );
    expect((await runCommand(stage, ["transcribe", "/nowhere.mp3"])).code).not.toBe(0);
    expect((await runCommand(stage, ["transcribe", file, "--format", "doc"])).code).toBe(2);
  });
});

it("ai-lib speak writes a file in the format of its ending", async () => {
  const output = join(stage.environment["HOME"] ?? "", "hello.mp3");
  const { code, stderr } = await runCommand(stage, ["speak", "Hello", "-o", output, "--voice", "nova"]);
  expect([code, stderr]).toEqual([0, `${output} (audio/mpeg)\n`]);
  expect((await readFile(output)).length).toBeGreaterThan(10);
  expect(stage.simulator.at("openai", "speak")[0]?.request).toMatchObject({
    text: "Hello",
    voice: "nova",
    format: "mp3",
  });
  const wrong = await runCommand(stage, ["speak", "Hello", "-o", "hello.doc"]);
  expect([wrong.code, wrong.stderr.includes("mp3")]).toEqual([2, true]);
  expect((await runCommand(stage, ["speak", "Hello"])).stderr).toContain("-o needs a file");
});

it("ai-lib speak takes a voice for each provider, and lists voices", async () => {
  const output = join(stage.environment["HOME"] ?? "", "hello.mp3");
  const voices = ["--voice", "elevenlabs=JBFqnCBsd6RMkjVDRZzb", "--voice", "openai=coral"];
  const { code } = await runCommand(stage, ["speak", "Hello", "-o", output, ...voices]);
  expect(code).toBe(0);
  expect(stage.simulator.at("openai", "speak").at(-1)?.request).toMatchObject({ voice: "coral" });
  const several = await runCommand(stage, ["speak", "Hi", "-o", output, "--voice", "a", "--voice", "b"]);
  expect([several.code, several.stderr.includes("openai=nova")]).toEqual([2, true]);
  const { stdout } = await runCommand(stage, ["speak", "--voices"]);
  expect(stdout).toMatch(/^voice.*\nalloy/);
  expect(lines(stdout)).toHaveLength(14);
});

it("ai-lib image writes a file for each picture", async () => {
  const output = join(stage.environment["HOME"] ?? "", "cat.png");
  const { code, stderr } = await runCommand(stage, ["image", "A cat", "-o", output, "-n", "2"]);
  expect([code, lines(stderr).length]).toEqual([0, 2]);
  for (const path of [output, output.replace(".png", "-2.png")])
    expect((await readFile(path)).subarray(1, 4).toString()).toBe("PNG");
  const changed = await runCommand(stage, ["image", "A hat", "-o", output, "--input", output, "-q"]);
  expect([changed.code, changed.stderr]).toEqual([0, ""]);
  expect(stage.simulator.at("openai", "image").at(-1)?.request).toMatchObject({
    images: [{ mediaType: "image/png" }],
  });
});

it("ai-lib count says when it estimates", async () => {
  const { code, stdout } = await runCommand(stage, ["count", "Hello there, how are you?"]);
  expect([code, /^\d+\n$/.test(stdout)]).toEqual([0, true]);
  stage.environment["GROQ_API_KEY"] = "gsk-test-0123456789abcdef";
  const about = await runCommand(stage, ["count", "-m", "groq", "--json"], { stdin: "Hello there" });
  expect(JSON.parse(about.stdout)).toMatchObject({ estimated: true, provider: "groq" });
});
