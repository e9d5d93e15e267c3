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
