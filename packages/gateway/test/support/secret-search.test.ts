import { expect, it } from "vitest";
import { Traces } from "./secret-search.js";

const SECRET = 'a-secret/with "signs" + 0123456789';

it.each([
  ["as it is", SECRET],
  ["in JSON", JSON.stringify({ a: SECRET })],
  ["in a URL", `?a=${encodeURIComponent(SECRET)}`],
  ["in hexadecimal digits", Buffer.from(`ab${SECRET}`).toString("hex")],
  ...["", "b", "bc", "bcd"].flatMap((before) => [
    [`in base64 behind ${before.length} bytes`, Buffer.from(`${before}${SECRET}xyz`).toString("base64")],
    [`in base64url behind ${before.length} bytes`, Buffer.from(`${before}${SECRET}`).toString("base64url")],
  ]),
])("a search finds a secret %s", (_, text) => {
  const traces = new Traces();
  traces.add("here", `x ${text} y`);
  traces.add("there", "nothing");
  expect(traces.leaks({ secret: SECRET }, () => false)).toEqual(["secret in here"]);
  expect(traces.leaks({ secret: SECRET }, (place) => place === "here")).toEqual([]);
});
