import { expect, it } from "vitest";
import { dataUri, parseDataUri } from "./data-uri.js";

it("takes a data URI apart into what it was made of", () => {
  expect(parseDataUri(dataUri("image/png", "aGk="))).toEqual({ mediaType: "image/png", data: "aGk=" });
});

it.each([
  ["data:audio/wav;codecs=1;base64,aGk=", { mediaType: "audio/wav", data: "aGk=" }],
  ["DATA:image/png;BASE64,aGk=", { mediaType: "image/png", data: "aGk=" }],
  ["data:;base64,aGk=", { mediaType: "text/plain", data: "aGk=" }],
])("reads %s", (url, parts) => {
  expect(parseDataUri(url)).toEqual(parts);
});

it.each([
  "https://example.com/a.png",
  "data:text/plain,hi",
  "data:image/png;base64",
  "",
  `data:${"x".repeat(300)};base64,aGk=`,
])("leaves %s alone", (url) => {
  expect(parseDataUri(url)).toBeUndefined();
});
