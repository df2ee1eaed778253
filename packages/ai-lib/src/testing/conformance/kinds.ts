import { callOf, contextOf } from "../../core/contract/call.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import { kindsOf, openMember } from "../../core/run/member.js";
import { UnaryRun } from "../../core/run/run.js";
import type { Kind, ResponseOf } from "../../core/values/kinds.js";
import type { CaseDefinition } from "./definition.js";
import { expect, expectError } from "./expect.js";
import { KIND_SAMPLES, type KindSample, type KindSampleOf } from "./kind-samples.js";
import type { Subject } from "./subject.js";

/**
 * The cases of the kinds that a provider says it answers, for which there is a sample: the library's own, and those
 * that are given, which come first.
 */
export function kindCases(provider: ChatProvider, given: readonly KindSample[]): readonly CaseDefinition[] {
  const kinds = kindsOf(provider);
  const samples = new Map<string, KindSample>();
  for (const sample of [...given, ...KIND_SAMPLES])
    if (!samples.has(sample.laws.kind)) samples.set(sample.laws.kind, sample);
  return [...samples.values()]
    .filter(({ laws }) => kinds.has(laws.kind))
    .flatMap((sample) => casesOf(sample as KindSampleOf<Kind>));
}

function casesOf(sample: KindSampleOf<Kind>): readonly CaseDefinition[] {
  const { kind } = sample.laws;
  const cases: readonly (readonly [name: string, test: (subject: Subject) => Promise<void>])[] = [
    [
      `${kind}: the response says who answered, and what the request asked for`,
      (subject) => answers(subject, sample),
    ],
    [`${kind}: a source is silent until it is opened, and ends once`, (subject) => endsOnce(subject, sample)],
    [`${kind}: an abort ends a call`, (subject) => aborts(subject, sample)],
  ];
  return cases.map(([name, test]) => ({ group: "kinds", name, needs: [], test }));
}

function ask(
  { provider, options }: Subject,
  { laws, request }: KindSampleOf<Kind>,
  signal?: AbortSignal,
): Promise<ResponseOf<Kind>> {
  const call = callOf(laws, request, "unary", contextOf({ signal, timeouts: { totalMs: options.answerMs } }));
  const opener = { name: provider.name, open: openMember.bind(undefined, provider) };
  return new UnaryRun<Kind>(opener, call, true).response();
}

async function answers(subject: Subject, sample: KindSampleOf<Kind>): Promise<void> {
  const response = await subject.within(subject.options.answerMs, "the answer", ask(subject, sample));
  const { id, provider, model, attempts, usage } = response;
  expect(typeof id === "string" && id !== "", "the response has no id");
  expect(typeof provider === "string" && provider !== "", "the response names no provider");
  expect(typeof model === "string", "the response's model is no text");
  expect(attempts.length >= 1, "the response tells of no attempt");
  expect(usage.inputTokens >= 0, `usage.inputTokens is ${usage.inputTokens}`);
  const wrong = sample.check?.(response);
  expect(wrong === undefined, wrong ?? "");
}

/** A provider that is written as `open` is asked without the layer that would hide its faults. */
async function endsOnce(subject: Subject, { laws, request }: KindSampleOf<Kind>): Promise<void> {
  const { provider, options } = subject;
  if (provider.open === undefined) return;
  const heard: string[] = [];
  let opened = false;
  const ending = new Promise<void>((resolve) => {
    const hear = (what: string) => {
      heard.push(opened ? what : `${what} before open had returned`);
      if (what !== "event") resolve();
    };
    provider.open?.(callOf(laws, request, "unary", contextOf()), {
      event: () => hear("event"),
      finish: () => hear("finish"),
      fail: () => hear("fail"),
    });
    opened = true;
  });
  await subject.within(options.answerMs, "the ending of an opened call", ending);
  await subject.pause(20);
  expect(heard.join() === "finish", `a call ended with: ${heard.join(", ")}; one finish is due`);
}

async function aborts(subject: Subject, sample: KindSampleOf<Kind>): Promise<void> {
  const controller = new AbortController();
  const answer = ask(subject, sample, controller.signal);
  controller.abort();
  const { promptMs } = subject.options;
  await expectError(
    subject.within(promptMs, "the end of an aborted call", answer),
    ["CANCELLED"],
    "an aborted call",
  );
}
