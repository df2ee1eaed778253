/**
 * Node's `http`. An `import` of it evaluates all of its exports, and with `WebSocket` Node 22 and later load their own
 * copy of undici: 12 MB that nothing here uses.
 */
export const { createServer } = process.getBuiltinModule("node:http");
