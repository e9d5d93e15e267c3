/** The words of the interface in the person's language. */

import { en, type Key } from "./translations/en.js";

export type { Key } from "./translations/en.js";
export type Translate = (key: Key, values?: Readonly<Record<string, string>>) => string;

type Table = Record<Key, string>;

/** The words that a page has: English always, another language once somebody speaks it. */
const tables: { en: Table } & Record<string, Table> = { en };
const OTHERS = new Map<string, () => Promise<Table>>([
  ["de", async () => (await import("./translations/de.js")).de],
]);
const learning = new Map<string, Promise<void>>();
const known = new Map<string | undefined, Translate>();

/** Fetch the words of a language; null where they are here, or there are none. Never fails: English stands in. */
export function learn(language: string | undefined): Promise<void> | null {
  const name = nameOf(language);
  const fetch = OTHERS.get(name);
  if (!fetch || name in tables) return null;
  let words = learning.get(name);
  if (!words) {
    words = fetch().then(
      (table) => {
        tables[name] = table;
        known.clear();
      },
      () => undefined,
    );
    learning.set(name, words);
  }
  return words;
}

/** Give the translator for a language like "de-AT"; English stands in for what is not spoken here. */
export function translator(language: string | undefined): Translate {
  // The same one each time, so that what depends on it is not drawn anew.
  let say = known.get(language);
  if (!say) known.set(language, (say = translatorOf(tables, language)));
  return say;
}

/** Give the translator of any set of tables. */
export function translatorOf<Name extends string>(
  tables: { en: Record<Name, string> } & Readonly<Record<string, Record<Name, string>>>,
  language: string | undefined,
): (key: Name, values?: Readonly<Record<string, string>>) => string {
  const table = tables[nameOf(language)] ?? tables.en;
  return (key, values = {}) =>
    table[key].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Give the name of a language without its country. */
function nameOf(language: string | undefined): string {
  return (language ?? "en").split("-")[0]!.toLowerCase();
}

/** Tell whether a key that came from outside has a sentence. */
export function isKey(key: string): key is Key {
  return key in en;
}
