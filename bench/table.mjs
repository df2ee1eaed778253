/** The quantile of some values, interpolated between neighbours. `part` is 0 to 1. */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const below = Math.floor(at);
  const next = sorted[below + 1] ?? sorted[below];
  return sorted[below] + (next - sorted[below]) * (at - below);
}

/** The median; of an even number of values, the mean of the two in the middle. */
export function median(values) {
  return quantile(values, 0.5);
}

/** One measurement of several clients, over the rounds. */
export class Table {
  /** @param difference also print by how much a client exceeds the floor. Default: only how many times. */
  constructor(title, names, difference = false) {
    this.title = title;
    this.difference = difference;
    this.values = new Map(names.map((name) => [name, []]));
  }

  add(name, value) {
    this.values.get(name).push(value);
  }

  markdown(labels) {
    const base = this.values.get("floor") ?? this.values.get("ai-lib");
    const rows = [...this.values].map(([name, values]) => {
      const middle = median(values);
      const spread = `${round(Math.min(...values))} to ${round(Math.max(...values))}`;
      const over = this.difference ? ` ${round(middle - median(base))} |` : "";
      return `| ${labels[name] ?? name} | ${round(middle)} | ${spread} | ${(middle / median(base)).toFixed(2)} |${over}`;
    });
    const to = this.values.has("floor") ? "the floor" : "ai-lib";
    return [
      `### ${this.title}`,
      "",
      `| client | median | spread | to ${to} |${this.difference ? ` over ${to} |` : ""}`,
      `|---|--:|--:|--:|${this.difference ? "--:|" : ""}`,
      ...rows,
    ].join("\n");
  }
}

function round(value) {
  return Math.abs(value) >= 100
    ? value.toFixed(0)
    : Math.abs(value) >= 10
      ? value.toFixed(1)
      : value.toFixed(2);
}
