/** The streams, environment and abort signal of a command: the process's own, or those of a test. */
export interface Io {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Called once a gateway accepts calls. */
  readonly onListening?: () => void;
}
