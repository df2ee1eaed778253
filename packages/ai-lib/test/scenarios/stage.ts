import { expect, onTestFinished } from "vitest";
import type { CallOptions } from "../../src/core/contract/call.js";
import { systemClock } from "../../src/core/contract/clock.js";
import type { DialectId } from "../../src/core/contract/dialect.js";
import type { Observer } from "../../src/core/contract/observer.js";
import type { ChatProvider } from "../../src/core/contract/provider.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { Attempt } from "../../src/core/values/attempt.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import type { Price } from "../../src/core/values/model.js";
import { costOf } from "../../src/core/values/price.js";
import { defineProvider } from "../../src/providers/endpoint/define.js";
import { seededRandom } from "../../src/testing/random.js";
import type { SimulatedAttempt } from "../../src/testing/simulated-attempt.js";
import { type Simulator, startSimulator } from "../../src/testing/simulator.js";
import { VirtualClock } from "../../src/testing/virtual-clock.js";

/** Chains begin with each of these in turn and cross over to the others. */
export const DIALECTS = ["openai-chat", "anthropic-messages", "gemini"] as const satisfies DialectId[];

/** Both ways of asking. */
export const MODES = ["unary", "stream"] as const;

/** Every chain's first dialect with each way of asking. */
export const SETTINGS = DIALECTS.flatMap((dialect) => MODES.map((mode) => ({ dialect, mode })));

/** What everybody asks: long enough that a stream can break in its middle in every dialect. */
export const QUESTION: ChatRequest = {
  messages: [{ role: "user", content: "Tell it whole, wörld 👋: ".repeat(12) }],
};

/** The whole answer to it. */
export const ANSWER = `You said: ${"Tell it whole, wörld 👋: ".repeat(12)}`;

/** Context windows of the members; the last one is the larger. */
const WINDOWS = [8_000, 8_000, 1_000_000];
/** Prices of the members. */
export const PRICES: readonly Price[] = [
  { input: 1, output: 2 },
  { input: 10, output: 30 },
  { input: 3, output: 7 },
];

/** Real time after which a call that has not ended counts as hanging, in milliseconds. */
const HANGS_AFTER_MS = 12_000;

/** How a call ended. */
export interface Outcome {
  readonly response?: ChatResponse;
  readonly error?: AiLibError;
}

/** How a call ended, and what was seen of it on both ends of the wire. */
export interface Played {
  readonly response: ChatResponse | undefined;
  readonly error: AiLibError | undefined;
  /** What a reader of the stream had on its screen in the end. */
  readonly shown: string;
  readonly restarts: number;
}

/** Real milliseconds within which the head of a reply crosses a socket, also on a machine under load. */
const HEAD_MS = 100;

/** Three providers of three dialects behind real sockets; time passes only while everybody waits for it. */
export class Stage {
  readonly members: readonly ChatProvider[];
  private started = 0;
  private running = 0;
  private committed = false;
  private head: { readonly attempt: number; readonly sentBefore: number } | undefined;

  private constructor(
    readonly simulator: Simulator,
    readonly clock: VirtualClock,
    first: DialectId,
  ) {
    const from = DIALECTS.indexOf(first as (typeof DIALECTS)[number]);
    this.members = [0, 1, 2].map((i) => this.member(i, DIALECTS[(from + i) % 3] as DialectId));
  }

  static async set(first: DialectId): Promise<Stage> {
    const clock = new VirtualClock();
    const simulator = await startSimulator({ clock });
    onTestFinished(() => simulator.close());
    return new Stage(simulator, clock, first);
  }

  /** One more provider, at the endpoint `p<index>` of the simulator. */
  member(index: number, dialect: DialectId): ChatProvider {
    const model = `m${index}`;
    const contextWindow = WINDOWS[index] ?? 8_000;
    const price = PRICES[index] ?? { input: 1, output: 1 };
    return defineProvider(
      { id: `p${index}`, dialect, baseUrl: this.simulator.baseUrl(`p${index}`, dialect), model },
      { apiKey: "k", models: { [model]: { contextWindow, price } } },
    );
  }

  /** Asks, and lets time pass until the call has ended. */
  async play(
    provider: Pick<ChatProvider, "chat" | "stream">,
    mode: "unary" | "stream",
    options: CallOptions = {},
    request: ChatRequest = QUESTION,
  ): Promise<Played> {
    const call = { random: seededRandom(1), ...options, clock: this.clock, observer: this.observer };
    const screen = { shown: "", restarts: 0 };
    const ending =
      mode === "unary" ? provider.chat(request, call) : shown(provider.stream(request, call), screen);
    const [outcome] = await this.settle([ending]);
    const ended = { response: undefined, error: undefined, ...outcome, ...screen };
    await this.same(ended);
    return ended;
  }

  /** The endings of calls that run at once, in their order; time passes as in {@link play}. */
  async settle(calls: readonly Promise<ChatResponse>[]): Promise<Outcome[]> {
    let outcomes: Outcome[] | undefined;
    void Promise.all(
      calls.map((call) =>
        call.then(
          (response): Outcome => ({ response }),
          (error: unknown): Outcome => ({ error: AiLibError.from(error) }),
        ),
      ),
    ).then((all) => {
      outcomes = all;
    });
    const hangsAt = systemClock.now() + HANGS_AFTER_MS;
    for (;;) {
      await new Promise<void>((resolve) => void systemClock.after(1, resolve));
      if (outcomes !== undefined) return outcomes;
      if (this.everybodyWaits()) this.clock.step();
      if (systemClock.now() > hangsAt) throw new Error(`A call hangs: ${JSON.stringify(this.log)}`);
    }
  }

  /** The endpoints that were asked, in order, as the simulator saw it. */
  get log(): string[] {
    return this.simulator.attempts.map(({ endpoint }) => endpoint);
  }

  /** What holds after every call, however it ended. */
  private async same({ response, error, shown: text }: Played): Promise<void> {
    const { attempts } = this.simulator;
    const trail = (response ?? error)?.attempts.filter(({ outcome }) => outcome !== "skipped") ?? [];
    expect(trail.map(({ target }) => target.provider)).toEqual(this.log);
    // Three members and four repeats.
    expect(trail.length).toBeLessThanOrEqual(7);
    expect(trail.every(({ outcome }) => outcome !== "running")).toBe(true);
    await expect.poll(() => attempts.every(({ outcome }) => outcome !== "running")).toBe(true);
    if (error !== undefined) {
      expect(ANSWER.startsWith(text)).toBe(true);
      expect(error.committed).toBe(text !== "");
      expect(error.partial?.text ?? "").toBe(text);
    }
    if (response !== undefined) this.accounted(response, trail, attempts);
  }

  /** Whoever answered, what it used and what that cost are as the simulator reported. */
  private accounted(
    response: ChatResponse,
    trail: readonly Attempt[],
    attempts: readonly SimulatedAttempt[],
  ): void {
    const [last, seen] = [trail.at(-1), attempts.at(-1)];
    const { inputTokens = -1, outputTokens = -1 } = seen?.usage ?? {};
    const cost = costOf({ inputTokens, outputTokens }, PRICES[Number(seen?.endpoint.slice(1))]);
    expect(response.provider).toBe(seen?.endpoint);
    expect(response.usage).toMatchObject({ inputTokens, outputTokens });
    expect(response.usageStatus).toBe("final");
    expect(response.cost).toBe(cost);
    expect(last).toMatchObject({ outcome: "success", usage: { inputTokens, outputTokens }, cost });
  }

  /** Must watch every call that is settled here. */
  readonly observer: Observer = {
    on: ({ type }) => {
      if (type === "attempt-start") {
        this.started++;
        this.running++;
        this.committed = false;
      } else if (type === "attempt-end") this.running--;
      else if (type === "first-content") this.committed = true;
    },
  };

  /** A head was sent, and has had time to cross the socket: a limit for it must not pass before. */
  private headArrived(attempt: number): boolean {
    const now = systemClock.now();
    if (this.head?.attempt !== attempt) this.head = { attempt, sentBefore: now };
    return now - this.head.sentBefore >= HEAD_MS;
  }

  /** Nothing is on its way on any socket: a layer waits to ask again, or the simulator is silent on purpose. */
  private everybodyWaits(): boolean {
    if (this.running === 0) return true;
    const { attempts } = this.simulator;
    const last = attempts.at(-1);
    if (last?.outcome !== "running" || attempts.length < this.started) return false;
    const { silent, headDelayMs, firstFrameDelayMs } = last.fault ?? {};
    if (headDelayMs !== undefined || silent === "head") return true;
    if (silent === 0) return this.headArrived(last.startedAt);
    if (last.mode === "stream" && firstFrameDelayMs !== undefined)
      return last.frames === 0 && this.headArrived(last.startedAt);
    return silent !== undefined && (this.committed || last.mode === "unary");
  }
}

async function shown(
  stream: ReturnType<ChatProvider["stream"]>,
  screen: { shown: string; restarts: number },
): Promise<ChatResponse> {
  for await (const event of stream) {
    if (event.type === "text-delta") screen.shown += event.text;
    else if (event.type === "restart") {
      screen.shown = "";
      screen.restarts++;
    }
  }
  return stream.response();
}
