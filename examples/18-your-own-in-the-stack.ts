import { AiClient, CustomProviderBuilder, defineChatProvider, failover, provider, roundRobin } from "ai-lib";
import { HealthMonitor } from "ai-lib/health";
import { prometheusObserver } from "ai-lib/prometheus";

const labs = new CustomProviderBuilder("labs") // any endpoint that speaks a known dialect
  .withBaseUrl(process.env.LABS_BASE_URL ?? "http://localhost:8000/v1")
  .withApiKeyEnv("LABS_API_KEY")
  .withDefaultChatModel("gpt-x")
  .buildProvider();

const mine = defineChatProvider({
  name: "mine", // anything else that can answer
  async *stream() {
    yield "Everyone else is away; this is what I know myself.";
  },
});

const health = new HealthMonitor();
const observer = prometheusObserver();
const pool = roundRobin([labs, provider("groq")], { health });
const client = new AiClient(failover([pool, mine], { health }), { observer });
console.log((await client.chat("Is anybody there?")).text);
for (const { name, failures } of health.report()) console.log(`${name}: ${failures} failed`);
console.log(observer.metrics());
