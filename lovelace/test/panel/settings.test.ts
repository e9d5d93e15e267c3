// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import "../../src/panel/pages/settings.js";
import type { PanelPage } from "../../src/panel/page.js";
import type { ToastWords } from "../../src/panel/parts/toast.js";
import { type Answers, house, open, settled } from "./house.js";

/** Open the page in a house that answers what a test tells it. */
async function openPage(is_admin: boolean, answers: Answers = {}) {
  const kept = { "retention/get": { days: 30, messages: null } };
  const { hass, of } = house({ ...kept, ...answers }, { is_admin });
  return { page: await open("waifu-rt3d-page-settings", hass), of };
}

const buttons = (page: PanelPage) => [
  ...page.renderRoot.querySelectorAll<HTMLButtonElement>("section button"),
];

/** Press the button with these words. */
async function press(page: PanelPage, words: string): Promise<void> {
  buttons(page)
    .find((button) => button.textContent.trim() === words)!
    .click();
  await settled(page);
}

const toasts: string[] = [];
document.addEventListener("waifu-rt3d-toast", (event) => {
  toasts.push((event as CustomEvent<ToastWords>).detail.text);
});

afterEach(() => {
  document.body.replaceChildren();
  toasts.length = 0;
});

test("what is kept is shown, changed and said to be saved", async () => {
  const { page, of } = await openPage(false);
  const days = page.renderRoot.querySelector<HTMLInputElement>("#days")!;
  expect(days.value).toBe("30");
  days.value = "";
  page.renderRoot.querySelector<HTMLInputElement>("#messages")!.value = "500";
  page.renderRoot.querySelector("form")!.dispatchEvent(new Event("submit"));
  await settled(page);
  expect(of("retention/set")).toMatchObject([{ days: null, messages: 500 }]);
  expect(toasts).toEqual(["Saved."]);
});

test("one's own data is exported; a person who is no admin backs up nothing", async () => {
  const { page, of } = await openPage(false, { export: { url: "/x.json", name: "x.json" } });
  await press(page, "Export everything");
  expect(of("export")).toMatchObject([{ format: "json" }]);
  expect(buttons(page).every((button) => !button.disabled)).toBe(true);
  expect(page.renderRoot.textContent).not.toContain("Back up");
});

test("an admin backs up and reads where the file is", async () => {
  const { page, of } = await openPage(true, {
    call_service: { response: { path: "/config/b.zip" } },
  });
  const words = buttons(page).map((button) => button.textContent.trim());
  await press(page, words.at(-1)!);
  expect(of("call_service")).toMatchObject([{ domain: "waifu_rt3d", service: "backup" }]);
  expect(toasts[0]).toContain("/config/b.zip");
});

test.each(["yes", "", null])("nothing is deleted without the word (%s)", async (typed) => {
  const { page, of } = await openPage(false);
  await forget(page, typed);
  expect(of("forget_me")).toEqual([]);
  expect(toasts).toHaveLength(typed === null ? 0 : 1);
});

test("everything is deleted with the word", async () => {
  const { page, of } = await openPage(false);
  const word = await forget(page, undefined);
  expect(word).not.toBe("");
  expect(of("forget_me")).toMatchObject([{ confirm: true }]);
});

/** Press the button and answer the sheet; undefined types the word that it asks for, null leaves. */
async function forget(page: PanelPage, typed: string | null | undefined): Promise<string> {
  page.renderRoot.querySelector<HTMLButtonElement>("button.danger")!.click();
  await settled(page);
  const sheet = page.renderRoot.querySelector("waifu-rt3d-sheet")!;
  const input = sheet.renderRoot.querySelector("input")!;
  const word = input.getAttribute("aria-label") ?? "";
  const form = sheet.renderRoot.querySelector("form")!;
  if (typed === null) form.querySelector<HTMLButtonElement>("button[type=button]")!.click();
  else {
    input.value = typed ?? word;
    form.dispatchEvent(new Event("submit"));
  }
  await settled(page);
  return word;
}
