/** Compare two screenshots where the mouth or the eyes are. */

import type { Page } from "playwright-core";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Count the pixels of a box that differ clearly between two pictures; the page itself decodes them. */
export function changedPixels(page: Page, before: Buffer, after: Buffer, box: Box) {
  return page.evaluate(
    async ([first, second, { x, y, width, height }]) => {
      const read = async (png: string) => {
        const image = new Image();
        image.src = `data:image/png;base64,${png}`;
        await image.decode();
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.width, image.height];
        const context = canvas.getContext("2d")!;
        context.drawImage(image, 0, 0);
        return context.getImageData(x, y, width, height).data;
      };
      const [a, b] = [await read(first), await read(second)];
      let changed = 0;
      for (let i = 0; i < a.length; i += 4) {
        const distance = [0, 1, 2].reduce((sum, c) => sum + Math.abs(a[i + c]! - b[i + c]!), 0);
        if (distance > 60) changed++;
      }
      return changed;
    },
    [before.toString("base64"), after.toString("base64"), box] as const,
  );
}
