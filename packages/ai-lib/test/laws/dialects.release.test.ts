// The laws of dialects.test.ts, with many more cases for each.
process.env["AI_LIB_LAWS_RUNS"] ??= "400";
await import("./dialects.test.js");
