import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import { asObject, tryParse } from "../../core/values/json.js";
import { group } from "./definition.js";
import { expect, expectSame } from "./expect.js";
import { CITY_SCHEMA, COLOUR, RED_PNG } from "./prompts.js";
import { read } from "./reading.js";
import type { Subject } from "./subject.js";

/** Cases of input and output besides prose. */
export const content = group("content", [
  ["an answer follows a JSON Schema, whole and streamed", structured, "structuredOutput"],
  ["a picture is seen", picture, "images"],
]);

/** Why a field of the request was left out; a loss within it, such as that of a schema's name, does not count. */
function lossOf(response: ChatResponse, field: RegExp): string | undefined {
  return response.warnings.find(
    (warning) => warning.code === "unsupported" && field.test(warning.field ?? ""),
  )?.message;
}

async function structured(subject: Subject): Promise<void> {
  const request: ChatRequest = {
    messages: [{ role: "user", content: "Name a large city and its population, as JSON." }],
    responseFormat: { type: "json-schema", name: "city", schema: CITY_SCHEMA, strict: true },
  };
  const answers = [await subject.chat(request), (await read(subject, subject.stream(request))).response];
  for (const answer of answers) {
    const lost = lossOf(answer, /^responseFormat(\.schema)?$/);
    expect(lost === undefined, `the schema was not sent: ${lost}`);
    const value = asObject(tryParse(answer.text));
    expect(value !== undefined, `the answer is no JSON object: ${JSON.stringify(answer.text)}`);
    expectSame(Object.keys(value).sort(), ["name", "population"], "the members of the answer");
    expect(
      typeof value["name"] === "string" && Number.isInteger(value["population"]),
      `the answer does not follow the schema: ${answer.text}`,
    );
  }
}

async function picture(subject: Subject): Promise<void> {
  const answer = await subject.chat({
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: COLOUR },
          { type: "image", mediaType: "image/png", data: RED_PNG },
        ],
      },
    ],
  });
  const lost = lossOf(answer, /^messages\.0\.content\.1$/);
  expect(lost === undefined, `the picture was not sent: ${lost}`);
  const said = ["red", "green", "blue"].filter((word) => answer.text.toLowerCase().includes(word));
  expectSame(said, ["red"], "the colour of a red picture");
}
