import { describe, expect, it } from "vitest";
import { splitCommand } from "./split-command.js";

describe("splitCommand", () => {
  it.each<[string, string[]]>([
    ["npx my-server", ["npx", "my-server"]],
    ["  npx   my-server  ", ["npx", "my-server"]],
    ["run 'two words' \"three more words\"", ["run", "two words", "three more words"]],
    ["run --path='/a b/c'", ["run", "--path=/a b/c"]],
    ["run ''", ["run", ""]],
    ['run "it\'s" \'say "hi"\'', ["run", "it's", 'say "hi"']],
    ['run "a \\"quoted\\" word"', ["run", 'a "quoted" word']],
    ["run two\\ words", ["run", "two words"]],
    ["run 'a\\b'", ["run", "a\\b"]],
    ["C:\\tools\\server.exe --quick", ["C:\\tools\\server.exe", "--quick"]],
    ["run $HOME | cat", ["run", "$HOME", "|", "cat"]],
    ["", []],
  ])("splits %j", (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  it("refuses a quote without an end", () => {
    expect(() => splitCommand("run 'two words")).toThrow("A quote has no end");
  });
});
