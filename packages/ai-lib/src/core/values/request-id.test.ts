import { expect, it } from "vitest";
import { requestIdOf } from "./request-id.js";

it.each<[string, Record<string, string>, string | undefined]>([
  ["the vendor's own header", { "mistral-correlation-id": "m", "cf-ray": "c" }, "m"],
  ["the id of the network in front, if there is no other", { "cf-ray": "c" }, "c"],
  ["another header if one is empty", { "x-request-id": "", "x-amzn-requestid": "a" }, "a"],
  ["none", { "content-type": "text/plain" }, undefined],
])("the id of a request is %s", (_, headers, id) => expect(requestIdOf(headers)).toBe(id));
