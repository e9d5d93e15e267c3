/** The card's visual editor, as the form that Home Assistant draws. */

import { checkConfig, CHOICES, DEFAULTS } from "../ui/config.js";
import { isKey, translator } from "../ui/translate.js";

interface Field {
  name: string;
}

const isChoice = (name: string): name is keyof typeof CHOICES => name in CHOICES;

/** Give the form; its words follow the page's language. */
export function cardForm() {
  const say = translator(document.documentElement.lang);
  const choice = (name: string, values: readonly string[]) => ({
    name,
    selector: {
      select: {
        mode: "dropdown",
        options: values.map((value) => {
          const key = `${name}_${value}`;
          return { value, label: isKey(key) ? say(key) : value };
        }),
      },
    },
  });
  return {
    schema: [
      ...Object.entries(CHOICES).map(([name, values]) => choice(name, values)),
      { name: "speak", default: DEFAULTS.speak, selector: { boolean: {} } },
      { name: "hands_free", default: DEFAULTS.hands_free, selector: { boolean: {} } },
      { name: "check", default: DEFAULTS.check, selector: { boolean: {} } },
      { name: "area", selector: { area: { entity: { domain: "assist_satellite" } } } },
      {
        name: "character",
        selector: { entity: { filter: { integration: "waifu_rt3d", domain: "conversation" } } },
      },
      { name: "background", selector: { text: {} } },
    ],
    computeLabel: ({ name }: Field) => {
      const key = `editor_${name}`;
      return isKey(key) ? say(key) : name;
    },
    computeHelper: ({ name }: Field) => {
      const key = `editor_${name}_help`;
      if (isKey(key)) return say(key);
      // Home Assistant shows a list without a choice as empty.
      const standard = isChoice(name) ? `${name}_${DEFAULTS[name]}` : "";
      return isKey(standard) ? say("editor_standard", { choice: say(standard) }) : undefined;
    },
    assertConfig: (config: Record<string, unknown>) => void checkConfig(config),
  };
}
