// Does a provider follow the contract? About a hundred short calls check it. The same cases run one by one under any
// test runner, and with `ai-lib conformance -m labs/gpt-x`.
import { CustomProviderBuilder } from "ai-lib";
import { conformanceTable, runConformance } from "ai-lib/testing";

const labs = new CustomProviderBuilder("labs")
  .withBaseUrl(process.env.LABS_BASE_URL ?? "http://localhost:8000/v1")
  .withApiKeyEnv("LABS_API_KEY")
  .withDefaultChatModel("gpt-x")
  .buildProvider();

// Declared capabilities must work; undeclared ones are tried too, and reported.
const report = await runConformance(labs, { capabilities: { stream: true, tools: true } });

console.log(conformanceTable(report));
console.log(`It could also be declared to have: ${report.undeclared.join(", ")}`);
