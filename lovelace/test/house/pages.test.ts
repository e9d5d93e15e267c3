import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { closeAll, errors, home, openPage, overflowing, violations } from "./open.js";

const PAGES = [
  "sessions",
  "characters",
  "avatars",
  "memories",
  "statistics",
  "checks",
  "settings",
] as const;

const FIGURE = join(
  import.meta.dirname,
  "../../../custom_components/waifu_rt3d/frontend/avatars/spirit.vrm",
);

let page: Page;

afterEach(async () => {
  await page.context().close();
  expect(errors.splice(0)).toEqual([]);
});
afterAll(closeAll);

const button = (name: string | RegExp) => page.getByRole("button", { name });
const rows = () => page.locator("waifu-rt3d-rows [role=listitem]");

/** Choose something from the menu of the first conversation. */
async function fromMenu(name: string): Promise<void> {
  await rows().first().locator(".more").click();
  await page.getByRole("menuitem", { name, exact: true }).click();
}

/** Drop a file on the page's place for files, as from a folder of the desktop. */
async function drop(on: Page, name: string, text: string, type: string): Promise<void> {
  await on
    .locator("waifu-rt3d-drop .zone")
    .first()
    .evaluate(
      (zone, [name_, text_, type_]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text_!], name_!, { type: type_! }));
        zone.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, composed: true }));
      },
      [name, text, type],
    );
}

describe.skipIf(!home)("conversations", () => {
  test("are listed with their character, their time and how much was said", async () => {
    page = await openPage("sessions");
    await rows().first().waitFor();
    expect(await rows().count()).toBeGreaterThan(1);
    for (const row of await rows().all())
      expect(await row.textContent()).toMatch(/Mira · .*2026.* · \d+ messages/);
  });

  test("are searched with marks", async () => {
    page = await openPage("sessions");
    await rows().first().waitFor();
    await page.getByRole("searchbox").fill("lighthouse");
    await page.locator("waifu-rt3d-rows mark").first().waitFor();
    expect(await page.locator("waifu-rt3d-rows mark").first().textContent()).toBe("lighthouse");
    await page.getByRole("searchbox").fill("zyzzyva");
    await page.getByText("Nothing was said with these words.").waitFor();
  });

  test("are renamed, pinned, archived and brought back", async () => {
    page = await openPage("sessions");
    await fromMenu("Rename");
    await page.getByRole("textbox", { name: "Name" }).fill("A quiet evening");
    await button("Save").click();
    await page.getByText("A quiet evening").first().waitFor();
    await fromMenu("Pin");
    await page
      .getByText(/Pinned · /)
      .first()
      .waitFor();
    await fromMenu("Archive");
    await expect.poll(() => page.getByText("A quiet evening").count()).toBe(0);
    await page.getByRole("checkbox", { name: "Archived" }).check();
    await page.getByText("A quiet evening").first().waitFor();
    await fromMenu("Bring back");
    await page.getByRole("checkbox", { name: "Archived" }).uncheck();
    await page.getByText("A quiet evening").first().waitFor();
    await fromMenu("Unpin");
  });

  test("are deleted, and come back when the person wants", async () => {
    page = await openPage("sessions");
    await rows().first().waitFor();
    const before = await rows().count();
    const title = (await rows().first().locator(".title").textContent()) ?? "";
    await fromMenu("Delete");
    await expect.poll(() => rows().count()).toBe(before - 1);
    await button("Undo").click();
    await expect.poll(() => rows().count()).toBe(before);
    expect(await rows().first().locator(".title").textContent()).toBe(title);
  });

  test("are taken away as a file, and brought by dropping one", async () => {
    page = await openPage("sessions");
    await rows().first().waitFor();
    const before = await rows().count();
    const downloading = page.waitForEvent("download");
    await fromMenu("Export");
    await page.getByRole("menuitem", { name: /SillyTavern/ }).click();
    expect((await downloading).suggestedFilename()).toMatch(/^waifu-rt3d-.*\.jsonl$/);
    const file = join(mkdtempSync(join(tmpdir(), "waifu-rt3d-")), "talk.jsonl");
    const lines = [
      { user_name: "Demo", character_name: "Mira" },
      {
        name: "Demo",
        is_user: true,
        mes: "A talk from elsewhere",
        send_date: "2026-01-02T10:00:00Z",
      },
    ];
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join("\n"));
    await page.locator("waifu-rt3d-drop input").setInputFiles(file);
    await page.getByText(/1 messages were imported/).waitFor();
    await expect.poll(() => rows().count()).toBe(before + 1);
  });

  test("are opened on the first page", async () => {
    page = await openPage("sessions");
    await rows().first().locator(".body").click();
    await page.locator("waifu-rt3d-panel waifu-rt3d-chat .mine").first().waitFor();
    expect(page.url()).toMatch(/\/companion\/talk$/);
  });
});

describe.skipIf(!home)("the other pages", () => {
  test("characters: one is added through the steps, and deleted", async () => {
    page = await openPage("characters");
    await button("Add a character").click();
    await page.getByLabel("Name").fill("Rowan");
    await button("Next").click();
    await page.locator("waifu-rt3d-wizard select").first().selectOption({ label: "Rowan" });
    for (let step = 0; step < 3; step++) await button("Next").click();
    await button("Save").click();
    await page.getByRole("heading", { name: "Rowan" }).waitFor();
    await button("Delete Rowan?").click();
    await page.locator("waifu-rt3d-sheet").getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => page.getByRole("heading", { name: "Rowan" }).count()).toBe(0);
  });

  test("characters: each has a portrait", async () => {
    page = await openPage("characters");
    await page.locator("waifu-rt3d-portrait img, waifu-rt3d-portrait canvas").first().waitFor();
  });

  test("characters: a card is imported by dropping it, and taken away", async () => {
    page = await openPage("characters");
    const card = {
      name: "Alma",
      description: "Keeps the lighthouse.",
      personality: "Patient",
      scenario: "An evening by the sea",
      first_mes: "Good evening.",
      mes_example: "",
    };
    await drop(page, "alma.json", JSON.stringify(card), "application/json");
    const sheet = page.locator("waifu-rt3d-sheet");
    await sheet.getByText("The text of a card can hold orders of a stranger.").waitFor();
    await sheet.getByRole("button", { name: "Import" }).click();
    await page.getByText("Alma was imported.").waitFor();
    await page.getByRole("heading", { name: "Alma", exact: true }).waitFor();
    const downloading = page.waitForEvent("download");
    await button("Export Alma").click();
    await page.getByRole("menuitem", { name: /\.json/ }).click();
    expect((await downloading).suggestedFilename()).toMatch(/\.json$/);
    await button("Delete Alma?").click();
    await sheet.getByRole("button", { name: "Delete" }).click();
    await expect
      .poll(() => page.getByRole("heading", { name: "Alma", exact: true }).count())
      .toBe(0);
  });

  test("avatars: one is brought, recoloured ones are worn, and it is taken away", async () => {
    page = await openPage("avatars");
    await page
      .locator("waifu-rt3d-drop input")
      .first()
      .setInputFiles({
        name: "Visitor.vrm",
        mimeType: "model/gltf-binary",
        buffer: readFileSync(FIGURE),
      });
    await page.getByRole("radio", { name: /^Visitor/ }).waitFor();
    await expect.poll(() => page.getByRole("radio", { name: /^Visitor/ }).isChecked()).toBe(true);
    await button("Delete").click();
    await page.locator("waifu-rt3d-sheet").getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => page.getByRole("radio", { name: /^Visitor/ }).count()).toBe(0);
    await page.getByRole("radio", { name: /^Mira/ }).check();
    await page.getByLabel("Hair").fill("#b03060");
    await button("Mira wears this").click();
    await page.getByText("The character is saved.").waitFor();
    await page.reload();
    await expect.poll(() => page.getByLabel("Hair").inputValue()).toBe("#b03060");
    await button("As it was made").click();
    await button("Mira wears this").click();
    await page.getByText("The character is saved.").waitFor();
  });

  test("avatars: one is looked at, makes a gesture and is worn", async () => {
    page = await openPage("avatars");
    await page.getByRole("radio", { name: /Rowan/ }).check();
    await page.waitForFunction(
      () => {
        const find = (root: Document | ShadowRoot): Element | null => {
          for (const element of root.querySelectorAll("*")) {
            if (element.localName === "waifu-rt3d-stage") return element;
            const inner = element.shadowRoot && find(element.shadowRoot);
            if (inner) return inner;
          }
          return null;
        };
        const stage = find(document) as { stageState?: () => { ready: boolean } } | null;
        return stage?.stageState?.().ready;
      },
      null,
      { timeout: 60_000 },
    );
    await button("Wave").click();
    await button("Mira wears this").click();
    await page.getByText(/worn by Mira/).waitFor();
    await page.getByRole("radio", { name: /^Mira/ }).check();
    await button("Mira wears this").click();
    await page.getByText("The character is saved.").waitFor();
  });

  test("memories: one is written down, pinned and forgotten", async () => {
    page = await openPage("memories");
    const text = "The ladder stands in the shed";
    await page.getByRole("textbox").fill(text);
    await button("Remember").click();
    const note = page.locator("li", { hasText: text });
    await note.waitFor();
    await note.getByRole("button", { name: "Pin" }).click();
    await note.getByRole("button", { name: "Unpin" }).waitFor();
    await note.getByRole("button", { name: "Forget" }).click();
    await page.locator("waifu-rt3d-sheet").getByRole("button", { name: "Forget" }).click();
    await expect.poll(() => note.count()).toBe(0);
  });

  test("statistics: messages, hours and words of four weeks are bars and a table", async () => {
    page = await openPage("statistics");
    for (const plot of ["Messages per day", "Hours of talk per day", "Words you use most"])
      await page.getByText(plot).first().waitFor();
    expect(await page.locator("waifu-rt3d-page-statistics rect").count()).toBeGreaterThan(20);
    await page.getByText("As a table").first().click();
    await page.getByRole("rowheader").first().waitFor();
  });

  test("checks: every part of the house is tried, with progress", async () => {
    page = await openPage("checks");
    await page.getByText(/Everything works/).waitFor({ timeout: 60_000 });
    const titles = await page.locator("waifu-rt3d-page-checks .checks strong").allTextContents();
    expect(titles).toEqual(
      expect.arrayContaining(["Memory", "Voice: Mira", "Speech recognition: Mira"]),
    );
    expect(await page.locator(".red").count()).toBe(0);
  });

  test("settings: how long talk is kept is saved", async () => {
    page = await openPage("settings");
    await page.getByLabel("Days").fill("400");
    await button("Save").click();
    await page.getByText("Saved.").waitFor();
    await page.reload();
    await expect.poll(() => page.getByLabel("Days").inputValue()).toBe("400");
    await page.getByLabel("Days").fill("");
    await button("Save").click();
    await page.getByText("Saved.").waitFor();
  });
});

describe.skipIf(!home)("somebody who is no administrator", () => {
  test("sees only what is theirs", async () => {
    page = await openPage("sessions", { who: "person" });
    await page.getByText(/Nothing was said yet/).waitFor();
    for (const [name, text] of [
      ["characters", "Characters are added and changed by an administrator."],
      ["memories", "Nothing to remember yet"],
      ["statistics", "Nothing was said in this time."],
      ["checks", "The parts of the house are checked by an administrator."],
      ["settings", "How long talk is kept"],
    ] as const) {
      await page.locator(`waifu-rt3d-panel nav a[href$="/${name}"]`).click();
      await page.getByText(text).first().waitFor();
    }
    expect(await button("Back up now").count()).toBe(0);
  });

  test("can bring no character, change no figure and test no part of the house", async () => {
    page = await openPage("characters", { who: "person" });
    await page.getByRole("heading", { name: "Mira" }).waitFor();
    expect(await page.locator("waifu-rt3d-page-characters waifu-rt3d-drop").count()).toBe(0);
    expect(await button(/^(Change|Export|Delete|Add)/).count()).toBe(0);
    await page.locator('waifu-rt3d-panel nav a[href$="/avatars"]').click();
    await page.getByRole("radio", { name: /^Mira/ }).waitFor();
    expect(await page.locator("waifu-rt3d-page-avatars waifu-rt3d-drop").count()).toBe(0);
    expect(await button(/wears this/).count()).toBe(0);
  });
});

describe.skipIf(!home)("every page", () => {
  test.each([
    ["light", "en", 1280],
    ["dark", "de", 390],
  ] as const)("axe-core finds no violation (%s, %s, %i px)", async (theme, language, width) => {
    page = await openPage("sessions", { dark: theme === "dark", language, width });
    const found: string[] = [];
    for (const name of PAGES) {
      await page.locator(`waifu-rt3d-panel nav a[href$="/${name}"]`).click();
      await page.locator(`waifu-rt3d-page-${name} .page`).waitFor();
      await page.waitForTimeout(400);
      found.push(
        ...(await violations(page, page.locator("waifu-rt3d-panel"))).map(
          (each) => `${name} ${each}`,
        ),
      );
    }
    expect(found).toEqual([]);
  });

  test("fits into 320 px, with German words", async () => {
    page = await openPage("sessions", { language: "de", width: 320, height: 640 });
    for (const name of PAGES) {
      await page.locator(`waifu-rt3d-panel nav a[href$="/${name}"]`).click();
      await page.locator(`waifu-rt3d-page-${name} .page`).waitFor();
      await page.waitForTimeout(400);
      expect(await overflowing(page), name).toEqual([]);
    }
  });

  test("is reached with the keyboard alone", async () => {
    page = await openPage("sessions");
    await page.locator('waifu-rt3d-panel nav a[aria-current="page"]').focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("waifu-rt3d-page-characters .page").waitFor();
    expect(await page.locator('[aria-current="page"]').textContent()).toContain("Characters");
  });
});
