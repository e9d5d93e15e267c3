/** What a card may be told, checked with a sentence for each mistake. */

import type { Framing, Quality } from "../avatar/index.js";
import { translator } from "./translate.js";

const LAYOUTS = ["avatar", "subtitles", "chat", "text"] as const;
export type Layout = (typeof LAYOUTS)[number];
// Written again here, because importing them would pull three.js into the loader.
const FRAMINGS: readonly Framing[] = ["face", "bust", "full"];
const QUALITIES: readonly Quality[] = ["auto", "high", "mid", "low", "still"];

export interface CompanionConfig {
  type: string;
  character?: string;
  layout: Layout;
  framing: Framing;
  quality: Quality;
  speak: boolean;
  /** After an answer she listens again, until nobody says anything. */
  hands_free: boolean;
  /** The person sees spoken words before they are sent. */
  check: boolean;
  /** Behind her: a colour, a gradient, or a picture of this house ("/local/…"); without it, the dashboard. */
  background?: string;
  /** The room whose satellites it follows; without one, that of the browser. */
  area?: string;
}

/** A path in this house, a colour, or a gradient; nothing that asks another house or ends the declaration. */
const BACKGROUND =
  /^(\/(?!\/)[\w./%?=&-]+|#[0-9a-f]{3,8}|[a-z]+|var\(--[\w-]+\)|(rgb|hsl)a?\([\d\s.,%/]+\)|(linear|radial|conic)-gradient\([\w\s.,%#()-]+\))$/i;

export const DEFAULTS = {
  layout: "chat",
  framing: "bust",
  quality: "auto",
  speak: true,
  hands_free: false,
  check: false,
} as const;
export const CHOICES = { layout: LAYOUTS, framing: FRAMINGS, quality: QUALITIES } as const;

/** Check a configuration and fill in what it leaves open. */
export function checkConfig(config: Record<string, unknown>, language?: string): CompanionConfig {
  const say = translator(language);
  // YAML gives null for a name without a value.
  const open = new Set<unknown>([undefined, null, ""]);
  const known = Object.entries(config).filter(([, value]) => !open.has(value));
  const full = { ...DEFAULTS, ...Object.fromEntries(known) } as Record<string, unknown>;
  for (const name of ["layout", "framing", "quality"] as const) {
    const values: readonly string[] = CHOICES[name];
    if (!values.includes(full[name] as string))
      throw new Error(say(`config_${name}`, { values: values.join(", ") }));
  }
  for (const name of ["character", "area", "background"] as const)
    if (full[name] !== undefined && typeof full[name] !== "string")
      throw new Error(say(`config_${name}`));
  for (const name of ["speak", "hands_free", "check"] as const)
    if (typeof full[name] !== "boolean") throw new Error(say(`config_${name}`));
  if (full["background"] !== undefined && !BACKGROUND.test(full["background"] as string))
    throw new Error(say("config_background"));
  return full as unknown as CompanionConfig;
}

/** Give the style of a background; a picture covers the place. */
export function backgroundStyle(background: string | undefined): string {
  if (!background) return "";
  return background.startsWith("/")
    ? `background:center/cover no-repeat url("${background}")`
    : `background:${background}`;
}
