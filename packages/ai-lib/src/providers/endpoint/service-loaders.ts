/** The code of what a provider does besides calls, loaded at the first use. */
export interface ServiceLoaders {
  files(): Promise<typeof import("./file-store.js")>;
  batches(): Promise<typeof import("./batch-calls.js")>;
  jobs(): Promise<typeof import("./job-calls.js")>;
  /** The streams of chats that run in the background. */
  followed(): Promise<typeof import("./followed.js")>;
}

/** All of it. */
export const SERVICE_LOADERS: ServiceLoaders = {
  files: () => import("./file-store.js"),
  batches: () => import("./batch-calls.js"),
  jobs: () => import("./job-calls.js"),
  followed: () => import("./followed.js"),
};
