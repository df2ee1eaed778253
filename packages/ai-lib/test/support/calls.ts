import type { Flow } from "../../src/core/contract/sink.js";
import type { ChatStream } from "../../src/core/contract/stream.js";
import { AiLibError, type AiLibErrorInit } from "../../src/core/errors/error.js";
import type { StreamEvent } from "../../src/core/values/chat-event.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import { type Script, type ScriptedProvider, scripted } from "../../src/testing/scripted.js";

/** A flow that has nothing to stop. */
export const IDLE_FLOW: Flow = { pause() {}, resume() {}, abort: () => undefined };

/** The plainest request. */
export const request: ChatRequest = { messages: [{ role: "user", content: "Hello" }] };

/** A leaf whose every call fails with an error. */
export function failing(name: string, error: AiLibErrorInit, more: Partial<Script> = {}): ScriptedProvider {
  return scripted({ name, replies: [{ error }], ...more });
}

/** The error that a promise rejects with; a promise that resolves, or rejects with anything else, fails the test. */
export async function errorOf(promise: Promise<unknown>): Promise<AiLibError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!AiLibError.is(error)) throw new Error(`no error of the library came, but ${String(error)}`);
  return error;
}

/** All events of a stream. */
export async function read(stream: ChatStream): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** A promise's outcome, once it has one: `"pending"` until then. Never an unhandled rejection. */
export function outcomeOf(promise: Promise<{ provider: string }>): { value: string } {
  const outcome = { value: "pending" };
  promise.then(
    (response) => {
      outcome.value = response.provider;
    },
    (error: unknown) => {
      outcome.value = AiLibError.is(error) ? error.code : String(error);
    },
  );
  return outcome;
}
