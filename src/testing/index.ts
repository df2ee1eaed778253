export { seededRandom } from "./random.js";
export { type Scene, type Script, ScriptedProvider, scripted } from "./scripted.js";
export { settled, VirtualClock } from "./virtual-clock.js";
