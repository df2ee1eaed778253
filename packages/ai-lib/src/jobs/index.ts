export type { Job } from "../core/contract/dialect.js";
export type {
  FollowOptions,
  JobHandle,
  JobReport,
  JobService,
  JobSource,
  JobState,
  StartOptions,
} from "../core/contract/job.js";
export type { PollOptions } from "../core/values/poll.js";
export { Run, type WaitOptions } from "./run.js";
export { resumeRun, startRun } from "./start.js";
export { WaitingRuns } from "./waiting-runs.js";
