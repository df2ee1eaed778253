/**
 * Words that vendors use for a prompt that exceeds the context window, often with a 400 whose type says nothing. From
 * their documentation and public issue threads: OpenAI, Anthropic, Google, Bedrock, Mistral, Cohere, xAI, Groq, Cerebras,
 * Together, Fireworks, Moonshot, MiniMax, Zhipu, DashScope, SiliconFlow, Volcengine, GitHub Copilot, vLLM, SGLang,
 * llama.cpp, LM Studio, Ollama, Text Generation Inference.
 */
const TOO_LONG: readonly RegExp[] = [
  // "maximum context length is 8192 tokens", "exceeds the available context size", "context window exceeds limit"
  /\bcontext[_ ](length|window|size|limit)|maximum context|max(imum)? (model|prompt|input|sequence) length|max_(seq|model)_len/i,
  // "prompt is too long", "the total length of all messages is too long", "input is too long for requested model"
  /\b(prompt|inputs?|messages|conversation|history)\b.{0,40}\b(is|are) (too (long|large)|longer than)/i,
  // "too many prompt tokens", "too many input tokens"; "too many tokens" alone may mean a rate
  /too many (input |prompt |context )tokens|too many tokens(?!.{0,40}(per|wait|minute|second))/i,
  // "input token count (1196265) exceeds the maximum", "prompt token count of 128000 exceeds the limit of 64000"
  /\b(input|prompt|request(ed)?|total|message) tokens?( count)?\b.{0,60}\b(exceed|is larger|greater than|must be less)/i,
  /exceeds? (the )?(available |maximum )?(context|number of (input )?tokens|token count)|exceeded model token limit/i,
  // "prompt exceeds max length", "input length exceeds", "Range of input length should be [1, 30720]"
  /\b(prompt|input)( length| tokens?)? (exceeds?|exceeded)\b|range of input length|length of prompt_tokens/i,
  // "Input id 0 has 9001 tokens, exceeding max 8192 tokens", "Input text exceeds maximum length of 8194 tokens"
  /\bhas \d{1,9} tokens, exceeding|\b(input|text)s? exceeds? (the )?max(imum)? length/i,
  // "Please reduce the length of the messages or completion", "please shorten the prompt"
  /(reduce|shorten)( the)? (length|prompt|input|messages|conversation)/i,
  // "too large for model with 32768 maximum context length", "too large to fit the window"
  /(prompt|messages?|request).{0,60}too large for (this |the )?model|tokens to keep from the initial prompt/i,
  /(输入|提示词?|上下文|prompt|消息).{0,12}(过长|超长|超出|超过).{0,12}|超(出|过)(了)?(模型)?.{0,6}(最大)?(上下文|长度)/i,
];

/** "max_tokens is too large", "max_tokens must be less than 4096": the limit in the request, not the prompt. */
const OUTPUT_LIMIT =
  /\bmax[_ ]?(completion_|output_|new_)?tokens\b.{0,60}(too (large|high|big)|must be|cannot (be|exceed)|should be|at most|exceeds?|less than|greater than)/i;

/** Whether a message says that the prompt exceeds the context window. */
export function saysTooLong(message: string): boolean {
  const text = message.slice(0, 4_000);
  if (OUTPUT_LIMIT.test(text) && !/context|prompt|input|messages/i.test(text)) return false;
  return TOO_LONG.some((words) => words.test(text));
}
