/** Those who wait for one signal. */
interface Hub {
  readonly waiting: Set<() => void>;
  readonly fire: () => void;
}

const hubs = new WeakMap<AbortSignal, Hub>();

/**
 * Runs `run` when a signal aborts; the returned function takes it back. However many calls share a signal, it has
 * one listener of ours, gone with the last of them: a batch of sixty calls would otherwise raise Node's warning of a
 * listener leak, and a long-lived signal would keep every call that ever used it.
 */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  let hub = hubs.get(signal);
  if (hub === undefined) {
    const waiting = new Set<() => void>();
    const fire = () => {
      for (const one of [...waiting]) one();
    };
    hub = { waiting, fire };
    hubs.set(signal, hub);
    signal.addEventListener("abort", fire);
  }
  const { waiting, fire } = hub;
  waiting.add(run);
  return () => {
    if (!waiting.delete(run) || waiting.size > 0) return;
    signal.removeEventListener("abort", fire);
    hubs.delete(signal);
  };
}
