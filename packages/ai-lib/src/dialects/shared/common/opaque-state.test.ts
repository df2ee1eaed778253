import { describe, expect, it } from "vitest";
import type { Origin } from "../../../core/values/message.js";
import { canRead, canReadStore, originOf, type StateReaders } from "./opaque-state.js";

const readers: StateReaders = { families: ["claude", "cloud"], stores: ["claude"] };
const state: Origin = { family: "claude", provider: "p", model: "m", data: { signature: "s" } };

describe("opaque state", () => {
  it.each([
    ["goes to a target of its family", state, undefined, true],
    ["goes to a target that is part of several families", { ...state, family: "cloud" }, undefined, true],
    ["stays away from another family", { ...state, family: "other" }, undefined, false],
    ["goes to the account that it is bound to", { ...state, account: "a" }, "a", true],
    ["stays away from another account of the same family", { ...state, account: "a" }, "b", false],
    ["stays away from a target whose account is unknown", { ...state, account: "a" }, undefined, false],
    ["goes to any account where it is bound to none", state, "b", true],
  ])("%s", (_, origin, account, readable) => {
    expect(canRead(readers, account === undefined ? {} : { account }, origin)).toBe(readable);
  });

  it("is not there for a part without origin", () => expect(canRead(readers, {}, undefined)).toBe(false));

  it("is bound to an account only where the vendor binds it and the account is known", () => {
    const target = { provider: "p", model: "asked", account: "a" };
    expect(originOf(target, "f", {}, "answered", true)).toEqual({
      family: "f",
      provider: "p",
      model: "answered",
      account: "a",
      data: {},
    });
    expect(originOf(target, "f", {})).toEqual({ family: "f", provider: "p", model: "asked", data: {} });
    expect(originOf({ provider: "p", model: "m" }, "f", {}, "m", true)).not.toHaveProperty("account");
  });
});

describe("a stored file", () => {
  it.each([
    ["of the provider itself can be read", "p", true],
    ["of a store that the dialect shares can be read", "claude", true],
    ["of another provider cannot be read", "elsewhere", false],
    ["of a family without a shared store cannot be read", "cloud", false],
  ])("%s", (_, store, readable) => expect(canReadStore(readers, { provider: "p" }, store)).toBe(readable));
});
