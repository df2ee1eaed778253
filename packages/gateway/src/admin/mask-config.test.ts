import { expect, it } from "vitest";
import { maskConfig } from "./mask-config.js";

it("masks what may hold a secret, and leaves references and names readable", () => {
  const masked = maskConfig({
    providers: {
      one: {
        baseUrl: "https://user:password@one.example/v1?key=abc",
        apiKey: { env: "ONE" },
        headers: { "x-team": "secret-text", "x-key": { file: "/run/key" } },
        variables: { token: "secret-text" },
      },
    },
    routes: {
      chat: {
        use: "one/m",
        headers: { set: { "x-set": "secret-text" }, pass: ["x-pass"] },
        hooks: [{ at: "request", url: "http://127.0.0.1:9000/check?token=abc" }],
      },
    },
    aliases: { a: "one/m" },
  });
  expect(masked).toEqual({
    providers: {
      one: {
        baseUrl: "https://***:***@one.example/v1?***",
        apiKey: { env: "ONE" },
        headers: { "x-team": "***", "x-key": { file: "/run/key" } },
        variables: { token: "***" },
      },
    },
    routes: {
      chat: {
        use: "one/m",
        headers: { set: { "x-set": "***" }, pass: ["x-pass"] },
        hooks: [{ at: "request", url: "http://127.0.0.1:9000/check?***" }],
      },
    },
    aliases: { a: "one/m" },
  });
});
