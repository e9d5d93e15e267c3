/** Home Assistant's clock on this page: eight probes, the smallest round trip wins. */

const PROBES = 8;

export interface ClockOffset {
  /** Home Assistant's epoch minus this page's `performance.now()`. */
  offset_ms: number;
  round_trip_ms: number;
}

/** Measure the offset; the error is at most half the smallest round trip (Cristian's algorithm). */
export async function measureOffset(
  ask: () => Promise<number>,
  now: () => number = () => performance.now(),
): Promise<ClockOffset> {
  let best: ClockOffset = { offset_ms: 0, round_trip_ms: Infinity };
  for (let probe = 0; probe < PROBES; probe++) {
    const sent_ms = now();
    const epoch_ms = await ask();
    const received_ms = now();
    const round_trip_ms = received_ms - sent_ms;
    if (round_trip_ms < best.round_trip_ms)
      best = { offset_ms: epoch_ms - (sent_ms + received_ms) / 2, round_trip_ms };
  }
  return best;
}

const VALID_MS = 10 * 60_000;

/** Home Assistant's clock as this page knows it; asked again when the answer is old. */
export class HouseClock {
  private _known: { offset_ms: number; until_ms: number } | null = null;

  constructor(private readonly _ask: Parameters<typeof measureOffset>[0]) {}

  /** Ask now. */
  measure(): Promise<ClockOffset> {
    return measureOffset(this._ask);
  }

  /** Give Home Assistant's time minus this page's `performance.now()`. */
  async offset_ms(): Promise<number> {
    if (!this._known || this._known.until_ms < performance.now()) {
      const { offset_ms } = await this.measure();
      this._known = { offset_ms, until_ms: performance.now() + VALID_MS };
    }
    return this._known.offset_ms;
  }
}
