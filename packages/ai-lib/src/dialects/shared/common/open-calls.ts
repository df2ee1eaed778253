/** A call without a result so far. */
interface OpenCall {
  readonly id: string;
  readonly name: string;
  answered: boolean;
}

/** Calls in their order; those before `next` were answered. */
interface Queue {
  readonly calls: OpenCall[];
  next: number;
}

/**
 * The calls of a conversation that have no result yet, for formats in which a result may name no call. Each call is found
 * in constant time, in whatever order the results come.
 */
export class OpenCalls {
  private readonly all: Queue = { calls: [], next: 0 };
  private readonly byId = new Map<string, Queue>();
  private readonly byName = new Map<string, Queue>();

  add(id: string, name: string): void {
    const call: OpenCall = { id, name, answered: false };
    this.all.calls.push(call);
    queueOf(this.byId, id).calls.push(call);
    queueOf(this.byName, name).calls.push(call);
  }

  /** The first open call with an id, which has its result from now on. */
  takeById(id: string): OpenCall | undefined {
    return take(this.byId.get(id));
  }

  /** The first open call of a tool, or of any, which has its result from now on. */
  takeFirst(name?: string): OpenCall | undefined {
    return take(name === undefined ? this.all : this.byName.get(name));
  }
}

function queueOf(queues: Map<string, Queue>, key: string): Queue {
  let queue = queues.get(key);
  if (queue === undefined) {
    queue = { calls: [], next: 0 };
    queues.set(key, queue);
  }
  return queue;
}

function take(queue: Queue | undefined): OpenCall | undefined {
  if (queue === undefined) return undefined;
  for (let call = queue.calls[queue.next]; call !== undefined; call = queue.calls[queue.next]) {
    queue.next++;
    if (call.answered) continue;
    call.answered = true;
    return call;
  }
  return undefined;
}
