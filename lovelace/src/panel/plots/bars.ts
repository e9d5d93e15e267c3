/** Bars over days, stacked where there are kinds, as a picture of lines with a table behind it. */

import { html, nothing, svg } from "lit";

export interface Bar {
  /** What stands under it, and in its row of the table. */
  label: string;
  /** One number for each kind. */
  values: readonly number[];
}

export interface BarWords {
  title: string;
  /** The kinds, in the order of the numbers. */
  kinds: readonly string[];
  /** How a number is written. */
  written: (value: number) => string;
  /** What the first column of the table is called. */
  column: string;
  show: string;
}

/** A phone gets a picture that is half as wide, so that it stays high and its words large. */
const NARROW = "(max-width: 600px)";
const WIDE_PX = 760;
const NARROW_PX = 380;
const HEIGHT = 150;
const FOOT = 22;
const LEFT = 44;
/** Colours that stay apart for people who see red and green alike. */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a8a8a"];

/** Draw bars; the same numbers stand in a table for those who can't see them. */
export function bars(data: readonly Bar[], words: BarWords) {
  const most = Math.max(...data.map(({ values }) => sum(values)), 0);
  if (!most) return nothing;
  const top = niceTop(most);
  const narrow = matchMedia(NARROW).matches;
  const width = narrow ? NARROW_PX : WIDE_PX;
  const step = (width - LEFT) / data.length;
  const y = (value: number) => HEIGHT - FOOT - (value / top) * (HEIGHT - FOOT - 14);
  return html`<figure>
    <figcaption>${words.title}</figcaption>
    <svg viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${words.title}>
      ${[0, top / 2, top].map(
        (value) =>
          svg`<line x1=${LEFT} x2=${width} y1=${y(value)} y2=${y(value)} class="rule" />
            <text x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${words.written(value)}</text>`,
      )}
      ${data.map((bar, at) => column(bar, LEFT + at * step, step, y, words))}
      ${labelled(data, narrow ? 4 : 7).map(
        ({ label, at }) =>
          svg`<text x=${LEFT + (at + 0.5) * step} y=${HEIGHT - 6} text-anchor="middle">${label}</text>`,
      )}
    </svg>
    ${words.kinds.length > 1 ? legend(words.kinds) : nothing} ${table(data, words)}
  </figure>`;
}

function column(
  { label, values }: Bar,
  x: number,
  step: number,
  y: (value: number) => number,
  words: BarWords,
) {
  let below = 0;
  return values.map((value, kind) => {
    const from = below;
    below += value;
    if (!value) return nothing;
    const name = words.kinds[kind] ?? "";
    return svg`<rect x=${x + step * 0.12} width=${step * 0.76} y=${y(below)} height=${y(from) - y(below)}
      fill=${COLOURS[kind % COLOURS.length]!}><title>${label}: ${name} ${words.written(value)}</title></rect>`;
  });
}

function legend(kinds: readonly string[]) {
  return html`<ul class="legend">
    ${kinds.map(
      (kind, at) =>
        html`<li><i style="background:${COLOURS[at % COLOURS.length]!}"></i>${kind}</li>`,
    )}
  </ul>`;
}

function table(data: readonly Bar[], { kinds, written, column, show }: BarWords) {
  const full = data.filter(({ values }) => sum(values) > 0);
  return html`<details>
    <summary>${show}</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">${column}</th>
          ${kinds.map((kind) => html`<th scope="col">${kind}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${full.map(
          ({ label, values }) =>
            html`<tr>
              <th scope="row">${label}</th>
              ${values.map((value) => html`<td>${written(value)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

/** Give the labels that have room: the first, the last, and some between. */
function labelled(data: readonly Bar[], most: number): { label: string; at: number }[] {
  const every = Math.max(1, Math.ceil(data.length / most));
  return data.map(({ label }, at) => ({ label, at })).filter(({ at }) => at % every === 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((whole, value) => whole + value, 0);
}

/** Give a round number above the highest bar. */
export function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 4, 5, 10].find((each) => each * power >= most) ?? 10;
  return step * power;
}
