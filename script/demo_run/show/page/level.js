/** How loud a reply is, read from the same stream that the card plays, while it is made. */

const HEADER_BYTES = 44;
const STEP_MS = 20;
const FULL = 0.32;

export class Level {
  /** `[at_ms, 0…1]` for each step. */
  bars = [];
  #rest = new Uint8Array();
  #rate_hz = 0;

  constructor(url) {
    // A sound that can't be had is the card's to tell.
    this.#read(url).catch(() => undefined);
  }

  async #read(url) {
    const response = await fetch(url);
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.#take(value);
    }
  }

  #take(bytes) {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    let at = 0;
    const view = new DataView(all.buffer);
    if (!this.#rate_hz) {
      if (all.length < HEADER_BYTES) {
        this.#rest = all;
        return;
      }
      this.#rate_hz = view.getUint32(24, true);
      at = HEADER_BYTES;
    }
    const step = Math.round((this.#rate_hz * STEP_MS) / 1000) * 2;
    for (; at + step <= all.length; at += step) {
      let sum = 0;
      for (let byte = at; byte < at + step; byte += 2)
        sum += (view.getInt16(byte, true) / 32768) ** 2;
      const share = Math.min(1, Math.sqrt(sum / (step / 2)) / FULL);
      this.bars.push([this.bars.length * STEP_MS, share]);
    }
    this.#rest = all.slice(at);
  }
}
