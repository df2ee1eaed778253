// A monitor detects providers that are down, by calls and by checks that cost no tokens; they are asked last.
import { AiClient, failover, provider } from "ai-lib";
import { HealthMonitor } from "ai-lib/health";

const monitor = new HealthMonitor({
  intervalMs: 30_000,
  minimumCalls: 2,
  observer: {
    on(event) {
      if (event.type === "health")
        console.log(`${event.target.provider} is ${event.healthy ? "back" : `down: ${event.reason}`}`);
    },
  },
});
const client = new AiClient(failover([provider("groq"), provider("openai")], { health: monitor }));

monitor.start();
for (let i = 1; i <= 3; i++) {
  const { attempts } = await client.chat("Still there?");
  console.log(
    `call ${i}: ${attempts.map(({ target, outcome }) => `${target.provider} ${outcome}`).join(", ")}`,
  );
}
monitor.stop();

for (const { name, healthy, successes, failures } of monitor.report())
  console.log(`${name}: ${healthy ? "up" : "down"}, ${successes} answered, ${failures} failed`);
