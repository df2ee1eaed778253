import { expect, it } from "vitest";
import { hash32, mix } from "./hash.js";

it("a hash is the same in every version, so that sticky routing and call ids survive an update", () => {
  expect([hash32(""), hash32("a"), hash32("session\n1"), hash32("a", 7)]).toEqual([
    2_872_998_923, 444_641_715, 3_242_634_552, 3_204_135_240,
  ]);
  expect([mix(1, 2), mix(2, 1)]).toEqual([2_843_615_880, 954_905_276]);
});
