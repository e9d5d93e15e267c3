/** The page's one WebGL context: browsers allow sixteen, and close the oldest without a word. */

import {
  AmbientLight,
  DirectionalLight,
  PerspectiveCamera,
  Scene,
  SRGBColorSpace,
  WebGLRenderer,
} from "three";
import { AvatarError } from "./errors.js";

export class Picture {
  readonly canvas = document.createElement("canvas");
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera();
  readonly renderer: WebGLRenderer;

  constructor() {
    this.canvas.style.cssText = "display:block;width:100%;height:100%";
    // The sentence about her state stands beside the picture, for those who cannot see it.
    this.canvas.setAttribute("aria-hidden", "true");
    try {
      this.renderer = new WebGLRenderer({
        canvas: this.canvas,
        alpha: true,
        antialias: true,
        powerPreference: "low-power",
      });
    } catch (error) {
      throw new AvatarError("no_webgl", String(error));
    }
    this.renderer.outputColorSpace = SRGBColorSpace;
    this._light();
  }

  /** Fit the canvas into a size in CSS pixels. */
  resize(width: number, height: number, ratio: number): void {
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(width, height, false);
  }

  draw(): void {
    this.renderer.render(this.scene, this.camera);
  }

  /** Give the context back: `dispose` alone keeps it until the canvas is collected. */
  dispose(): void {
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.canvas.remove();
  }

  /** Light the face from the front left, a little from above. */
  private _light(): void {
    const key = new DirectionalLight(0xffffff, Math.PI * 0.92);
    key.position.set(-0.6, 1.1, 1.6);
    this.scene.add(key, new AmbientLight(0xffffff, Math.PI * 0.14));
  }
}
