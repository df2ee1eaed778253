// Any endpoint that speaks one of the dialects is a provider, with the features of a prebuilt one.
import { AiClient, CustomProviderBuilder, defineProvider } from "ai-lib";

const baseUrl = process.env.LABS_BASE_URL ?? "http://localhost:8000/v1";

const labs = new CustomProviderBuilder("labs")
  .withBaseUrl(baseUrl)
  .withApiKeyEnv("LABS_API_KEY")
  .withHeader("x-team", "search")
  .withDefaultChatModel("gpt-x")
  .withCapabilities({ contextWindow: 32_768, tools: true })
  .withPrice({ input: 0.5, output: 1.5 })
  .buildProvider();

const answer = await new AiClient(labs).chat("Who are you?");
console.log(answer.text, `$${answer.cost?.toFixed(6)}`);

// The same as plain data, with another dialect.
const claude = defineProvider({
  id: "labs-claude",
  dialect: "anthropic-messages",
  baseUrl: baseUrl.replace(/\/v1$/, ""),
  keyEnv: ["LABS_API_KEY"],
  model: "claude-like",
});
console.log((await claude.chat({ messages: [{ role: "user", content: "And you?" }] })).text);
