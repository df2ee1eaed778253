// Does a provider keep the contract? Ask it: about a hundred short calls tell, whoever wrote it. The same cases run
// one by one under any test runner, and by `ai-lib conformance -m labs/gpt-x`.
import { CustomProviderBuilder } from "ai-lib";
import { conformanceTable, runConformance } from "ai-lib/testing";

const labs = new CustomProviderBuilder("labs")
  .withBaseUrl(process.env.LABS_BASE_URL ?? "http://localhost:8000/v1")
  .withApiKeyEnv("LABS_API_KEY")
  .withDefaultChatModel("gpt-x")
  .buildProvider();

// What it is declared to do is held against it; what is not declared is tried all the same, and told.
const report = await runConformance(labs, { capabilities: { stream: true, tools: true } });

console.log(conformanceTable(report));
console.log(`It could also be declared to have: ${report.undeclared.join(", ")}`);
