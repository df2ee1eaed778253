/** Environment variables by name: those of the process, or what a test or another runtime passes. */
export type Environment = Readonly<Record<string, string | undefined>>;
