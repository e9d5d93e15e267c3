/** Pictures on somebody's figure that are larger than a tablet needs. */

import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { loadBody } from "../../src/avatar/load.js";
import type { texturesOf } from "../../src/avatar/textures.js";
import { errors, type Harness, missing, start } from "./browser.js";

const AVATAR = join(import.meta.dirname, "../../src/avatar");
const ENTRY = `import { loadBody } from "./load.js";
import { texturesOf } from "./textures.js";
Object.assign(window, { loadBody, texturesOf });`;
interface Code {
  loadBody: typeof loadBody;
  texturesOf: typeof texturesOf;
}

const reason = missing();
let harness: Harness | undefined;

beforeAll(async () => {
  if (reason) return;
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: AVATAR, loader: "ts" },
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const files = new Map<string, Buffer>();
  files.set("/load.js", Buffer.from(outputFiles[0]!.contents));
  harness = await start(files);
});
afterAll(() => harness?.close());

/** Load a plain glTF with a picture of a size; gives the size that is kept, and the picture's middle. */
async function kept(width: number, height: number) {
  const page = await harness!.page();
  await page.addScriptTag({ type: "module", url: "/load.js" });
  const found = await page.evaluate(
    async ([wide, high]) => {
      const { loadBody, texturesOf } = window as unknown as Code;
      const paint = Object.assign(document.createElement("canvas"), { width: wide, height: high });
      const pen = paint.getContext("2d")!;
      pen.fillStyle = "#20c040";
      pen.fillRect(0, 0, wide, high);
      const corners = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1]);
      const base64 = btoa(String.fromCharCode(...new Uint8Array(corners.buffer)));
      const gltf = {
        asset: { version: "2.0" },
        scene: 0,
        scenes: [{ nodes: [0] }],
        nodes: [{ mesh: 0 }],
        meshes: [{ primitives: [{ attributes: { POSITION: 0, TEXCOORD_0: 1 }, material: 0 }] }],
        materials: [{ pbrMetallicRoughness: { baseColorTexture: { index: 0 } } }],
        textures: [{ source: 0 }],
        images: [{ uri: paint.toDataURL("image/png") }],
        buffers: [{ byteLength: 60, uri: `data:application/octet-stream;base64,${base64}` }],
        bufferViews: [
          { buffer: 0, byteLength: 36 },
          { buffer: 0, byteOffset: 36, byteLength: 24 },
        ],
        accessors: [
          {
            bufferView: 0,
            componentType: 5126,
            count: 3,
            type: "VEC3",
            min: [0, 0, 0],
            max: [1, 1, 0],
          },
          { bufferView: 1, componentType: 5126, count: 3, type: "VEC2" },
        ],
      };
      const url = URL.createObjectURL(new Blob([JSON.stringify(gltf)]));
      const body = await loadBody(url, new AbortController().signal);
      const [texture] = texturesOf(body.scene);
      const image = texture!.source.data as ImageBitmap;
      const look = document.createElement("canvas").getContext("2d")!;
      look.drawImage(image, -image.width / 2, -image.height / 2);
      const middle = [...look.getImageData(0, 0, 1, 1).data];
      return { size: [image.width, image.height], middle };
    },
    [width, height] as const,
  );
  await page.close();
  expect(errors.splice(0)).toEqual([]);
  return found;
}

describe.skipIf(reason)("a picture on a figure", () => {
  test("of more than 1024 pixels is made smaller in its own proportions", async () => {
    const { size, middle } = await kept(2600, 1300);
    expect(size).toEqual([1024, 512]);
    expect(middle).toEqual([0x20, 0xc0, 0x40, 255]);
  });

  test("of 1024 pixels stays as it is", async () => {
    expect((await kept(1024, 300)).size).toEqual([1024, 300]);
  });
});
