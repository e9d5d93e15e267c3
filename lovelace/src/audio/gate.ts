/** Notice that somebody begins to speak, by the level alone; the house decides what was said. */

const ABOVE_FLOOR_DB = 9;
/** While she speaks her own voice comes back, however well the browser cancels it. */
const MORE_WHILE_SPEAKING_DB = 6;
const NEEDED_MS = 150;
/** Noise suppression gives digital silence between words: that is no floor. */
const QUIETEST_DB = -55;
/** The floor follows a quieter room at once and a louder one slowly. */
const RISE_DB_PER_S = 3;

export class VoiceGate {
  private _floor_db: number | null = null;
  private _loud_ms = 0;

  /** Take the level of the next piece (0…1); true once speech has begun. */
  push(level: number, duration_ms: number, speaking: boolean): boolean {
    const level_db = Math.max(QUIETEST_DB, 20 * Math.log10(level || 1e-9));
    const floor_db = (this._floor_db ??= level_db);
    const needed_db = floor_db + ABOVE_FLOOR_DB + (speaking ? MORE_WHILE_SPEAKING_DB : 0);
    this._loud_ms =
      level_db > needed_db ? this._loud_ms + duration_ms : Math.max(0, this._loud_ms - duration_ms);
    this._floor_db = Math.min(level_db, floor_db + (RISE_DB_PER_S * duration_ms) / 1000);
    return this._loud_ms >= NEEDED_MS;
  }

  /** Wait for the next beginning in the same room. */
  reset(): void {
    this._loud_ms = 0;
  }
}
