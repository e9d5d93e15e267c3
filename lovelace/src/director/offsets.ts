/** Text offsets: contracts count Unicode code points, JavaScript counts UTF-16 units. */

/** No mark in the shown text is longer, so an equal character further away is another one. */
const LONGEST_MARK = 24;

/** Count the code points of a text. */
export function codePointLength(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** Cut a text by code points. */
export function sliceCodePoints(text: string, start: number, end?: number): string {
  return [...text].slice(start, end).join("");
}

/**
 * Map each code point of the spoken text to its place in the shown text.
 *
 * The shown text is the spoken one plus marks and spaces, so the next equal character is the right one.
 */
export function alignOffsets(shown: string, spoken: string): number[] {
  const display = [...shown];
  const places: number[] = [];
  let at = 0;
  for (const character of spoken) {
    const found = display.indexOf(character, at);
    const matches = found !== -1 && found - at <= LONGEST_MARK;
    // A character that is only spoken (a number in words) stays where the text stands.
    places.push(Math.min(matches ? found : at, Math.max(0, display.length - 1)));
    if (matches) at = found + 1;
  }
  return places;
}
