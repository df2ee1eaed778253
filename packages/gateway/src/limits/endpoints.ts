import type { ChatProvider, DialectId } from "ai-lib";

/** What answers a call. */
export interface Answerer {
  readonly provider: ChatProvider;
  /** The model to ask it for; undefined for its default. */
  readonly model: string | undefined;
}

/** An endpoint that may answer a call. */
export interface Endpoint {
  readonly dialect: DialectId;
  /** Its vendor, by the id of price catalogues where it has one. */
  readonly vendor: string;
  /** Its default model. */
  readonly model: string | undefined;
}

interface WithData {
  readonly data?: { readonly id: string; readonly dialect?: DialectId; readonly priceId?: string | null };
}

const known = new WeakMap<ChatProvider, readonly Endpoint[]>();

/** The endpoints of a provider and of its members. Providers that are no endpoint, such as a function, have none. */
export function endpointsOf(provider: ChatProvider): readonly Endpoint[] {
  let found = known.get(provider);
  if (found === undefined) {
    found = find(provider);
    known.set(provider, found);
  }
  return found;
}

function find(provider: ChatProvider): readonly Endpoint[] {
  const { members = [], target } = provider;
  if (members.length > 0) return members.flatMap(find);
  const { id, dialect, priceId } = (provider as WithData).data ?? {};
  if (id === undefined || dialect === undefined) return [];
  return [{ dialect, vendor: priceId ?? id, model: target?.model }];
}
