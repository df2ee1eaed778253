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

it.each(["https://example.com/a.png", "data:image/png;base64", "", `data:${"x".repeat(300)};base64,aGk=`])(
  "leaves %s alone",
  (url) => {
    expect(parseDataUri(url)).toBeUndefined();
  },
);

it.each([
  ["data:text/plain,hi%20%C3%A4", "text/plain", "hi ä"],
  ["data:,100%", "text/plain", "100%"],
  ["DATA:text/plain;charset=utf-8;base64,aGk%3D", "text/plain", "hi"],
  ["data:text/plain;base64,aG\nk=", "text/plain", "hi"],
])("reads %s", (url, mediaType, text) => {
  const found = parseDataUri(url);
  expect(found?.mediaType).toBe(mediaType);
  expect(Buffer.from(found?.data ?? "", "base64").toString("utf8")).toBe(text);
});
