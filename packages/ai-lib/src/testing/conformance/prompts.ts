import type { ChatRequest } from "../../core/values/chat-request.js";
import type { JsonObject } from "../../core/values/json.js";
import type { FunctionTool } from "../../core/values/tool.js";

/** A request of one user message. */
export function ask(text: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return { messages: [{ role: "user", content: text }], ...more };
}

/** Short, and hard to misread by any model. */
export const GREETING = "Say hello.";

/** The text to repeat must follow this. */
export const REPEAT = "Repeat the following exactly, and say nothing else: ";

/** Two-, three- and four-byte characters, a joined family, a flag, a combining accent and writing from the right. */
export const UNICODE = "Grüße, 漢字, 👩‍👩‍👧‍👦, 🇯🇵, e\u0301, שלום, 𝒳.";

/** The numbers from 1 to 300, about 1,100 characters. */
export const NUMBERS = Array.from({ length: 300 }, (_, i) => String(i + 1)).join(" ");

/** An answer so long that the case ends before it. */
export const COUNT = "Count from 1 to 2000, in digits, separated by spaces, without stopping.";

/** A model may still say something; the case checks that nothing breaks. */
export const NOTHING = "Answer with an empty message: no word, no character.";

/** The model must look at the picture, and the question does not say. */
export const COLOUR = "Which colour fills this picture: red, green or blue? Answer with that one word.";

/** 16 by 16 pixels of pure red. */
export const RED_PNG =
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mP4z8BAEmIY1TCqYfhqAACQ+f8B8u7oVwAAAABJRU5ErkJggg==";

/** What must be known in a later turn. */
export const SECRET_WORD = "marzipan";
/** Said first. */
export const REMEMBER = `The code word is "${SECRET_WORD}". Answer with the word OK.`;
/** Asked later. */
export const RECALL = "Which code word did I tell you? Answer with that one word.";

/** Instructions before the conversation. */
export const SIGNATURE_RULE = "End every answer with the word ROGER.";

/** Takes thinking. */
export const RIDDLE = "A bat and a ball cost 1.10 in all; the bat costs 1.00 more. What does the ball cost?";

/** A model that no provider has. */
export const UNKNOWN_MODEL = "no-such-model-of-anyone";

const city = { type: "string", description: "The city's name" };

/** A tool with an argument. */
export const WEATHER: FunctionTool = {
  type: "function",
  name: "get_weather",
  description: "The weather of a city, now",
  parameters: objectSchema({ city }),
};

/** Another one. */
export const TIME: FunctionTool = {
  type: "function",
  name: "get_local_time",
  description: "The local time of a city",
  parameters: objectSchema({ city }),
};

/** A tool that takes nothing. */
export const MOON: FunctionTool = {
  type: "function",
  name: "get_moon_phase",
  description: "The phase of the moon, now",
  parameters: objectSchema({}),
};

/** What a structured answer must look like. */
export const CITY_SCHEMA: JsonObject = objectSchema({
  name: { type: "string" },
  population: { type: "integer" },
});

function objectSchema(properties: JsonObject): JsonObject {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}
