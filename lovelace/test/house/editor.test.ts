import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { closeAll, errors, home, open, violations } from "./open.js";

let page: Page;

afterEach(async () => {
  await page.context().close();
  expect(errors.splice(0)).toEqual([]);
});
afterAll(closeAll);

const dialog = () => page.locator("hui-dialog-edit-card");
const shown = () => dialog().locator("waifu-rt3d-card");

describe.skipIf(!home)("the visual editor", () => {
  test("has our fields, shows what they change, and axe-core finds nothing in it", async () => {
    page = await open(home!.path, { width: 1400, height: 900 });
    await page.locator("waifu-rt3d-card").waitFor();
    await page.locator("hui-root .header ha-icon-button").last().click();
    await page.locator("hui-card-edit-mode .control").first().click({ force: true });
    const form = dialog().locator("ha-form").first();
    await form.getByText("Layout").first().waitFor();
    for (const field of ["Character", "Framing", "Picture quality", "Speak the answers"])
      await form.getByText(field, { exact: false }).first().waitFor();
    await shown().locator("waifu-rt3d-composer").waitFor();
    // How a field is drawn inside is Home Assistant's own.
    const ours = (each: string) => !each.includes('"ha-selector');
    expect((await violations(page, form)).filter(ours)).toEqual([]);
    expect(await violations(page, shown())).toEqual([]);
  });
});
