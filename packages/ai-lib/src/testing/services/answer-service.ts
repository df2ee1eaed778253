import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../core/contract/clock.js";
import type { ServerHalf } from "../../core/contract/dialect.js";
import { AiLibError } from "../../core/errors/error.js";
import { joinBytes } from "../../core/values/join-bytes.js";
import { codeOfStatus } from "../../dialects/shared/common/errors.js";
import type { Fault } from "../fault.js";
import type { ServiceHead, ServiceHost, ServiceReply, SimulatedService } from "./service.js";

/** What one request to a service is answered with. */
export interface ServiceExchange {
  readonly service: SimulatedService;
  readonly head: ServiceHead;
  readonly host: ServiceHost;
  /** The dialect in whose shape errors are answered. */
  readonly half: ServerHalf;
  readonly fault: Fault | undefined;
  readonly clock: Clock;
}

/**
 * Answers one request to a service, as its fault says: a status or an error in the client's shape, headers, a body, a
 * delay, silence, a reset before the head, or a body that is cut. Other faults are of streams, and change nothing.
 * @returns the status that was answered; undefined for a reset and for silence.
 */
export async function answerService(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: ServiceExchange,
): Promise<number | undefined> {
  const { fault = {}, clock } = exchange;
  const body = await bodyOf(request);
  if (fault.headDelayMs !== undefined)
    await new Promise<void>((resolve) => void clock.after(fault.headDelayMs ?? 0, resolve));
  if (fault.silent !== undefined) return undefined;
  if (fault.reset === "head") {
    response.socket?.resetAndDestroy();
    return undefined;
  }
  const reply = await replyOf(exchange, body);
  const bytes = typeof reply.body === "string" ? new TextEncoder().encode(reply.body) : reply.body;
  const headers = { ...reply.headers, ...fault.headers, "content-length": String(bytes.length) };
  response.writeHead(reply.status, headers);
  if (fault.reset === undefined && fault.cut === undefined) {
    await new Promise<void>((resolve) => {
      response.once("close", resolve);
      response.end(bytes);
    });
    return reply.status;
  }
  // Announces the whole and sends half.
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.resetAndDestroy());
  return reply.status;
}

async function replyOf(
  { service, head, host, half, fault }: ServiceExchange,
  body: Uint8Array,
): Promise<ServiceReply> {
  if (fault?.status !== undefined || fault?.error !== undefined) {
    const status = fault.status ?? 500;
    const message = `The simulator was set to answer ${status}`;
    const error = new AiLibError(fault.error ?? { code: codeOfStatus(status), message });
    const reply = half.error(error);
    return { ...reply, status: fault.status ?? reply.status, body: fault.body ?? reply.body };
  }
  if (fault?.body !== undefined)
    return { status: 200, headers: { "content-type": "application/json" }, body: fault.body };
  try {
    return await service.answer({ ...head, body }, host);
  } catch (thrown) {
    const error = AiLibError.from(thrown);
    const reply = half.error(error);
    return { ...reply, status: error.status ?? reply.status };
  }
}

function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    let size = 0;
    request.on("data", (piece: Uint8Array) => {
      pieces.push(piece);
      size += piece.length;
    });
    request.on("end", () => resolve(joinBytes(pieces, size)));
    request.on("error", reject);
  });
}
