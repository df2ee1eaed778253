import type { ChatProvider } from "../contract/provider.js";
import {
  type CellKind,
  type CellLink,
  cellFor,
  type StateCells,
  type StateOptions,
} from "../contract/state.js";
import { formatTarget } from "../errors/attempt-log.js";
import { targetOf } from "../run/member.js";

/**
 * The cell of a wrapper's options, named after the target that it wraps (without its model), such as `"groq (key a)"`,
 * or after the member where it represents several targets. Nested wrappers of one class are numbered from the inside:
 * two limits around one target are two limits, and would block each other as one.
 */
export function memberCell<K extends CellKind, C extends StateCells[K]>(
  options: StateOptions,
  kind: K,
  wrapper: ChatProvider,
  make: (link: CellLink) => C,
): C {
  let [inner] = wrapper.members ?? [];
  const text = targetText(inner ?? wrapper);
  let depth = 1;
  while (inner !== undefined) {
    if (inner.constructor === wrapper.constructor) depth++;
    const [only, ...others]: readonly ChatProvider[] = inner.members ?? [];
    inner = others.length === 0 ? only : undefined;
  }
  return cellFor(options, kind, depth === 1 ? text : `${text} #${depth}`, make);
}

/** The target that a provider represents, without its model, in words; the provider's name where there are several. */
export function targetText(provider: ChatProvider): string {
  const target = targetOf(provider);
  return target === undefined ? provider.name : formatTarget({ ...target, model: "" });
}
