/** A WAV file with a click at known places, for the clock of the sound. */

/** Make a mono 16-bit file of tone that lasts so long. */
export function toneFile(duration_ms: number, rate_hz = 22050): Buffer {
  const frames = Math.round((duration_ms * rate_hz) / 1000);
  const file = Buffer.alloc(44 + frames * 2);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + frames * 2, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate_hz, 24);
  file.writeUInt32LE(rate_hz * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(frames * 2, 40);
  for (let i = 0; i < frames; i++)
    file.writeInt16LE(Math.round(6000 * Math.sin((2 * Math.PI * 440 * i) / rate_hz)), 44 + 2 * i);
  return file;
}
