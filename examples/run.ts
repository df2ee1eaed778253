// Runs the examples against the simulator: all of them, or those whose names hold one of the given words.
//   npm run examples
//   npm run examples -- failover hedging
import { readdirSync } from "node:fs";
import { runSimulated } from "./simulated.js";

const folder = new URL("./", import.meta.url);
const words = process.argv.slice(2);
const names = readdirSync(folder)
  .filter((file) => /^\d\d-.+\.js$/.test(file))
  .map((file) => file.slice(0, -".js".length))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort();
if (names.length === 0) throw new Error(`No example is called ${words.join(" or ")}`);

for (const name of names) {
  const { exitCode, stdout, stderr } = await runSimulated(folder, name);
  console.log(`== ${name}\n${stdout}${stderr}`);
  if (exitCode !== 0) {
    console.log(`${name} ended with ${exitCode}`);
    process.exitCode = 1;
  }
}
