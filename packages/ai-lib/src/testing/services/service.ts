import type { Clock } from "../../core/contract/clock.js";
import type { DialectId } from "../../core/contract/dialect.js";
import { AiLibError, type AiLibErrorInit } from "../../core/errors/error.js";

/** A request for something that is no call of a model, such as a file or a batch. */
export interface ServiceRequest {
  /** The endpoint that it was sent to; see {@link Simulator.baseUrl}. */
  readonly endpoint: string;
  /** The dialect that the base URL names, if any. */
  readonly dialect: DialectId | undefined;
  readonly method: string;
  /** Path below the endpoint, with its version, such as `/v1/files`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The head of a request, by which a service recognizes its own. */
export type ServiceHead = Omit<ServiceRequest, "body">;

/** What a service answers. */
export interface ServiceReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What every service of a simulator shares. */
export interface ServiceHost {
  readonly clock: Clock;
  /** Scheme, host, port and endpoint: what a base URL begins with. */
  readonly baseUrl: string;
  /** A number that no other id of the simulator has. */
  nextId(): number;
}

/** Something that the simulator answers besides calls of models. */
export interface SimulatedService {
  /** The dialect in whose shape errors are answered; undefined for a request that is not this service's. */
  serves(head: ServiceHead): DialectId | undefined;
  /** @throws {AiLibError} what is answered in the shape of the dialect; `status` is its status. */
  answer(request: ServiceRequest, host: ServiceHost): ServiceReply | Promise<ServiceReply>;
}

/** One request to a service, as the simulator saw it. */
export interface ServiceAttempt {
  readonly endpoint: string;
  readonly method: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The status that was answered; undefined where the connection was reset or stayed silent. */
  readonly status: number | undefined;
}

/** A reply of JSON. */
export function jsonReply(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): ServiceReply {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

/** A refusal, which is answered in the shape of the client's dialect. */
export function refused(
  status: number,
  message: string,
  code: AiLibErrorInit["code"] = "INVALID_REQUEST",
): AiLibError {
  return new AiLibError({ code, status, message });
}
