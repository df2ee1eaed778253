import fc from "fast-check";

/**
 * Setup of all lanes: properties check the same cases in every run, so that a change fails on its own faults alone.
 * `AI_LIB_SEED=7 npm test` looks for more.
 */
fc.configureGlobal({ seed: Number(process.env["AI_LIB_SEED"] ?? 1) });
