/** The parts of a gateway, for the tests and the benchmarks of this repository, which run it in their own process. */
export { Gateway, type GatewayParts } from "./gateway.js";
export { ModelTable } from "./model-table.js";
export { settingsOf } from "./settings.js";
export { OpenAdmission, StaticKeys } from "./static-keys.js";
