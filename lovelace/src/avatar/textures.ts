/** The pictures on a figure: made smaller where they are too large, and painted anew. */

import { type Material, Mesh, type Object3D, ShaderMaterial, Texture } from "three";
import { type Colours, type Palette, recolour } from "./palette.js";

/** More than this no wall tablet shows of a figure, but each step up costs it four times the memory. */
const MAX_TEXTURE_PX = 1024;

/** List every texture of a figure once. */
export function texturesOf(scene: Object3D): Set<Texture> {
  const found = new Set<Texture>();
  scene.traverse((object) => {
    if (!(object instanceof Mesh)) return;
    for (const material of [object.material as Material | Material[]].flat())
      for (const value of valuesOf(material))
        if (value instanceof Texture) found.add(value as Texture);
  });
  return found;
}

/** List what a material holds; MToon, being a shader, keeps its textures among its uniforms. */
function valuesOf(material: Material): unknown[] {
  const shader = material instanceof ShaderMaterial ? material.uniforms : {};
  const uniforms = Object.values(shader);
  return [
    ...(Object.values(material) as unknown[]),
    ...uniforms.map((uniform): unknown => uniform.value),
  ];
}

/** Shrink what is larger than a tablet needs; a browser that cannot leaves it as it is. */
export async function reduceTextures(scene: Object3D): Promise<number> {
  const sources = new Set([...texturesOf(scene)].map((texture) => texture.source));
  let reduced = 0;
  for (const source of sources) {
    const image = source.data as ImageBitmap | HTMLImageElement | null;
    const longest = Math.max(image?.width ?? 0, image?.height ?? 0);
    if (!image || longest <= MAX_TEXTURE_PX) continue;
    const scale = MAX_TEXTURE_PX / longest;
    source.data = await createImageBitmap(image, {
      resizeWidth: Math.max(1, Math.round(image.width * scale)),
      resizeHeight: Math.max(1, Math.round(image.height * scale)),
      resizeQuality: "high",
    }).catch(() => image);
    if (source.data !== image && "close" in image) image.close();
    source.needsUpdate = true;
    reduced++;
  }
  return reduced;
}

/** Paints a figure's one palette picture; keeps what it was made with. */
export class Painter {
  private _made: ImageData | null = null;

  constructor(
    private readonly _scene: Object3D,
    private readonly _palette: Palette,
  ) {}

  /** Give the figure these colours; an empty choice gives back those it was made with. */
  paint(colours: Colours): void {
    const textures = texturesOf(this._scene);
    const source = [...textures].find((texture) => texture.source.data)?.source;
    if (!source) return;
    this._made ??= read(source.data as CanvasImageSource & { width: number; height: number });
    const { data, width, height } = this._made;
    const pixels = recolour(data, width, this._palette, colours);
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d")!.putImageData(new ImageData(pixels, width, height), 0, 0);
    source.data = canvas;
    source.needsUpdate = true;
    for (const texture of textures) if (texture.source === source) texture.needsUpdate = true;
  }
}

/** Read a picture's pixels. */
function read(image: CanvasImageSource & { width: number; height: number }): ImageData {
  const { width, height } = image;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.drawImage(image, 0, 0);
  return pen.getImageData(0, 0, width, height);
}
