import { type CallOptions, contextOf } from "../../core/contract/call.js";
import type { KindCodec } from "../../core/contract/dialect.js";
import { AiLibError } from "../../core/errors/error.js";
import { voiceInfos } from "../../core/kinds/voices.js";
import type { ModelInfo } from "../../core/values/model.js";
import type { VoiceInfo } from "../../core/values/speech.js";
import type { ProviderData } from "./data.js";
import type { ServiceHost } from "./service-host.js";
import { readVoices } from "./voice-pages.js";

/**
 * The models that an endpoint lists, with what the provider knows of them.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` if the endpoint lists no models; otherwise the errors of a call.
 */
export async function listModels(host: ServiceHost, options: CallOptions | undefined): Promise<ModelInfo[]> {
  const { provider, leaf } = host;
  const { models } = (await host.codec("chat")).half;
  const { modelsPath } = provider.data;
  if (models === undefined || modelsPath === null) throw lacks(host, "models");
  const context = contextOf(options);
  const target = host.target(leaf.target.model ?? "", context.clock.now());
  const http = models.encode(target);
  const placed = modelsPath === undefined ? http : { ...http, path: modelsPath };
  return host.requests.send(placed, context, (reply, redact) =>
    models.decode(reply, { ...target, redact }).map((info) => ({
      ...provider.facts(info.id),
      ...knownKinds(provider.data, info.id),
      ...info,
    })),
  );
}

/** The kinds that a model is the default of, for a list that does not tell. */
function knownKinds(
  { chat, kinds: all = {}, model: usual }: ProviderData,
  model: string,
): Pick<ModelInfo, "kinds"> {
  const kinds = Object.entries(all).flatMap(([kind, data]) => (data?.model === model ? kind : []));
  if (chat !== false && usual === model) kinds.unshift("chat");
  return kinds.length === 0 ? {} : { kinds };
}

/**
 * The voices that requests for speech can name: the list of the API, else those of the provider's data.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` if neither has any; otherwise the errors of a call.
 */
export async function listVoices(host: ServiceHost, options: CallOptions | undefined): Promise<VoiceInfo[]> {
  const { codec } = await host.codec("speak");
  const list = (codec as KindCodec<"speak"> | undefined)?.voices;
  const { voices } = host.provider.data.kinds?.speak ?? {};
  if (list === undefined && voices !== undefined) return voiceInfos(host.provider.name, voices);
  if (list === undefined) throw lacks(host, "voices");
  const context = contextOf(options);
  const target = host.target(host.model("speak") ?? "", context.clock.now(), "speak");
  return readVoices(list, target, (http, decode) => host.requests.send(http, context, decode));
}

function lacks({ provider, leaf }: ServiceHost, what: string): AiLibError {
  return new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `${provider.name} has no endpoint that lists its ${what}`,
    target: leaf.target,
    local: true,
  });
}
