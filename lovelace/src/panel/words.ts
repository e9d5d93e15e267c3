/** The words of the page; they come with it, not with the card. */

import { translatorOf } from "../ui/translate.js";
import { de } from "../ui/translations/panel/de.js";
import { en, type PanelKey } from "../ui/translations/panel/en.js";

export type Words = (key: PanelKey, values?: Readonly<Record<string, string>>) => string;
export type { PanelKey };

/** Give the page's translator for a language. */
export function wordsOf(language: string | undefined): Words {
  return translatorOf({ de, en }, language);
}

/** Tell whether a key that was put together has a sentence. */
export function isPanelKey(key: string): key is PanelKey {
  return key in en;
}
