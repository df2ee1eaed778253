import type { CallOptions } from "../../core/contract/call.js";
import { type Clock, systemClock } from "../../core/contract/clock.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import {
  answerMetadata,
  contentOf,
  responseFacts,
  specFinishReason,
  specUsage,
  specWarning,
  ToolNames,
} from "./answer.js";
import { thrownError } from "./errors.js";
import { callOptionsOf, readCall } from "./request.js";
import type {
  AiSdkLanguageModel,
  SpecCallOptions,
  SpecGenerateResult,
  SpecStreamPart,
  SpecVersion,
} from "./spec.js";
import { openStream, StreamWriter } from "./stream.js";
import { contentFor, finishReasonFor, streamPartFor, usageFor, warningsFor } from "./versions.js";

/** What all models of one adapter share. */
export interface ModelSettings<V extends SpecVersion> {
  readonly provider: ChatProvider;
  readonly version: V;
  readonly call: CallOptions | undefined;
  readonly supportedUrls: Record<string, RegExp[]>;
}

/** The model that a name refers to: undefined for the provider's default. */
export function requestedModel(modelId: string): string | undefined {
  return modelId === "" || modelId === "auto" || modelId === "default" ? undefined : modelId;
}

/** A provider as a language model of the AI SDK. */
export class LanguageModel<V extends SpecVersion> implements AiSdkLanguageModel<V> {
  readonly specificationVersion: V;
  readonly provider: string;
  readonly supportedUrls: Record<string, RegExp[]>;
  private readonly clock: Clock;

  constructor(
    private readonly settings: ModelSettings<V>,
    readonly modelId: string,
  ) {
    this.specificationVersion = settings.version;
    this.provider = settings.provider.name;
    this.supportedUrls = settings.supportedUrls;
    this.clock = settings.call?.clock ?? systemClock;
  }

  async doGenerate(options: SpecCallOptions): Promise<SpecGenerateResult<V>> {
    const { version, provider } = this.settings;
    const { request, warnings } = readCall(requestedModel(this.modelId), options);
    try {
      const response = await provider.chat(request, callOptionsOf(options, this.settings.call));
      const content = contentOf(response, new ToolNames(options.tools));
      return {
        content: content.map((part) => contentFor(version, part)),
        finishReason: finishReasonFor(version, specFinishReason(response)),
        usage: usageFor(version, specUsage(response.usage)),
        providerMetadata: answerMetadata(response),
        response: responseFacts(response, this.clock.now()),
        warnings: warningsFor(version, [...warnings, ...response.warnings.map(specWarning)]),
      };
    } catch (error) {
      throw this.thrown(error, request, options.abortSignal);
    }
  }

  async doStream(options: SpecCallOptions): Promise<{ stream: ReadableStream<SpecStreamPart<V>> }> {
    const { version, provider } = this.settings;
    const { request, warnings } = readCall(requestedModel(this.modelId), options);
    const stream = await openStream<SpecStreamPart<V>>({
      stream: provider.stream(request, callOptionsOf(options, this.settings.call)),
      writer: new StreamWriter(new ToolNames(options.tools), [...warnings], this.clock.now()),
      thrown: (error) => this.thrown(error, request, options.abortSignal),
      convert: (part) => streamPartFor(version, part),
    });
    return { stream };
  }

  private thrown(error: unknown, request: unknown, signal: AbortSignal | undefined): unknown {
    return thrownError(error, { request, signal, now: this.clock.now() });
  }
}
