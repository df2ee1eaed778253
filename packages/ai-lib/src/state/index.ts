export type {
  Cell,
  CellKind,
  CellLink,
  CellName,
  CircuitCell,
  CircuitView,
  CooldownCell,
  CooldownView,
  StateCells,
  StateOptions,
  StateSnapshot,
  StateStore,
} from "../core/contract/state.js";
export type { LoggedStream, StreamLog, StreamLogEntry } from "../core/contract/stream-log.js";
export { type MemoryOptions, MemoryState, memory, type StateChange } from "./memory.js";
export { type MemoryStreamLogOptions, memoryStreamLog } from "./memory-stream-log.js";
