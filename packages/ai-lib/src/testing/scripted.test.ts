import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/calls.js";
import { scripted } from "./scripted.js";

const refused = { code: "CONFIG_ERROR", local: true };

describe("a scripted provider", () => {
  it.each([
    ["a member that no reply has", { texts: ["Hello"] }, /texts.*known are/],
    ["an error that is a code alone", { error: "RATE_LIMIT" }, /There is no error code/],
    ["an error code that does not exist", { error: { code: "BUSY", message: "no" } }, /"BUSY".*RATE_LIMIT/],
  ])("refuses %s when it is made, and when a function gives it", async (_, reply, message) => {
    expect(() => scripted({ name: "p", replies: [reply as never] })).toThrow(message);
    const late = scripted({ name: "p", replies: () => reply as never });
    const error = await errorOf(late.chat({ messages: [{ role: "user", content: "Hi" }] }));
    expect(error).toMatchObject(refused);
    expect(error.message).toMatch(message);
  });
});
