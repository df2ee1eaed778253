import type { BatchRow } from "../core/contract/batch-job.js";
import type { BatchStore } from "../core/contract/batch-store.js";
import { files, type JobRecord } from "./record.js";
import { type Item, readItem, readResult } from "./result-line.js";
import { LineIndex, linesFrom } from "./stored-lines.js";

/** The rows that failed for a temporary reason, expired or were cancelled, with their ids. */
export async function* failedRows(store: BatchStore, { id, parts }: JobRecord): AsyncGenerator<BatchRow> {
  for (const { number, kind, rows, provider } of parts) {
    // Rows that could not be sent were not stored, and cannot be sent now.
    if (provider === "") continue;
    let items: LineIndex | undefined;
    const numbers = new Map<number, number>();
    for await (const { text } of linesFrom(store, id, files.results(number))) {
      const result = readResult(text, number, kind);
      if (result.outcome === "succeeded" || (result.outcome === "failed" && !result.error.retryable))
        continue;
      if (items === undefined) {
        items = await LineIndex.of(store, id, files.items(number), rows);
        let row = 0;
        for await (const item of linesFrom(store, id, files.items(number)))
          numbers.set(readItem(item.text).index, row++);
      }
      const item: Item = readItem(await items.at(numbers.get(result.index) ?? 0));
      yield { id: item.id, kind, request: item.request } as BatchRow;
    }
  }
}
