// Tests the SDKs of Deepgram and ElevenLabs as clients of ai-lib's server halves: speech, streamed speech, and
// transcripts.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { DeepgramClient } from "@deepgram/sdk";
import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";
import { startSimulator } from "ai-lib/testing";

const simulator = await startSimulator();
after(() => simulator.close());

const sound = Buffer.from("RIFF");

async function bytesOf(body) {
  const chunks = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe("@deepgram/sdk", () => {
  const base = simulator.baseUrl("deepgram");
  const client = new DeepgramClient({
    apiKey: "k",
    environment: { base, production: base, agent: base, agentRest: base },
    maxRetries: 0,
  });

  test("returns speech as bytes", async () => {
    const reply = await client.speak.v1.audio.generate({ text: "Hello", model: "aura-2-thalia-en" });
    assert.ok((await bytesOf(reply.stream())).length > 10);
    const [asked] = simulator.at("deepgram", "speak");
    assert.equal(asked.request.text, "Hello");
    assert.equal(asked.request.voice, "aura-2-thalia-en");
  });

  test("transcribes a file, with words", async () => {
    const { results, metadata } = await client.listen.v1.media.transcribeFile(sound, {
      model: "nova-3",
      diarize: true,
      utterances: true,
    });
    assert.equal(results.channels[0].alternatives[0].transcript, "This is a sample.");
    assert.equal(results.channels[0].detected_language, "en");
    assert.equal(metadata.duration, 1);
    const [asked] = simulator.at("deepgram", "transcribe");
    assert.equal(asked.request.audio.data, sound.toString("base64"));
    assert.equal(asked.request.speakers, true);
  });

  test("transcribes a URL", async () => {
    const { results } = await client.listen.v1.media.transcribeUrl({
      url: "https://example.com/a.mp3",
      model: "nova-3",
    });
    assert.equal(results.channels[0].alternatives[0].transcript, "This is a sample.");
    assert.equal(simulator.at("deepgram", "transcribe")[1].request.audio.url, "https://example.com/a.mp3");
  });

  test("an error has its status and body", async () => {
    simulator.script("deepgram", [{ error: { code: "RATE_LIMIT", message: "Slow down" } }]);
    await assert.rejects(client.speak.v1.audio.generate({ text: "Hello" }), (error) => {
      assert.equal(error.statusCode, 429);
      assert.match(error.message, /Slow down/);
      return true;
    });
  });
});

describe("@elevenlabs/elevenlabs-js", () => {
  const client = new ElevenLabsClient({
    apiKey: "k",
    baseUrl: simulator.baseUrl("elevenlabs"),
    maxRetries: 0,
  });

  test("returns speech as bytes, whole and as a stream", async () => {
    const request = { text: "Hello", modelId: "eleven_v3", outputFormat: "mp3_44100_128" };
    const whole = await client.textToSpeech.convert("rachel", request);
    assert.ok((await bytesOf(whole)).length > 10);
    const stream = await client.textToSpeech.stream("rachel", request);
    assert.ok((await bytesOf(stream)).length > 10);
    const asked = simulator.at("elevenlabs", "speak").map(({ request: each }) => each);
    assert.deepEqual(asked, [
      { text: "Hello", voice: "rachel", model: "eleven_v3", format: "mp3" },
      { text: "Hello", voice: "rachel", model: "eleven_v3", format: "mp3" },
    ]);
  });

  test("transcribes a file", async () => {
    const file = new File([sound], "a.wav", { type: "audio/wav" });
    const transcript = await client.speechToText.convert({ file, modelId: "scribe_v2", diarize: true });
    assert.equal(transcript.text, "This is a sample.");
    assert.equal(transcript.languageCode, "en");
    const [asked] = simulator.at("elevenlabs", "transcribe");
    assert.equal(asked.request.audio.data, sound.toString("base64"));
    assert.equal(asked.request.speakers, true);
  });

  test("an error has its status and body", async () => {
    simulator.script("elevenlabs", [{ error: { code: "RATE_LIMIT", message: "Slow down" } }]);
    await assert.rejects(client.textToSpeech.convert("rachel", { text: "Hello" }), (error) => {
      assert.equal(error.statusCode, 429);
      assert.match(JSON.stringify(error.body), /Slow down/);
      return true;
    });
  });
});
