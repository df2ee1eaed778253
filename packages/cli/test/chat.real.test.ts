import { describe, expect, it } from "vitest";
import { prepareStage, readRequests, runCommand, type Streams } from "./support/command.js";

const stage = prepareStage();
const command = (args: readonly string[], streams?: Streams) => runCommand(stage, args, streams);

describe("ai-lib chat", () => {
  it("sends all earlier messages with every turn", async () => {
    const { code, stdout } = await command(["chat", "-q", "-s", "Be brief"], {
      stdin: "One\n\nTwo\n/exit\nThree\n",
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "You said: One\nYou said: Two\n" });
    const sent = readRequests(stage).map(({ messages }) =>
      messages.map(({ role, content }) => [role, content]),
    );
    expect(sent).toEqual([
      [
        ["system", "Be brief"],
        ["user", "One"],
      ],
      [
        ["system", "Be brief"],
        ["user", "One"],
        ["assistant", "You said: One"],
        ["user", "Two"],
      ],
    ]);
  });

  it("drops the message of a failed turn, and continues", async () => {
    stage.simulator.script("openai", [undefined, { status: 401 }, { cut: 2 }]);
    const { code, stderr } = await command(["chat", "-q"], { stdin: "One\nTwo\nThree\nFour\n" });
    expect(code).toBe(0);
    expect(stderr).toMatch(/AUTH_FAILED[\s\S]*STREAM_TRUNCATED/);
    const last = readRequests(stage)[3]?.messages.map(({ content }) => content);
    expect(last).toEqual(["One", "You said: One", "Four"]);
  });

  it("starts a new conversation with /new, and keeps the system prompt", async () => {
    await command(["chat", "-q", "-s", "Be brief"], { stdin: "One\n/new\nTwo\n" });
    expect(readRequests(stage)[1]?.messages.map(({ content }) => content)).toEqual(["Be brief", "Two"]);
  });

  it("prints the commands of the conversation with /help", async () => {
    expect((await command(["chat"], { stdin: "/help\n" })).stdout).toMatch(
      /^\/model [\s\S]*\n\/new [\s\S]*\n\/exit [\s\S]*Ctrl-C/,
    );
    expect(readRequests(stage)).toEqual([]);
  });

  it("ends with 130 after an interrupt signal", async () => {
    stage.simulator.script("openai", [{ silent: "head" }]);
    const abort = new AbortController();
    const running = command(["chat"], { stdin: "One\nTwo\n", signal: abort.signal });
    await expect.poll(() => stage.simulator.attempts.length).toBe(1);
    abort.abort();
    expect((await running).code).toBe(130);
    expect(readRequests(stage)).toHaveLength(1);
  });
});
