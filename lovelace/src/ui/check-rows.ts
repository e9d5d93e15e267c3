/** What was tried, each with a light: the card's sheet and the page of the panel show it alike. */

import { css, html, nothing } from "lit";
import type { Check } from "../companion/checks.js";
import { isKey, translator, translatorOf } from "./translate.js";
import { de } from "./translations/checks/de.js";
import { type CheckKey, en } from "./translations/checks/en.js";

/** As the preflight names them (contract `preflight`): works, works with a cost, does not work. */
export type Light = "green" | "amber" | "red";

export interface CheckRow {
  id: string;
  state: Light;
  title: string;
  message: string;
}

const SIGNS: Readonly<Record<Light, string>> = {
  green: "M5 12.5l4.5 4.5L19 7.5",
  amber: "M12 5v8M12 18v.5",
  red: "M6 6l12 12M18 6 6 18",
};
const LIGHTS = { good: "green", fair: "amber", bad: "red" } as const;
const WORST_FIRST: readonly Light[] = ["red", "amber", "green"];

export const checkRowStyles = css`
  .checks {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .checks > li {
    display: grid;
    grid-template-columns: 30px 1fr;
    gap: 0 14px;
    padding: 10px 0;
    border-top: 1px solid var(--divider-color, #e0e0e0);
  }
  .checks > li:first-child {
    border: 0;
  }
  .checks strong {
    font-weight: 500;
  }
  .checks p {
    margin: 0;
    line-height: 1.4;
    color: var(--secondary-text-color, #555);
    overflow-wrap: anywhere;
  }
  .light {
    grid-row: span 3;
    width: 28px;
    height: 28px;
    border-radius: 50%;
    color: #fff;
  }
  .green {
    background: #2e7d32;
  }
  .amber {
    background: #a35f00;
  }
  .red {
    background: #c62828;
  }
`;

/** Give the words of the checks in a language. */
export function checkWords(language: string | undefined) {
  return translatorOf({ de, en }, language);
}

/** Write a check of this browser as a row; about the microphone the card has the words already. */
export function rowOf({ id, state, found, values }: Check, language: string | undefined): CheckRow {
  const words = checkWords(language);
  const key = `check_${found}`;
  const told = isKey(found) ? translator(language)(found) : found;
  const message = key in en ? words(key as CheckKey, values) : told;
  return { id, state: LIGHTS[state], title: words(`part_${id}`), message };
}

/** Put what needs the person's help where it is seen first. */
function worstFirst<Row extends { state: Light }>(rows: readonly Row[]): Row[] {
  const place = ({ state }: Row) => WORST_FIRST.indexOf(state);
  return [...rows].sort((one, other) => place(one) - place(other));
}

/** Give the worst light of some rows; null where there is none. */
export function worstOf(rows: readonly { state: Light }[]): Light | null {
  return WORST_FIRST.find((light) => rows.some(({ state }) => state === light)) ?? null;
}

/** Draw rows; `below` adds what can be done about one. */
export function checkRows(
  rows: readonly CheckRow[],
  language: string | undefined,
  { busy = false, below = () => nothing }: Drawing = {},
) {
  return html`<ul class="checks" aria-busy=${busy ? "true" : "false"}>
    ${worstFirst(rows).map(
      (row) =>
        html`<li>
          <svg
            class="light ${row.state}"
            viewBox="0 0 24 24"
            role="img"
            aria-label=${checkWords(language)(`light_${row.state}`)}
          >
            <path
              d=${SIGNS[row.state]}
              fill="none"
              stroke="currentColor"
              stroke-width="2.5"
              stroke-linecap="round"
              stroke-linejoin="round"
              transform="translate(4.8 4.8) scale(.6)"
            />
          </svg>
          <strong>${row.title}</strong>
          <p>${row.message}</p>
          ${below(row)}
        </li>`,
    )}
  </ul>`;
}

interface Drawing {
  busy?: boolean;
  below?: (row: CheckRow) => unknown;
}
