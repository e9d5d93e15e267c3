/** The gestures that are known; they come with the 3D part, because a drawn face has no arms. */

import type { Gesture } from "./gesture.js";

const known = new Map<string, Gesture>();

/** Make gestures known by the names that cues give them. */
export function register(gestures: Readonly<Record<string, Gesture>>): void {
  for (const [name, gesture] of Object.entries(gestures)) known.set(name, gesture);
}

/** Give a gesture by its name, in whatever case a model wrote it. */
export function gestureNamed(name: string): Gesture | undefined {
  return known.get(name.toLowerCase());
}
