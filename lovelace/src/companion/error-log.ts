/** The last errors by their code, for a report: no words, no names. */

const KEPT = 10;

export class ErrorLog extends Array<{ code: string; at_ms: number }> {
  /** Keep an error; the oldest goes when there are too many. */
  add(code: string): void {
    this.push({ code, at_ms: Date.now() });
    while (this.length > KEPT) this.shift();
  }
}
