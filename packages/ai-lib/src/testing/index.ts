export { type SimulatedAnswer, simulatedAnswer } from "./answer.js";
export {
  type BatchStoreCase,
  type BatchStoreSetUp,
  batchStoreConformance,
} from "./batch-store-conformance.js";
export * from "./conformance/index.js";
export type { Fault } from "./fault.js";
export { seededRandom } from "./random.js";
export type { AskedRequest } from "./recorded/asked.js";
export { type RecordedOptions, recorded } from "./recorded/recorded.js";
export type { RecordedFrame, RecordedReply, Recording } from "./recorded/recording.js";
export { type Script, ScriptedProvider, type ScriptedReply, scripted } from "./scripted.js";
export type { ServiceAttempt } from "./services/service.js";
export type {
  BatchPlan,
  SimulatedBatch,
  SimulatedBatches,
  SimulatedCounts,
  SimulatedResult,
  SimulatedRow,
} from "./services/simulated-batches.js";
export type { NewFile, SimulatedFile, SimulatedFiles } from "./services/simulated-files.js";
export type { SimulatedRun, SimulatedRuns } from "./services/simulated-runs.js";
export type { SimulatedAttempt } from "./simulated-attempt.js";
export { Simulator, type SimulatorOptions, startSimulator } from "./simulator.js";
export {
  type StateCase,
  type StateConformanceOptions,
  type StateSetUp,
  stateConformance,
} from "./state-conformance.js";
export { type StreamLogCase, type StreamLogSetUp, streamLogConformance } from "./stream-log-conformance.js";
export { settled, VirtualClock } from "./virtual-clock.js";
