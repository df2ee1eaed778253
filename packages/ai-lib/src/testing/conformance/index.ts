export { conformingAnswer } from "./actor.js";
export { CAPABILITIES, type Capabilities, type Capability, capabilitiesOf } from "./capability.js";
export {
  CONFORMANCE_GROUPS,
  type ConformanceCase,
  type ConformanceOptions,
  conformance,
  runConformance,
} from "./conformance.js";
export type { ConformanceGroup } from "./definition.js";
export { ConformanceFailure } from "./expect.js";
export { KIND_SAMPLES, type KindSample, type KindSampleOf } from "./kind-samples.js";
export { type CaseResult, type CaseStatus, type ConformanceReport, conformanceTable } from "./report.js";
