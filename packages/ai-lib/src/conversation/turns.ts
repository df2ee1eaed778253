import type { Message } from "../core/values/message.js";

/**
 * The positions at which a history can be cut without separating a call from its result: before `at`, or before the
 * turn of the model that made the calls.
 */
export function safeCut(messages: readonly Message[], at: number): number {
  let cut = at;
  while (cut > 0 && messages[cut]?.role === "tool") cut--;
  return cut;
}

/**
 * The steps in which a history can be shortened, the oldest turns first: whole turns from one message of the user to
 * the next, then in the last turn the model's older rounds with the results of their calls. System messages and the
 * last message of the user stay. Each step is the remaining history.
 */
export function shorterHistories(messages: readonly Message[]): (readonly Message[])[] {
  const system = messages.filter(({ role }) => role === "system");
  const talk = messages.filter(({ role }) => role !== "system");
  const steps: (readonly Message[])[] = [];
  const asks = talk.flatMap(({ role }, i) => (role === "user" ? [i] : []));
  // Texts of the user that follow each other are one turn.
  const starts = asks.filter((at) => talk[at - 1]?.role !== "user");
  for (const start of starts) if (start > 0) steps.push([...system, ...talk.slice(start)]);
  const last = starts.at(-1) ?? 0;
  let first = last;
  while (talk[first]?.role === "user") first++;
  const asked = talk.slice(last, first);
  for (let at = first; at < talk.length; at++) {
    const isRound = talk[at]?.role === "assistant" && at > first;
    if (isRound) steps.push([...system, ...asked, ...talk.slice(at)]);
  }
  return steps;
}
