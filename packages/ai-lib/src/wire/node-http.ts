/**
 * Node's `http`. An `import` of it evaluates all of its exports, and with `WebSocket` Node 22 and later load their own
 * copy of undici: 12 MB and 30 ms of CPU time, for a class that nothing here uses.
 */
export const http = process.getBuiltinModule("node:http");
