/** A further view of the one picture: a copy of each frame, for browsers give a page few WebGL contexts. */

export class Mirror {
  private readonly _canvas = document.createElement("canvas");
  private readonly _pen = this._canvas.getContext("2d");

  constructor(private readonly _host: HTMLElement) {
    this._canvas.style.cssText = "display:block;width:100%;height:100%";
    this._canvas.setAttribute("aria-hidden", "true");
    _host.append(this._canvas);
  }

  /** Copy a frame, in the task that drew it: afterwards the browser has given it away. */
  draw(source: HTMLCanvasElement): void {
    const width = Math.round(this._host.clientWidth * devicePixelRatio);
    const height = Math.round(this._host.clientHeight * devicePixelRatio);
    if (!this._pen || !width || !height || !source.height) return;
    this.clear(width, height);
    // She stands in the middle: a narrower view cuts the air beside her, a wider one has more of it.
    const across = (source.width * height) / source.height;
    this._pen.drawImage(source, (width - across) / 2, 0, across, height);
  }

  /** Show nothing: the picture is of somebody else. */
  clear(width = this._canvas.width, height = this._canvas.height): void {
    this._canvas.width = width;
    this._canvas.height = height;
  }

  remove(): void {
    this._canvas.remove();
  }
}
