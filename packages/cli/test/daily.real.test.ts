import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addAnthropic, prepareStage, readRequests, runCommand, type Streams } from "./support/command.js";

const stage = prepareStage();
const command = (args: readonly string[], streams?: Streams) => runCommand(stage, args, streams);
const home = (...names: string[]) => join(stage.environment["HOME"] ?? "", ...names);
const lastMessages = () => readRequests(stage).at(-1)?.messages;

describe("a conversation", () => {
  it("is continued by -c, with the model that answered, from a file that only the owner can read", async () => {
    addAnthropic(stage);
    await command(["-m", "anthropic/claude-sim", "-s", "Be brief", "One"]);
    expect((await command(["-c", "Two"])).stdout).toBe("You said: Two\n");
    expect(readRequests(stage).at(-1)).toMatchObject({ endpoint: "anthropic", model: "claude-sim" });
    expect(lastMessages()?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    const path = home(".local/state/ai-lib/conversations/latest.json");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("has a name with --conversation, apart from the others", async () => {
    await command(["--conversation", "work", "One"]);
    await command(["Other"]);
    await command(["--conversation", "work", "Two"]);
    expect(lastMessages()).toMatchObject([{ content: "One" }, {}, { content: "Two" }]);
    expect((await command(["--conversation", "../x", "Two"])).code).toBe(2);
  });

  it("is listed, shown and deleted", async () => {
    await command(["--conversation", "work", "One"]);
    const listed = JSON.parse((await command(["conversations", "--json"])).stdout);
    expect(listed).toMatchObject([{ name: "latest" }, { name: "work", messages: 2 }]);
    expect((await command(["conversations", "show", "work"])).stdout).toBe(
      "user> One\n\nassistant> You said: One\n\n",
    );
    expect((await command(["conversations", "rm", "work"])).code).toBe(0);
    expect((await command(["conversations", "show", "work"])).code).toBe(2);
    expect((await command(["conversations"])).stdout).toMatch(/latest +2 +openai/);
  });

  it("cannot be continued before there is one, nor after saving was switched off", async () => {
    stage.environment["AI_LIB_CONVERSATIONS"] = "off";
    await command(["One"]);
    expect(await command(["-c", "Two"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no conversation"),
    });
  });
});

describe("attachments and fragments", () => {
  const PNG = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );

  it("go before the prompt: pictures, documents, text files and addresses", async () => {
    await writeFile(home("dot.png"), PNG);
    await writeFile(home("notes.txt"), "Buy milk\n");
    await command([
      "-a",
      home("dot.png"),
      "-a",
      home("notes.txt"),
      "-a",
      "https://example.com/cat.jpg",
      "What is this?",
    ]);
    expect(lastMessages()?.[0]?.content).toMatchObject([
      { type: "image", mediaType: "image/png", data: PNG.toString("base64") },
      { type: "text", text: "notes.txt:\n\nBuy milk\n" },
      { type: "image", url: "https://example.com/cat.jpg" },
      { type: "text", text: "What is this?" },
    ]);
    await command(["-f", home("notes.txt"), "Sum up"]);
    expect(lastMessages()).toMatchObject([{ content: "notes.txt:\n\nBuy milk\n\n\nSum up" }]);
  });

  it("that cannot be read, or are not text where text is needed, fail before anything is sent", async () => {
    await writeFile(home("dot.png"), PNG);
    await writeFile(home("noise.bin"), Buffer.from([0, 1, 2, 3, 0, 255]));
    for (const args of [
      ["-a", home("missing.png")],
      ["-a", home("noise.bin")],
      ["-f", home("dot.png")],
    ]) {
      const { code, stdout, stderr } = await command([...args, "Hi"]);
      expect({ failed: code !== 0, stdout }).toEqual({ failed: true, stdout: "" });
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
    expect(readRequests(stage)).toEqual([]);
  });
});

describe("fields of the request", () => {
  it("come from -o, in either case", async () => {
    await command([
      "-o",
      "temperature=0.2",
      "-o",
      "max_tokens=50",
      "-o",
      'stop=["END"]',
      "-o",
      "reasoning.effort=low",
      "Hi",
    ]);
    expect(readRequests(stage)).toMatchObject([
      { temperature: 0.2, maxTokens: 50, stop: ["END"], reasoning: { effort: "low" } },
    ]);
  });

  it.each(["temperature", "=1", "messages=[]", "__proto__.x=1", "temprature=1"])(
    "refuse %s",
    async (option) => {
      expect(await command(["-o", option, "Hi"])).toMatchObject({ code: 2, stdout: "" });
      expect(readRequests(stage)).toEqual([]);
    },
  );

  it("come from --schema in its short form, inline and as a file", async () => {
    stage.simulator.script("openai", []);
    const long = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
    await writeFile(home("schema.json"), JSON.stringify(long));
    await command(["--schema", "name, age int, tags str[]: short words", "--dry-run", "Hi"]);
    const short = await command(["--schema", "name, age int, tags str[]: short words", "--dry-run", "Hi"]);
    expect(short.stdout).toContain('"integer"');
    expect(short.stdout).toContain('"short words"');
    for (const schema of [home("schema.json"), JSON.stringify(long)])
      expect((await command(["--schema", schema, "--dry-run", "Hi"])).stdout).toContain('"name"');
    for (const schema of ["", "na me", "age whole", home("missing.json"), "{"])
      expect((await command(["--schema", schema, "Hi"])).code).toBe(2);
    expect(readRequests(stage)).toEqual([]);
  });
});

describe("--dry-run", () => {
  it("prints the request of every model as it would be sent, without the key, and sends nothing", async () => {
    addAnthropic(stage);
    const { code, stdout, stderr } = await command(["--dry-run", "-m", "openai", "-s", "Be brief", "Hi"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/@openai\/v1\/chat\/completions\n/);
    expect(stdout).toContain("authorization: (hidden)");
    expect(stdout).toContain('"content": "Be brief"');
    expect(readRequests(stage)).toEqual([]);
  });
});

describe("several models", () => {
  it("stand in for one another, and are asked again as often as --retry says", async () => {
    addAnthropic(stage);
    stage.simulator.script("openai", [{ status: 500 }]);
    const { code, stdout, stderr } = await command(["-m", "openai", "-m", "anthropic", "Hi"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "You said: Hi\n" });
    expect(readRequests(stage).map(({ endpoint }) => endpoint)).toEqual(["openai", "anthropic"]);
    expect(stderr).toMatch(/PROVIDER_ERROR[\s\S]*answered/);
  });

  it("fail after --retry repeats", async () => {
    stage.simulator.script("openai", [{ status: 500 }, { status: 500 }, undefined]);
    expect((await command(["--retry", "1", "Hi"])).code).toBe(1);
    expect(readRequests(stage)).toHaveLength(2);
    expect((await command(["--retry", "many", "Hi"])).code).toBe(2);
  });
});

describe("the default model and aliases", () => {
  it("answer if none is named, and by their short names", async () => {
    addAnthropic(stage);
    expect((await command(["models", "default"])).stderr).toContain("No default model");
    expect((await command(["models", "default", "anthropic/claude-sim"])).code).toBe(0);
    expect((await command(["models", "default"])).stdout).toBe("anthropic/claude-sim\n");
    await command(["Hi"]);
    await command(["aliases", "set", "fast", "openai/gpt-tiny"]);
    await command(["-m", "fast", "Hi"]);
    stage.environment["DEFAULT_AI_MODEL"] = "fast";
    await command(["Hi"]);
    expect(readRequests(stage)).toMatchObject([
      { endpoint: "anthropic", model: "claude-sim" },
      { endpoint: "openai", model: "gpt-tiny" },
      { endpoint: "openai", model: "gpt-tiny" },
    ]);
    expect((await command(["aliases"])).stdout).toMatch(/fast +openai\/gpt-tiny/);
    expect((await command(["aliases", "rm", "fast"])).code).toBe(0);
    expect((await command(["aliases", "rm", "fast"])).code).toBe(2);
    delete stage.environment["DEFAULT_AI_MODEL"];
    await command(["models", "default", "--clear"]);
    expect((await command(["models", "default"])).stdout).toBe("");
  });

  it("refuse unknown providers, and names that cannot be", async () => {
    expect((await command(["models", "default", "opnai"])).stderr).toContain('did you mean "openai"');
    expect((await command(["aliases", "set", "a b", "openai"])).code).toBe(2);
    expect((await command(["aliases", "set", "__proto__", "openai"])).code).toBe(2);
    expect((await command(["aliases", "set", "x", "nobody"])).code).toBe(2);
  });
});

describe("templates", () => {
  const write = async (name: string, text: string) => {
    await mkdir(home(".config/ai-lib/templates"), { recursive: true });
    await writeFile(home(".config/ai-lib/templates", `${name}.yaml`), text);
  };

  it("fill in their variables, and take model, system prompt and options along", async () => {
    addAnthropic(stage);
    await write(
      "translate",
      "system: Translate.\nprompt: 'Into {{language}}: {{input}}'\nmodel: anthropic/claude-sim\n" +
        "options: { temperature: 0.1 }\ndefaults: { language: French }\n",
    );
    await command(["-t", "translate", "-p", "language=German", "Good morning"]);
    expect(readRequests(stage)).toMatchObject([
      {
        endpoint: "anthropic",
        temperature: 0.1,
        messages: [{ content: "Translate." }, { content: "Into German: Good morning" }],
      },
    ]);
    await command(["-t", "translate"], { stdin: "Good night" });
    expect(lastMessages()?.[1]).toMatchObject({ content: "Into French: Good night" });
    expect((await command(["templates"])).stdout).toBe("translate\n");
    expect((await command(["templates", "show", "translate"])).stdout).toContain("{{language}}");
    expect((await command(["templates", "rm", "translate"])).code).toBe(0);
    expect((await command(["templates"])).stdout).toBe("");
  });

  it.each([
    ["prompt: 'Into {{language}}'", "-p language="],
    ["prompts: x", 'unknown field "prompts"'],
    ["[1, 2]", "must have fields"],
    ["prompt: [1]", "must be a text"],
    ["a: b: c", "no YAML"],
  ])("that are wrong (%s) are refused with the reason", async (text, reason) => {
    await write("bad", text);
    const { code, stderr } = await command(["-t", "bad", "Hi"]);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
    expect(readRequests(stage)).toEqual([]);
  });

  it("are written in the editor, beginning with an example", async () => {
    stage.environment["PATH"] = process.env["PATH"] ?? "";
    stage.environment["EDITOR"] = "true";
    expect((await command(["templates", "edit", "mine"])).code).toBe(0);
    expect(await readFile(home(".config/ai-lib/templates/mine.yaml"), "utf8")).toContain("{{input}}");
    expect((await command(["-t", "mine", "-p", "language=German", "Hello"])).code).toBe(0);
    stage.environment["EDITOR"] = "";
    expect((await command(["templates", "edit", "mine"])).stderr).toContain("export EDITOR");
    expect((await command(["-t", "nothing", "Hi"])).stderr).toContain("known are: mine");
  });
});

describe("tools of a module", () => {
  const MODULE = `
export const weather = {
  name: "weather",
  description: "Tells the weather",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  execute: ({ city }) => "21 degrees in " + city,
};
export const notATool = 5;
`;

  it("are called by the model: with --yes immediately, and never without approval", async () => {
    await writeFile(home("tools.mjs"), MODULE);
    const allowed = await command(["-T", home("tools.mjs"), "--yes", "Weather?"]);
    expect(allowed.code).toBe(0);
    expect(allowed.stderr).toContain("→ weather {");
    expect(lastMessages()?.at(-1)).toMatchObject({
      role: "tool",
      content: [{ content: "21 degrees in sample" }],
    });
    const refused = await command(["-T", home("tools.mjs"), "Weather?"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
  });

  it("may come from an MCP server", async () => {
    const server = new URL("../../ai-lib/test/mcp/server.mjs", import.meta.url).pathname;
    stage.environment["PATH"] = process.env["PATH"] ?? "";
    const { code, stderr } = await command([
      "--mcp",
      `${process.execPath} ${server}`,
      "--yes",
      "-o",
      'tool_choice={"name":"add"}',
      "1 + 2?",
    ]);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("→ add {") });
    expect(JSON.stringify(readRequests(stage).at(-1)?.messages)).toContain("The sum is");
    for (const wrong of ["/no/such/command", "http://127.0.0.1:9/mcp"]) {
      const refused = await command(["--mcp", wrong, "Hi"]);
      expect(refused).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining("cannot be used"),
      });
    }
  });

  it.each([
    ["missing.mjs", undefined],
    ["none.mjs", "export const x = 1;"],
    ["broken.mjs", "export const = 1;"],
  ])("that cannot be loaded from %s are refused in one sentence", async (name, text) => {
    if (text !== undefined) await writeFile(home(name), text);
    const { code, stderr } = await command(["-T", home(name), "Hi"]);
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(readRequests(stage)).toEqual([]);
  });
});

describe("keys", () => {
  it("are tested without tokens, and an error says which key was used and where it came from", async () => {
    expect((await command(["keys", "test", "openai"])).stdout).toBe(
      "openai accepts the key (OPENAI_API_KEY from the environment).\n",
    );
    stage.simulator.script("openai", [{ status: 401 }]);
    const refused = await command(["Hi"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      "key: OPENAI_API_KEY from the environment\n  replace it with: ai-lib keys set openai",
    );
  });

  it("are removed", async () => {
    await command(["keys", "set", "groq"], { stdin: "gsk-1" });
    expect((await command(["keys", "rm", "groq"])).stderr).toContain("Removed GROQ_API_KEY");
    expect((await command(["keys", "rm", "groq"])).code).toBe(2);
    expect((await command(["keys", "list"])).stdout).toBe("");
  });
});
