import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WavError, WavReader } from "../../src/audio/wav.js";

interface Options {
  samples: readonly number[];
  rate_hz?: number;
  channels?: number;
  data_size?: number;
  extra?: Uint8Array;
}

/** Write a 16-bit WAV file, with another chunk before the data where wanted. */
function wav({ samples, rate_hz = 22050, channels = 1, data_size, extra }: Options): Uint8Array {
  const size = samples.length * 2;
  const padding = extra ? 8 + extra.length + (extra.length & 1) : 0;
  const bytes = new Uint8Array(44 + padding + size);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, name: string) => bytes.set(new TextEncoder().encode(name), at);
  tag(0, "RIFF");
  view.setUint32(4, 36 + padding + size, true);
  tag(8, "WAVE");
  tag(12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate_hz, true);
  view.setUint32(28, rate_hz * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  if (extra) {
    tag(36, "LIST");
    view.setUint32(40, extra.length, true);
    bytes.set(extra, 44);
  }
  tag(36 + padding, "data");
  view.setUint32(40 + padding, data_size ?? size, true);
  samples.forEach((sample, i) => view.setInt16(44 + padding + 2 * i, sample, true));
  return bytes;
}

/** Read a file in pieces. */
function read(bytes: Uint8Array, cuts: readonly number[] = []) {
  const reader = new WavReader();
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const samples: number[] = [];
  [0, ...places].forEach((start, i) => {
    samples.push(...reader.push(bytes.slice(start, places[i] ?? bytes.length)));
  });
  return { format: reader.format, samples: samples.map((sample) => Math.round(sample * 32768)) };
}

const sample = fc.integer({ min: -32768, max: 32767 });

describe("a WAV stream", () => {
  test("gives the same samples wherever it is cut", () => {
    const pieces = fc.array(fc.nat(2000), { maxLength: 30 });
    const extra = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 500 }), pieces, extra, (samples, cuts, list) => {
        const file = wav({ samples, extra: list });
        expect(read(file, cuts)).toEqual({
          format: { sample_rate_hz: 22050, channels: 1 },
          samples,
        });
      }),
    );
  });

  test.each([0, 0xffffffff, 0xffffffff - 36, 0x7fffffff])(
    "of unknown length (%i) is read to its end",
    (data_size) => {
      expect(read(wav({ samples: [1, 2, 3], data_size }), [45]).samples).toEqual([1, 2, 3]);
    },
  );

  test("ends where its header says, whatever follows", () => {
    const file = wav({ samples: [5, 6, 7, 8], data_size: 4 });
    expect(read(file, [47]).samples).toEqual([5, 6]);
  });

  test("in stereo is heard in the middle", () => {
    expect(read(wav({ samples: [100, 300, -50, 50], channels: 2 })).samples).toEqual([200, 0]);
  });

  test.each([
    ["no RIFF", (bytes: Uint8Array) => bytes.fill(65, 0, 4)],
    ["8 bits", (bytes: Uint8Array) => (bytes[34] = 8)],
    ["a compressed format", (bytes: Uint8Array) => (bytes[20] = 85)],
    ["no channel", (bytes: Uint8Array) => (bytes[22] = 0)],
    ["a rate of 1 Hz", (bytes: Uint8Array) => bytes.set([1, 0, 0, 0], 24)],
    ["a chunk of 4 GB", (bytes: Uint8Array) => bytes.set([255, 255, 255, 255], 16)],
  ])("with %s is refused in a sentence", (_name, spoil) => {
    const file = wav({ samples: [1, 2] });
    spoil(file);
    expect(() => read(file)).toThrow(WavError);
  });

  test("never hangs or reads outside on random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const file = wav({ samples: [1, 2, 3] });
        file.set(noise.subarray(0, file.length - 12), 12);
        try {
          read(file, [20, 33]);
        } catch (error) {
          expect(error).toBeInstanceOf(WavError);
        }
      }),
    );
  });
});
