/** Providers: prebuilt ones by name, one's own by data and by code. Compiled in CI, never run. */
import {
  type ChatProvider,
  type ChatRequest,
  CustomProviderBuilder,
  defineChatProvider,
  defineProvider,
  ProviderFactory,
  provider,
} from "ai-lib";
import { GroqBuilder } from "ai-lib/builders";
import { expectTypeOf } from "vitest";

export function prebuilt(): void {
  expectTypeOf(provider("groq")).toExtend<ChatProvider>();
  expectTypeOf(
    provider("groq/openai/gpt-oss-120b", { apiKey: "k", keyAlias: "team" }),
  ).toExtend<ChatProvider>();
  expectTypeOf(ProviderFactory.create("groq")).toExtend<ChatProvider>();
  expectTypeOf(new GroqBuilder().withApiKey("k").buildProvider()).toExtend<ChatProvider>();
  // @ts-expect-error No such option.
  provider("groq", { key: "k" });
  // @ts-expect-error An Azure resource is no option of Groq.
  ProviderFactory.create("groq", { resource: "mine" });
}

export function byData(): void {
  const data = { id: "labs", dialect: "openai-chat", baseUrl: "http://127.0.0.1:9/v1" } as const;
  expectTypeOf(defineProvider({ ...data, quirks: { topK: true } }, { apiKey: "k" })).toExtend<ChatProvider>();
  expectTypeOf(
    new CustomProviderBuilder("labs").withDialect("openai-chat").withBaseUrl(data.baseUrl),
  ).toEqualTypeOf<CustomProviderBuilder>();
  // @ts-expect-error No such dialect.
  defineProvider({ ...data, dialect: "morse" });
  // @ts-expect-error A quirk has a type.
  defineProvider({ ...data, quirks: { topK: "yes" } });
}

export function byCode(): void {
  const one = defineChatProvider({
    name: "shout",
    async *stream(request, { signal }) {
      expectTypeOf(request).toEqualTypeOf<ChatRequest>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      yield "HI";
      return { finishReason: "stop" };
    },
  });
  expectTypeOf(one).toExtend<ChatProvider>();
  defineChatProvider({
    name: "wrong",
    // @ts-expect-error A stream yields texts or events.
    async *stream() {
      yield 5;
    },
  });
  // @ts-expect-error A provider has a name.
  defineChatProvider({ chat: async () => "hi" });
}
