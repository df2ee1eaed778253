import { AiLibError, systemClock } from "ai-lib";
import type { RequestHead } from "ai-lib/serve";
import type { Admission, AdmissionRequest, Principal, Ticket } from "../admission.js";
import { keyOf } from "../client-key.js";
import { type ChainLimit, chainOf, chainOfGroups, stateOf } from "../limits/chain.js";
import type { Counters } from "../limits/counters.js";
import type { LimitState } from "../limits/limit-state.js";
import { Limiter, type LimiterParts, type MayDivert } from "../limits/limiter.js";
import { isListed } from "../limits/names.js";
import { namesOtherModels } from "../limits/other-models.js";
import type { Preview } from "../limits/preview.js";
import type { Restorer } from "../limits/restore.js";
import type { Directory } from "./directory.js";
import { mayAsk } from "./diversions.js";
import { networkTest } from "./networks.js";
import type { Access, KeyRecord, RecordKind } from "./record.js";

/** What an admission by keys is made of. */
export interface KeyAdmissionParts extends LimiterParts {
  readonly directory: Directory;
  readonly counters: Counters;
  readonly restorer: Restorer;
}

/** A key with the data for checks of its calls. */
interface KnownKey {
  readonly record: KeyRecord;
  /** Epoch milliseconds at which the key, or a secret of it, ends next. */
  readonly validUntil: number;
  readonly principal: Principal;
  /** Those of its groups, the outermost first, and its own. */
  readonly access: readonly Access[];
  readonly disabled: boolean;
  /** See {@link Directory.problemOf}. */
  readonly misplaced: boolean;
  readonly isInNetworks: (address: string | undefined) => boolean;
  readonly chain: readonly ChainLimit[];
  readonly mayDivert: MayDivert;
  /** It may ask for some models alone, or its limits count by the model. */
  readonly bound: boolean;
}

/** Admits calls by the keys of a directory, within the limits of each key and of the groups that it is in. */
export class KeyAdmission implements Admission {
  private readonly known = new Map<string, KnownKey>();
  private readonly limiter: Limiter;
  private readonly unsubscribe: () => void;
  private closed = false;

  constructor(private readonly parts: KeyAdmissionParts) {
    this.limiter = new Limiter(parts);
    this.unsubscribe = parts.directory.subscribe(({ kind, id, record }) => {
      // A change of a group concerns every key within it.
      if (kind === "group") this.known.clear();
      else this.known.delete(id);
      if (record === undefined) parts.counters.forget({ kind, id });
      else if (parts.restorer.reads) parts.counters.retain({ kind, id }, record.limits ?? []);
    });
  }

  authenticate(head: RequestHead, peer: string | undefined): Principal {
    const secret = keyOf(head);
    if (secret === undefined)
      throw refused("AUTH_FAILED", "The gateway needs a key: send it as the API key of your client");
    const id = this.parts.directory.find(secret);
    const key = id === undefined ? undefined : this.keyOf(id);
    if (key === undefined) throw refused("AUTH_FAILED", "The gateway does not know this key");
    const { record, isInNetworks, principal } = key;
    requireValid(key);
    if (!isInNetworks(peer)) throw refused("PERMISSION_DENIED", "This key may not be used from this address");
    this.parts.directory.noteUse(record.id);
    return principal;
  }

  renew(principal: Principal, head: RequestHead, peer: () => string | undefined): Principal {
    const known = this.known.get(principal.id);
    // The same object, so nothing has changed.
    if (known?.principal === principal && systemClock.now() < known.validUntil) return principal;
    this.known.delete(principal.id);
    return this.authenticate(head, peer());
  }

  admit(call: AdmissionRequest): Ticket | Promise<Ticket> {
    const key = this.keyOf(call.principal.id);
    if (key === undefined) throw refused("AUTH_FAILED", "The gateway does not know this key any more");
    requireValid(key);
    requireAllowed(key, call);
    const { chain } = key;
    const waiting = this.parts.restorer.ready(chain, systemClock.now());
    if (waiting === undefined) return this.limiter.admit(call, chain, key.mayDivert);
    return waiting.then(
      // The key may have changed in the meantime.
      () => this.admit(call),
      () => {
        throw refused("OVERLOADED", "The gateway cannot read what its keys have used; try again");
      },
    );
  }

  admitCopy(call: AdmissionRequest): Ticket | undefined {
    const chain = this.keyOf(call.principal.id)?.chain.filter(({ limit }) => limit.concurrent === undefined);
    try {
      // A copy goes where its call goes, or nowhere.
      return chain === undefined ? undefined : this.limiter.admit(call, chain, () => false);
    } catch (error) {
      if (AiLibError.is(error)) return undefined;
      throw error;
    }
  }

  /**
   * How full the limits of a key, or of a group, are, with those of the groups that it is in, the outermost first;
   * undefined where there is none.
   */
  async limitsOf(id: string, kind: RecordKind = "key"): Promise<readonly LimitState[] | undefined> {
    const chain = kind === "key" ? this.keyOf(id)?.chain : this.chainOfGroup(id);
    if (chain === undefined) return undefined;
    const now = systemClock.now();
    await this.parts.restorer.ready(chain, now);
    return chain.map((one) => stateOf(one, now));
  }

  /** What {@link admit} would do now, without taking anything; undefined where there is no such key. */
  async preview(call: AdmissionRequest): Promise<Preview | undefined> {
    const chain = this.keyOf(call.principal.id)?.chain;
    if (chain === undefined) return undefined;
    await this.parts.restorer.ready(chain, systemClock.now());
    // The key may have changed in the meantime.
    const key = this.keyOf(call.principal.id);
    if (key === undefined) return undefined;
    const preview = this.limiter.preview(call, key.chain, key.mayDivert);
    try {
      requireValid(key);
      requireAllowed(key, call);
      return preview;
    } catch (error) {
      return { ...preview, refusal: AiLibError.from(error) };
    }
  }

  /** Ends its subscription to the directory. Requests that it has authenticated still end with it. */
  close(): void {
    this.closed = true;
    this.known.clear();
    this.unsubscribe();
  }

  private chainOfGroup(id: string): readonly ChainLimit[] | undefined {
    const { directory, counters } = this.parts;
    const group = directory.group(id);
    return group === undefined
      ? undefined
      : chainOfGroups([...directory.pathOf("group", id), group], counters);
  }

  private keyOf(id: string): KnownKey | undefined {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const { directory, counters } = this.parts;
    const record = directory.key(id);
    if (record === undefined) return undefined;
    const path = directory.pathOf("key", id);
    const access = [...path, record];
    const chain = chainOf(record, path, counters);
    const tests = access.flatMap(({ networks }) => (networks === undefined ? [] : [networkTest(networks)]));
    const key: KnownKey = {
      ...{ record, access, validUntil: validUntil(record) },
      principal: {
        id,
        ...(record.name !== undefined && { name: record.name }),
        path: path.map((group) => group.id),
        mayUse: (model) => mayAsk(access, this.parts.route(model)?.route ?? model, model),
      },
      disabled: access.some(({ disabled }) => disabled === true),
      misplaced: directory.problemOf(id) !== undefined,
      isInNetworks: (address) => tests.every((test) => test(address)),
      chain,
      mayDivert: ({ route }, name) => mayAsk(access, route, name),
      bound:
        access.some(({ routes, models }) => routes !== undefined || models !== undefined) ||
        chain.some(({ limit }) => limit.tokens !== undefined || limit.dollars !== undefined),
    };
    // Without a subscription it would not see a change.
    if (!this.closed) this.known.set(id, key);
    return key;
  }
}

/** @throws {AiLibError} the refusal of a call that the key may not make, whatever its limits have */
function requireAllowed({ access, bound }: KnownKey, call: AdmissionRequest): void {
  const { route, kind, model } = call;
  for (const { routes, models, kinds } of access) {
    if (!isListed(routes, route))
      throw refused("PERMISSION_DENIED", `This key may not ask the route ${route}`);
    if (!isListed(models, model ?? route))
      throw refused(
        "PERMISSION_DENIED",
        `This key may not ask for the model ${(model ?? route).slice(0, 200)}`,
      );
    if (kinds?.includes(kind) === false)
      throw refused("PERMISSION_DENIED", `This key may not make calls of the kind ${kind}`);
  }
  if (bound && namesOtherModels(call.fields ?? (call.request as { extensions?: object }).extensions))
    throw refused(
      "INVALID_REQUEST",
      "This key may not let a vendor choose among models: send the request without `models`, `fallbacks` and `preset`",
    );
}

/** @throws {AiLibError} `AUTH_FAILED` for a key that is disabled or misplaced, or has expired */
function requireValid({ disabled, misplaced, record }: KnownKey): void {
  if (disabled) throw refused("AUTH_FAILED", "This key is disabled");
  if (misplaced) throw refused("AUTH_FAILED", "This key is in a group that the gateway does not have");
  if (record.expiresAt !== undefined && systemClock.now() >= record.expiresAt)
    throw refused("AUTH_FAILED", "This key has expired");
}

function validUntil({ expiresAt, secrets }: KeyRecord): number {
  const now = systemClock.now();
  const ends = [expiresAt, ...secrets.map((secret) => secret.expiresAt)];
  return Math.min(...ends.map((end) => (end === undefined || end <= now ? Number.POSITIVE_INFINITY : end)));
}

function refused(
  code: "AUTH_FAILED" | "INVALID_REQUEST" | "PERMISSION_DENIED" | "OVERLOADED",
  message: string,
): AiLibError {
  return new AiLibError({ code, message, local: true });
}
