import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ACTIVITIES } from "../../src/director/index.js";
import { learn, translator } from "../../src/ui/translate.js";
import { de as checks_de } from "../../src/ui/translations/checks/de.js";
import { en as checks_en } from "../../src/ui/translations/checks/en.js";
import { de as panel_de } from "../../src/ui/translations/panel/de.js";
import { en as panel_en } from "../../src/ui/translations/panel/en.js";
import { de } from "../../src/ui/translations/de.js";
import { en } from "../../src/ui/translations/en.js";

const SOURCES = join(import.meta.dirname, "../../src");
/** Families of keys that the code puts together. */
const COMPOSED =
  /^(link|trouble|avatar|error|layout|framing|quality|config|editor|microphone|part|state|format|stage|colour|light|sum|notice|receipt)_/;
const TABLES = [
  ["the card", en, de],
  ["the checks", checks_en, checks_de],
  ["the page", panel_en, panel_de],
] as const;

/** Join all source files but the tables themselves. */
function sources(): string {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("translations"))
    .map((file) => readFileSync(join(SOURCES, file), "utf8"))
    .join("\n");
}

test.each(TABLES)("%s: both languages have the same keys and gaps to fill", (_, en, de) => {
  const german: Record<string, string> = de;
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  const gaps = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [key, text] of Object.entries(en)) expect(gaps(german[key]!), key).toEqual(gaps(text));
});

test.each(TABLES)("%s: every key is used", (_, en) => {
  const code = sources();
  const used = (key: string) =>
    code.includes(`"${key}"`) ||
    // A check names what it found by its part and a word.
    (/^check_/.test(key) && code.includes(`"${key.split("_").pop()}"`)) ||
    (/^way_/.test(key) && code.includes(`"${key.slice(4)}"`));
  const unused = Object.keys(en).filter(
    (key) => !COMPOSED.test(key) && !(ACTIVITIES as readonly string[]).includes(key) && !used(key),
  );
  expect(unused).toEqual([]);
});

test("a language that is not spoken here is English, and what is filled in stays text", async () => {
  await learn("de-CH");
  expect(translator("ja")("stop")).toBe("Stop");
  expect(translator("de-CH")("type_here", { name: "$& <b>" })).toBe("Schreib $& <b> …");
});
