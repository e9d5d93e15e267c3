/** The words of the interface in the person's language. */

import { de } from "./translations/de.js";
import { en, type Key } from "./translations/en.js";

export type { Key } from "./translations/en.js";
export type Translate = (key: Key, values?: Readonly<Record<string, string>>) => string;

const known = new Map<string | undefined, Translate>();

/** Give the translator for a language like "de-AT"; English stands in for what is not spoken here. */
export function translator(language: string | undefined): Translate {
  // The same one each time, so that what depends on it is not drawn anew.
  let say = known.get(language);
  if (!say) known.set(language, (say = translatorOf({ de, en }, language)));
  return say;
}

/** Give the translator of any set of tables. */
export function translatorOf<Name extends string>(
  tables: { en: Record<Name, string> } & Readonly<Record<string, Record<Name, string>>>,
  language: string | undefined,
): (key: Name, values?: Readonly<Record<string, string>>) => string {
  const table = tables[(language ?? "en").split("-")[0]!.toLowerCase()] ?? tables.en;
  return (key, values = {}) =>
    table[key].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Tell whether a key that came from outside has a sentence. */
export function isKey(key: string): key is Key {
  return key in en;
}
