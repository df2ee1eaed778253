// The optional package is not installed here; `llama.ts` has the types of what is used of it.
declare module "node-llama-cpp";
