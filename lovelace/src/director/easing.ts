/** Curves from 0 to 1. */

/** Ease in and out with a flat start and end; outside 0…1 the ends hold. */
export function smoothstep(x: number): number {
  const t = Math.min(1, Math.max(0, x));
  return t * t * (3 - 2 * t);
}

/** Ease in and out, slower at both ends than smoothstep. */
export function easeInOutCubic(x: number): number {
  const t = Math.min(1, Math.max(0, x));
  return t < 0.5 ? 4 * t * t * t : 1 - Math.pow(2 - 2 * t, 3) / 2;
}

/** Give the share that exponential smoothing covers in a step, whatever the frame rate. */
export function follow(step_ms: number, tau_ms: number): number {
  return 1 - Math.exp(-step_ms / tau_ms);
}
