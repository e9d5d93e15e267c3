/** Read a WAV stream as it arrives, cut anywhere (RIFF, Multimedia Programming Interface 1.0, §"WAVE"). */

export interface WavFormat {
  sample_rate_hz: number;
  channels: number;
}

export class WavError extends Error {
  override name = "WavError";
}

const PCM = 1;
/** WAVE_FORMAT_EXTENSIBLE hides the real format in its sub-format; its first two bytes are the old tag. */
const EXTENSIBLE = 0xfffe;
const LONGEST_HEADER = 64 * 1024;

/** Takes bytes, gives mono samples in -1…1; knows the format once the header has come. */
export class WavReader {
  format: WavFormat | null = null;
  private _bytes: Uint8Array = new Uint8Array(0);
  private _body = false;
  /** Bytes of sound still to come; a streamed header says 0 or all ones, which means "until the end". */
  private _left = Infinity;

  /** Take the next bytes and give the samples that are whole now. */
  push(chunk: Uint8Array): Float32Array {
    this._bytes = this._bytes.length ? join(this._bytes, chunk) : chunk;
    if (!this._body && !this._readHeader()) return new Float32Array(0);
    return this._takeSamples();
  }

  /** Walk the chunks up to `data`; false while bytes are missing. */
  private _readHeader(): boolean {
    const bytes = this._bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 12) return false;
    if (tag(bytes, 0) !== "RIFF" || tag(bytes, 8) !== "WAVE")
      throw new WavError("the sound is no WAV stream");
    let at = 12;
    while (at + 8 <= bytes.length) {
      const size = view.getUint32(at + 4, true);
      if (tag(bytes, at) === "data") return this._startBody(at + 8, size);
      if (size > LONGEST_HEADER) throw new WavError("the header of the sound has no end");
      if (tag(bytes, at) === "fmt " && at + 8 + size <= bytes.length)
        this.format = readFormat(new DataView(view.buffer, view.byteOffset + at + 8, size));
      at += 8 + size + (size & 1); // Chunks are padded to even length.
    }
    if (bytes.length > LONGEST_HEADER) throw new WavError("the header of the sound has no end");
    return false;
  }

  private _startBody(at: number, size: number): boolean {
    if (!this.format) throw new WavError("the sound has no format");
    this._body = true;
    this._left = size === 0 || size >= 0xffffffff - 255 || size === 0x7fffffff ? Infinity : size;
    this._bytes = this._bytes.subarray(at);
    return true;
  }

  private _takeSamples(): Float32Array {
    const frame_bytes = 2 * this.format!.channels;
    const usable = Math.min(this._bytes.length, this._left);
    const frames = Math.floor(usable / frame_bytes);
    const samples = toMono(this._bytes, frames, this.format!.channels);
    this._left -= frames * frame_bytes;
    this._bytes = this._bytes.slice(frames * frame_bytes);
    return samples;
  }
}

/** Read a `fmt ` chunk; only 16-bit PCM is sent to us. */
function readFormat(view: DataView): WavFormat {
  if (view.byteLength < 16) throw new WavError("the sound's format is cut off");
  const outer = view.getUint16(0, true);
  const format = outer === EXTENSIBLE && view.byteLength >= 26 ? view.getUint16(24, true) : outer;
  const bits = view.getUint16(14, true);
  if (format !== PCM || bits !== 16) throw new WavError("the sound is not 16-bit PCM");
  const channels = view.getUint16(2, true);
  const sample_rate_hz = view.getUint32(4, true);
  if (channels < 1 || channels > 8 || sample_rate_hz < 4000 || sample_rate_hz > 192_000)
    throw new WavError("the sound has an impossible format");
  return { sample_rate_hz, channels };
}

/** Average the channels of 16-bit frames. */
function toMono(bytes: Uint8Array, frames: number, channels: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += view.getInt16(2 * (frame * channels + channel), true);
    samples[frame] = sum / channels / 32768;
  }
  return samples;
}

/** Read a four-letter chunk name. */
function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** Put two pieces together. */
function join(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
