import type { Run } from "./run.js";

/** How many deliveries are remembered of work that no run waits for yet. */
const MAX_REMEMBERED = 1_000;

/**
 * Runs that wait for news, by the id of their job: connects webhooks of `ai-lib/webhooks` with runs.
 *
 * @example
 * import { imageLaws } from "ai-lib/kinds/image";
 *
 * const runs = new WaitingRuns();
 * createServer(serveWebhooks({ sources: falWebhooks(), onEvent: (event) => runs.deliver(event) })).listen(8080);
 * const webhook = "https://example.com/fal";
 * const run = runs.add(await startRun(provider("fal"), imageLaws, { prompt: "A cat" }, { webhook }));
 */
export class WaitingRuns {
  private readonly runs = new Set<Run<unknown>>();
  /** Ids of jobs whose webhook arrived before their run was added. */
  private readonly early = new Set<string>();

  /** Adds a run, and returns it. It is removed at the next delivery after its end. */
  add<R>(run: Run<R>): Run<R> {
    this.runs.add(run as Run<unknown>);
    if (this.early.delete(run.handle.job.id)) run.notify();
    return run;
  }

  /** Takes a run out. */
  remove(run: Run<unknown>): void {
    this.runs.delete(run);
  }

  /**
   * Passes news on, such as a webhook's event.
   * @param event its `subject` is the id of a job
   * @returns whether a run waits for it. Where none does, the next run with this id asks immediately.
   */
  deliver({ subject }: { readonly subject: string }): boolean {
    let found = false;
    for (const run of this.runs) {
      const { state, handle } = run.report;
      if (handle.job.id === subject) {
        found = true;
        run.notify();
      }
      if (state !== "pending" && state !== "running") this.runs.delete(run);
    }
    if (!found && subject !== "") this.remember(subject);
    return found;
  }

  private remember(subject: string): void {
    this.early.add(subject);
    for (const oldest of this.early) {
      if (this.early.size <= MAX_REMEMBERED) return;
      this.early.delete(oldest);
    }
  }
}
