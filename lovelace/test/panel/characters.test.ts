// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import "../../src/panel/pages/characters.js";
import type { PanelPage } from "../../src/panel/page.js";
import { type Answers, house, MIRA, open, settled } from "./house.js";

const WARNING = {
  message: "The avatar is damaged",
  translation_domain: "waifu_rt3d",
  translation_key: "avatar_broken",
  translation_placeholders: {},
};
const IMPORTED = {
  character: "ada",
  name: "Ada <b>",
  version: "chara_card_v3",
  greetings: 1,
  lore_entries: 2,
  avatar: null,
  warnings: [WARNING],
};

/** Open the page in a house that takes an upload and answers what a test tells it. */
async function openPage(is_admin: boolean, answers: Answers = {}) {
  const { hass, of, uploaded } = house({ characters: [MIRA], ...answers }, { is_admin });
  return { page: await open("waifu-rt3d-page-characters", hass), of, uploaded };
}

const drop = (page: PanelPage) => page.renderRoot.querySelector("waifu-rt3d-drop")!;

/** Drop a file and answer the question that follows. */
async function bring(page: PanelPage, answer: "main" | "cancel"): Promise<string> {
  drop(page).dispatchEvent(new CustomEvent("file", { detail: new File(["{}"], "ada.json") }));
  await settled(page);
  const sheet = page.renderRoot.querySelector("waifu-rt3d-sheet")!;
  const question = sheet.renderRoot.textContent;
  const form = sheet.renderRoot.querySelector("form")!;
  if (answer === "main") form.dispatchEvent(new Event("submit"));
  else form.querySelector<HTMLButtonElement>("button[type=button]")!.click();
  await settled(page);
  return question;
}

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

test("a card is imported after a yes, and what was left out of it is said", async () => {
  const { page, of, uploaded } = await openPage(true, { "character/import": IMPORTED });
  const question = await bring(page, "main");
  expect(question).toContain("ada.json");
  expect(question).toContain("orders of a stranger");
  expect(uploaded).toHaveLength(1);
  expect(of("character/import")).toMatchObject([{ file_id: "f" }]);
  const told = page.renderRoot.querySelector(".told")!;
  expect(told.textContent).toContain("Ada <b> was imported.");
  expect(told.textContent).toContain("entries in the lorebook: 2");
  expect(told.querySelector(".error")!.textContent).toBe("The avatar is damaged");
  expect(of("characters")).toHaveLength(2);
});

test("without a yes nothing leaves the browser", async () => {
  const { page, of, uploaded } = await openPage(true);
  await bring(page, "cancel");
  expect(uploaded).toEqual([]);
  expect(of("character/import")).toEqual([]);
});

test("a refused card gets its sentence and nothing is said to be imported", async () => {
  const refusal = new Error("The card was not taken, nothing was changed.");
  const { page } = await openPage(true, { "character/import": refusal });
  const said: string[] = [];
  page.addEventListener("waifu-rt3d-toast", (event) =>
    said.push((event as CustomEvent<{ text: string }>).detail.text),
  );
  await bring(page, "main");
  expect(said).toEqual([refusal.message]);
  expect(page.renderRoot.querySelector(".told")).toBeNull();
});

test("a character is exported in the kind of file that is chosen", async () => {
  const clicked = vi
    .spyOn(HTMLAnchorElement.prototype, "click")
    .mockImplementation(() => undefined);
  const { page, of } = await openPage(true, {
    "character/export": { url: "/e?k", name: "mira.png" },
  });
  page.renderRoot.querySelector<HTMLButtonElement>("[aria-label='Export Mira']")!.click();
  await settled(page);
  const menu = page.renderRoot.querySelector("waifu-rt3d-menu")!;
  menu.renderRoot.querySelector<HTMLButtonElement>("[role=menuitem]")!.click();
  await settled(page);
  expect(of("character/export")).toMatchObject([{ character: "default", format: "png" }]);
  expect(clicked).toHaveBeenCalledOnce();
});

test("who is no administrator is shown neither", async () => {
  const { page } = await openPage(false);
  expect(page.renderRoot.querySelector("waifu-rt3d-drop")).toBeNull();
  expect(page.renderRoot.textContent).not.toContain("Export");
});

const BOOKS = {
  books: [
    { id: "", name: "Ada", entries: [] },
    {
      id: "bees-0a1b2c3d",
      name: "bees",
      entries: [
        {
          name: "",
          keys: ["hive", "bee"],
          content: "<b>Twelve</b> hives.",
          enabled: true,
          constant: false,
        },
        { name: "House", keys: [], content: "Old.", enabled: false, constant: true },
      ],
    },
  ],
};

test("lorebooks are shown as text, brought and taken away", async () => {
  const { page, of } = await openPage(true, {
    "lorebook/list": BOOKS,
    "lorebook/remove": { books: [] },
  });
  const button = page.renderRoot.querySelector<HTMLButtonElement>(
    '[aria-label="Lorebooks of Mira"]',
  )!;
  button.click();
  await settled(page);
  const part = page.renderRoot.querySelector("waifu-rt3d-lorebooks")!;
  expect(of("lorebook/list")).toMatchObject([{ character: "default" }]);
  const terms = [...part.renderRoot.querySelectorAll("dt")].map((term) => term.textContent);
  expect(terms).toEqual(["hive, bee", "House · always · switched off"]);
  expect(part.renderRoot.querySelector("dd")!.textContent).toBe("<b>Twelve</b> hives.");
  const remove = part.renderRoot.querySelectorAll<HTMLButtonElement>("button.danger");
  expect(remove).toHaveLength(1);
  remove[0]!.click();
  await settled(page);
  const sheet = part.renderRoot.querySelector("waifu-rt3d-sheet")!;
  sheet.renderRoot.querySelector("form")!.dispatchEvent(new Event("submit"));
  await settled(page);
  expect(of("lorebook/remove")).toMatchObject([{ book_id: "bees-0a1b2c3d", character: "default" }]);
  expect(part.renderRoot.textContent).toContain("There is none yet.");
  const drop = part.renderRoot.querySelector("waifu-rt3d-drop")!;
  drop.dispatchEvent(new CustomEvent("file", { detail: new File(["{}"], "bees.json") }));
  await settled(page);
  expect(of("lorebook/import")).toMatchObject([{ file_id: "f", name: "bees.json" }]);
});

test("who is no administrator sees no lorebooks", async () => {
  const { page } = await openPage(false);
  expect(page.renderRoot.querySelector('[aria-label="Lorebooks of Mira"]')).toBeNull();
});
