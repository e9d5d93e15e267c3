/** How much the stage may cost: tiers chosen by measured frame time and remembered. */

export const TIERS = ["high", "mid", "low", "still"] as const;
export type Tier = (typeof TIERS)[number];
export type Quality = Tier | "auto";

export interface TierLimits {
  pixel_ratio: number;
  pixels: number;
  moving_fps: number;
  idle_fps: number;
  /** Her breath is all that moves; a picture that hangs all night must not cost a lamp's worth of current. */
  asleep_fps: number;
  outline: boolean;
}

export const LIMITS: Readonly<Record<Tier, TierLimits>> = {
  high: tier(2, 2_600_000, [60, 30, 4], true),
  mid: tier(1.25, 700_000, [30, 20, 0.4], true),
  low: tier(1, 200_000, [24, 12, 0.4], false),
  // Nothing is drawn while nothing happens.
  still: tier(1, 120_000, [12, 0, 0], false),
};

/** Write the limits of a tier; the rates are those of a moving, a waiting and a sleeping figure. */
function tier(
  pixel_ratio: number,
  pixels: number,
  [moving_fps, idle_fps, asleep_fps]: readonly [number, number, number],
  outline: boolean,
): TierLimits {
  return { pixel_ratio, pixels, moving_fps, idle_fps, asleep_fps, outline };
}

const STORAGE_KEY = "waifu-rt3d-tier";
/** A tablet may have been busy on the day it settled: after this long the next better tier gets another chance. */
const TRUST_MS = 7 * 24 * 3_600_000;
const PROBE_FRAMES = 24;
/** Below this rate a tier is too dear for the machine. */
const LEAST_FPS = 16;
/** Far below it nobody should have to watch a whole probe. */
const GLANCE_FRAMES = 6;
const HOPELESS_FPS = 8;

/** A drawn face moves better than a figure that stays below the hopeless rate for so many probes in the last tier. */
const HOPELESS_PROBES = 3;

/** Watches the frames of a tier and says when to step down. */
export class Governor {
  tier: Tier;
  private _costs_ms: number[] = [];
  private _hopeless = 0;

  constructor(private readonly _wish: Quality) {
    this.tier = _wish === "auto" ? remembered() : _wish;
  }

  /** Tell that even the last tier is too dear for this machine. */
  get tooSlow(): boolean {
    return this._hopeless >= HOPELESS_PROBES;
  }

  /** Note what one frame took; true when the tier changed. */
  note(cost_ms: number): boolean {
    if (this._wish !== "auto") return false;
    this._costs_ms.push(cost_ms);
    const frames = this._costs_ms.length;
    if (frames !== GLANCE_FRAMES && frames < PROBE_FRAMES) return false;
    const median_ms = [...this._costs_ms].sort((a, b) => a - b)[frames >> 1]!;
    const hopeless = median_ms > 1000 / HOPELESS_FPS;
    if (frames < PROBE_FRAMES && !hopeless) return false;
    this._costs_ms = [];
    if (this.tier === TIERS[TIERS.length - 1]) {
      this._hopeless = hopeless ? this._hopeless + 1 : 0;
      return false;
    }
    if (median_ms <= 1000 / LEAST_FPS) return false;
    this.tier = TIERS[TIERS.indexOf(this.tier) + 1]!;
    remember(this.tier);
    return true;
  }
}

/** Give the device pixel ratio that a tier allows for a size in CSS pixels. */
export function pixelRatio(tier: Tier, width: number, height: number, device: number): number {
  const { pixel_ratio, pixels } = LIMITS[tier];
  return Math.min(device, pixel_ratio, Math.sqrt(pixels / Math.max(1, width * height)));
}

/** Read the tier that this browser settled on, and when; an old one is tried one better. */
function remembered(): Tier {
  try {
    const [name, at_ms] = (localStorage.getItem(STORAGE_KEY) ?? "").split(" ");
    const place = TIERS.findIndex((tier) => tier === name);
    if (Date.now() - Number(at_ms ?? Date.now()) < TRUST_MS) return TIERS[place] ?? "high";
    const better = TIERS[Math.max(0, place - 1)]!;
    remember(better);
    return better;
  } catch {
    return "high"; // Storage is refused in private windows: probe again each time.
  }
}

/** Keep the tier for the next page. */
function remember(tier: Tier): void {
  try {
    localStorage.setItem(STORAGE_KEY, `${tier} ${Date.now()}`);
  } catch {
    // As above.
  }
}
