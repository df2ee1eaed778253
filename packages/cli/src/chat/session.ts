import {
  type AiClient,
  type ChatResponse,
  type ContentPart,
  type Message,
  systemClock,
  type Usage,
  type UserPart,
} from "ai-lib";
import { createClient, nameModels } from "../client.js";
import type { Io } from "../io.js";
import type { Progress } from "../progress.js";
import { saveConversation } from "../saved/conversation.js";
import type { TurnTools } from "../turn.js";

/** A conversation at work: its messages, who answers, and what it cost. */
export class ChatSession {
  messages: readonly Message[];
  /** Parts that the next prompt takes along. */
  attached: UserPart[] = [];
  /** The name under which it is saved besides `latest`. */
  name: string | undefined;
  /** The line that shows how long an answer takes. */
  progress: Progress | undefined;
  private answeredBy: string;
  private inputTokens = 0;
  private outputTokens = 0;
  private cost = 0;
  private turns = 0;
  private unpriced = 0;

  constructor(
    private readonly io: Io,
    public client: AiClient,
    public system: string | undefined,
    messages: readonly Message[],
    readonly tools: TurnTools | undefined,
  ) {
    this.messages = messages;
    this.answeredBy = nameModels(client);
  }

  /** The messages of a request: the system prompt, what was said, and the prompt with what is attached. */
  ask(prompt: string): Message[] {
    const system: Message[] = this.system === undefined ? [] : [{ role: "system", content: this.system }];
    const content: Message["content"] =
      this.attached.length === 0 ? prompt : [...this.attached, { type: "text", text: prompt }];
    this.attached = [];
    return [...system, ...this.messages, { role: "user", content } as Message];
  }

  /** Takes over what was said, and counts what it cost. */
  async accept(
    messages: readonly Message[],
    answered?: { readonly response: ChatResponse; readonly cost: number | undefined },
  ): Promise<void> {
    this.messages = messages.filter(({ role }) => role !== "system");
    if (answered === undefined) return;
    this.count(answered.response.usage, answered.cost);
    const { provider, model } = answered.response;
    this.answeredBy = `${provider}/${model}`;
    await this.save();
  }

  /** Saves the conversation, so that `-c` or its name continues it. */
  async save(): Promise<void> {
    const system: Message[] = this.system === undefined ? [] : [{ role: "system", content: this.system }];
    await saveConversation(this.io.environment, this.name, {
      version: 1,
      model: this.answeredBy,
      messages: [...system, ...this.messages],
      updatedAt: new Date(systemClock.now()).toISOString(),
    });
  }

  private count({ inputTokens, outputTokens }: Usage, cost: number | undefined): void {
    this.turns++;
    this.inputTokens += inputTokens;
    this.outputTokens += outputTokens;
    if (cost === undefined) this.unpriced++;
    else this.cost += cost;
  }

  /** Removes the last prompt and its answer; returns the text of the prompt, undefined if there is none. */
  undo(): string | undefined {
    const last = this.messages.findLastIndex(({ role }) => role === "user");
    if (last === -1) return undefined;
    const removed = this.messages[last];
    this.messages = this.messages.slice(0, last);
    if (removed === undefined) return undefined;
    if (typeof removed.content === "string") return removed.content;
    this.attached = (removed.content as readonly ContentPart[]).filter(isAttachment);
    return removed.content.map((part) => (part.type === "text" ? part.text : "")).join("");
  }

  /** Forgets what was said. */
  restart(): void {
    this.messages = [];
    this.attached = [];
  }

  /** Lets another model answer from now on. */
  async switchModel(model: string): Promise<void> {
    const next = await createClient(this.io, {
      model: [model],
      observers: this.progress === undefined ? [] : [this.progress],
    });
    await this.client.close();
    this.client = next;
  }

  /** What the conversation cost so far. */
  describeCost(formatDollars: (dollars: number) => string): string {
    const price =
      this.unpriced === 0
        ? formatDollars(this.cost)
        : this.unpriced === this.turns
          ? "price unknown"
          : `at least ${formatDollars(this.cost)} (${this.unpriced} without a known price)`;
    return `${this.turns} ${this.turns === 1 ? "answer" : "answers"} · ${this.inputTokens} tokens in, ${this.outputTokens} out · ${price}`;
  }
}

function isAttachment(part: ContentPart): part is UserPart {
  return part.type === "image" || part.type === "audio" || part.type === "file";
}
