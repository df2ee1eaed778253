import { Server, Socket } from "node:net";

/**
 * Setup of the fast lane: a test that opens a socket belongs to the lane `real`. Without this check a slow test would
 * creep into `npm test` through a helper.
 */
function refuse(): never {
  throw new Error("A test of the fast lane may not open a socket: name its file *.real.test.ts");
}
Server.prototype.listen = refuse;
Socket.prototype.connect = refuse;
