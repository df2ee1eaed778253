import { AiClientBuilder, CustomProviderBuilder, defineChatProvider, failover, roundRobin } from "ai-lib";
import { GroqBuilder, OpenAiBuilder } from "ai-lib/builders";
import { HealthMonitor } from "ai-lib/health";
import { prometheusObserver } from "ai-lib/prometheus";

const labs = new CustomProviderBuilder("labs") // any endpoint that speaks a known dialect
  .withBaseUrl(process.env.LABS_BASE_URL ?? "http://localhost:8000/v1")
  .withApiKeyEnv("LABS_API_KEY")
  .withDefaultChatModel("gpt-x")
  .buildProvider();

const mine = defineChatProvider({
  name: "mine", // any code that can answer
  async *stream() {
    yield "The other providers are down. This answer is my own.";
  },
});

const groq = new GroqBuilder().withDefaultChatModel("openai/gpt-oss-20b").buildProvider();
const openai = new OpenAiBuilder().buildProvider(); // the key is read from OPENAI_API_KEY

const health = new HealthMonitor();
const observer = prometheusObserver();
const pool = roundRobin([labs, groq, openai], { health });
const client = new AiClientBuilder()
  .withStrategy(failover([pool, mine], { health }))
  .withObserver(observer)
  .build();

console.log((await client.chat("Is anybody there?")).text);
for (const { name, failures } of health.report()) console.log(`${name}: ${failures} failed`);
console.log(observer.metrics());
