/** Change hair, eye, skin and outfit colours of our own figures in their one palette picture. */

export const COLOUR_GROUPS = ["hair", "eyes", "skin", "outfit", "accent"] as const;
export type ColourGroup = (typeof COLOUR_GROUPS)[number];
/** Colours as "#rrggbb"; what is not named stays as it was made. */
export type Colours = Partial<Record<ColourGroup, string>>;

interface Box {
  group: string;
  color: string;
  x: number;
  width: number;
}

/** What a figure says of its palette picture, in pixels (`extras.palette` of its glTF). */
export interface Palette {
  columns: Box[];
  eye?: Box & { y: number; height: number };
}

type Hsl = readonly [hue: number, saturation: number, lightness: number];
const LEAST = 0.004;

/** Paint the pixels (RGBA) of a palette anew; white stays white and black stays black. */
export function recolour(
  pixels: Uint8ClampedArray,
  width: number,
  palette: Palette,
  colours: Colours,
): Uint8ClampedArray<ArrayBuffer> {
  const painted = new Uint8ClampedArray(pixels);
  const height = pixels.length / 4 / width;
  const boxes = palette.columns.map((column) => ({ ...column, y: 0, height }));
  if (palette.eye) boxes.push(palette.eye);
  for (const group of COLOUR_GROUPS) {
    const wish = parseColour(colours[group]);
    const own = boxes.filter((box) => box.group === group);
    const made = parseColour(own[0]?.color);
    if (!wish || !made) continue;
    const [from, to] = [toHsl(...made), toHsl(...wish)];
    for (const box of own) {
      for (let y = box.y; y < box.y + box.height; y++)
        for (let x = box.x; x < box.x + box.width; x++)
          paint(painted, 4 * (y * width + x), from, to);
    }
  }
  return painted;
}

/** Move one pixel as the group's main colour moves: hue by the same turn, saturation and lightness in proportion. */
function paint(pixels: Uint8ClampedArray, at: number, from: Hsl, to: Hsl): void {
  const [hue, saturation, lightness] = toHsl(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!);
  const rgb = toRgb(
    (hue + to[0] - from[0] + 1) % 1,
    Math.min(1, (saturation * to[1]) / Math.max(LEAST, from[1])),
    moved(lightness, from[2], to[2]),
  );
  pixels.set(rgb, at);
}

/** Move a lightness with the main colour's; darker parts in proportion, so that beside a light one they don't go black. */
function moved(lightness: number, from: number, to: number): number {
  if (lightness <= from) return (lightness * to) / Math.max(LEAST, from);
  return Math.pow(lightness, Math.log(inner(to)) / Math.log(inner(from)));
}

/** Give the colours that a figure was made with. */
export function madeColours({ columns, eye }: Palette): Colours {
  const made: Colours = {};
  for (const { group, color } of eye ? [...columns, eye] : columns) {
    const known = COLOUR_GROUPS.find((each) => each === group);
    if (known && parseColour(color)) made[known] ??= color.toLowerCase();
  }
  return made;
}

/** Read "#rrggbb"; null for anything else. */
export function parseColour(text: string | undefined): [number, number, number] | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text ?? "");
  return match && ([1, 2, 3].map((i) => parseInt(match[i]!, 16)) as [number, number, number]);
}

/** Keep a lightness off the ends, where its logarithm means nothing. */
function inner(lightness: number): number {
  return Math.min(1 - LEAST, Math.max(LEAST, lightness));
}

function toHsl(red: number, green: number, blue: number): Hsl {
  const [r, g, b] = [red / 255, green / 255, blue / 255];
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const [lightness, chroma] = [(most + least) / 2, most - least];
  if (!chroma) return [0, 0, lightness];
  const sector =
    most === r
      ? ((g - b) / chroma + 6) % 6
      : most === g
        ? (b - r) / chroma + 2
        : (r - g) / chroma + 4;
  return [sector / 6, chroma / (1 - Math.abs(2 * lightness - 1)), lightness];
}

function toRgb(hue: number, saturation: number, lightness: number): [number, number, number] {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const k = (offset + hue * 12) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
