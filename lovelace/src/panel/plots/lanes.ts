/** Named lengths under each other: how long each stage took, how often a word was said. */

import { html } from "lit";

export interface Lane {
  name: string;
  value: number;
  /** The value as it is written. */
  written: string;
}

/** Draw lanes, the longest over the whole width. */
export function lanes(title: string, data: readonly Lane[]) {
  const most = Math.max(...data.map(({ value }) => value), 1);
  return html`<figure>
    <figcaption>${title}</figcaption>
    <ul class="lanes">
      ${data.map(
        ({ name, value, written }) =>
          html`<li>
            <bdi>${name}</bdi>
            <span class="lane"><i style="width:${(100 * value) / most}%"></i></span>
            <span>${written}</span>
          </li>`,
      )}
    </ul>
  </figure>`;
}
