/** The parts of a gateway, for the tests and the benchmarks of this repository, which run it in their own process. */
export { Gateway, type GatewayParts } from "./gateway.js";
export { declaredKey } from "./keys/directory.js";
export { KeyService } from "./keys/key-service.js";
export { ModelTable } from "./model-table.js";
export { OpenAdmission } from "./open-admission.js";
export { settingsOf } from "./settings.js";
