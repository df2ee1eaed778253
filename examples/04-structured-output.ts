// An object instead of text: with the provider's structured output if it has one, else with a tool that the model must
// call. In both cases the object is checked against the schema.
import { AiClient, AiLibError, provider } from "ai-lib";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

const recipe = {
  type: "object",
  properties: {
    name: { type: "string" },
    minutes: { type: "integer" },
    ingredients: { type: "array", items: { type: "string" } },
  },
  required: ["name", "minutes", "ingredients"],
  additionalProperties: false,
};

try {
  const { object, mode } = await client.object(recipe, "A soup of what is in season in March.");
  console.log(mode, object);
} catch (error) {
  // The message names the path that does not fit; `partial` has the answer.
  if (AiLibError.is(error) && error.code === "INVALID_RESPONSE") console.log(error.message);
  else throw error;
}

const stream = client.streamObject(recipe, "And one for August.");
for await (const partial of stream.partials) console.log("so far", JSON.stringify(partial));
console.log("whole", (await stream.object()).object);
