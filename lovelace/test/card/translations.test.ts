import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { translator } from "../../src/ui/translate.js";
import { de } from "../../src/ui/translations/de.js";
import { en } from "../../src/ui/translations/en.js";

const SOURCES = join(import.meta.dirname, "../../src");
/** Families of keys that the code puts together. */
const COMPOSED = /^(link|trouble|avatar|error|layout|framing|quality|config|editor)_/;
const ACTIVITIES = ["idle", "listening", "thinking", "speaking", "asleep"];

/** Join all source files but the tables themselves. */
function sources(): string {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("translations"))
    .map((file) => readFileSync(join(SOURCES, file), "utf8"))
    .join("\n");
}

test("both languages have the same keys and the same gaps to fill", () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  const gaps = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const key of Object.keys(en) as (keyof typeof en)[])
    expect(gaps(de[key]), key).toEqual(gaps(en[key]));
});

test("every key is used", () => {
  const code = sources();
  const unused = Object.keys(en).filter(
    (key) => !COMPOSED.test(key) && !ACTIVITIES.includes(key) && !code.includes(`"${key}"`),
  );
  expect(unused).toEqual([]);
});

test("a language that is not spoken here is English, and what is filled in stays text", () => {
  expect(translator("ja")("stop")).toBe("Stop");
  expect(translator("de-CH")("type_here", { name: "$& <b>" })).toBe("Schreib $& <b> …");
});
