import { describe, expect, it } from "vitest";
import { refuseSecrets } from "./secrets.js";

describe("standard input", () => {
  it.each([
    ["a key alone", "gsk_0123456789abcdefghij\n"],
    ["a key without a known prefix", "0f3a9c7d1e5b4a8899aabbccddeeff00"],
    ["a file of variables", "# settings\nDEBUG=1\nexport MY_SERVICE_TOKEN=abcdefgh12345\n"],
    ["a key within text", "curl -H 'x-api-key: sk-ant-REDACTED' https://api.example"],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"],
  ])("with %s is refused", (_what, text) => {
    expect(() => refuseSecrets(text)).toThrow(/nothing was sent/);
  });

  it.each([
    "",
    "A long text\n",
    "const key = process.env.OPENAI_API_KEY;",
    "antidisestablishmentarianism",
    "KEY=1",
  ])("with %j is a prompt", (text) => {
    expect(() => refuseSecrets(text)).not.toThrow();
  });
});
