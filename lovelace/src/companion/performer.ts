/** What is heard and seen of replies: sound of our own, or the clock of a loudspeaker elsewhere. */

import { hasSound, unlockSound } from "../audio/output.js";
import { type PlayState, WavPlayer } from "../audio/player.js";
import type { SpokenWord } from "../director/index.js";
import type { Turn } from "../ha/conversation.js";
import type { ClockData, PerformData } from "../ha/messages.js";
import { Performance } from "./performance.js";
import { regretful, wordless } from "./regret.js";

/** A reply without any sound is mimed after this long. */
const MIME_AFTER_MS = 1500;
const WORD_WATCH_MS = 50;

export interface PerformerEvents {
  onChange: () => void;
  /** The sound of a reply did not come. */
  onSoundFailed: () => void;
  reportPlayed: (turn_id: string, state: PlayState, audio_ms: number) => void;
  /** Give Home Assistant's clock minus this page's `performance.now()`. */
  offset_ms: () => Promise<number>;
  turn: (turn_id: string) => Turn | null;
}

export class Performer {
  performance: Performance | null = null;
  /** The spoken word of the running reply. */
  word: SpokenWord | null = null;
  /** A reply waits for the first touch of the page. */
  soundLocked = false;
  private readonly _played = new Set<string>();
  private _player: WavPlayer | null = null;
  private _watch: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly _events: PerformerEvents) {}

  speaking(now_ms: number): boolean {
    return this.performance?.speaking(now_ms) ?? false;
  }

  /** Give the performance of a turn; a newer turn takes the stage. */
  perform(turn_id: string): Performance {
    if (this.performance?.turn_id === turn_id) return this.performance;
    const turn = this._events.turn(turn_id);
    if (!turn) throw new Error(`no turn ${turn_id}`);
    const act = this._enter(new Performance(turn_id, turn.timeline));
    setTimeout(() => {
      if (act === this.performance && !act.hasClock && !turn.cancelled && turn.timeline.end_ms)
        act.mime(performance.now());
    }, MIME_AFTER_MS);
    return act;
  }

  /** Show in her face that something failed, where no reply does; the sentence stands in the chat. */
  regret(turn_id: string, error: string): void {
    if (this.performance?.turn_id === turn_id) return;
    this._enter(new Performance(turn_id, regretful(turn_id, error))).mime(performance.now());
  }

  /** Put a hand to the ear: that she hears nothing is understood from three metres. */
  showDeaf(): void {
    this.regret(`deaf ${performance.now()}`, "listen_failed");
  }

  /** Show cues outside any turn; a reply that is heard now is not disturbed. */
  show(turn_id: string, { cues }: PerformData): void {
    if (!cues.length || this.speaking(performance.now())) return;
    const placed = cues.map((cue) => ({ ...cue, at_ms: 0, offset: 0 }));
    this._enter(new Performance(turn_id, wordless(turn_id, placed))).mime(performance.now());
  }

  /** Play a reply's sound here and report what is heard. */
  play(turn_id: string, url: string): void {
    // After a reconnect the envelopes come again; a sound is played once.
    if (this._played.has(turn_id)) return;
    this._played.add(turn_id);
    this._player?.stop();
    if (!hasSound()) {
      this._events.reportPlayed(turn_id, "lost", 0);
      this._mimeInstead(turn_id);
      return;
    }
    const player = new WavPlayer(url, (state, audio_ms) => {
      this._events.reportPlayed(turn_id, state, audio_ms);
      this.unlocked();
    });
    this._player = player;
    this.perform(turn_id).playOn(player);
    void unlockSound().then((running) => {
      this.soundLocked = !running;
      this._events.onChange();
    });
    player.play().catch(() => {
      if (player === this._player) this._mimeInstead(turn_id);
    });
  }

  /** Follow a loudspeaker elsewhere on Home Assistant's clock. */
  async follow(turn_id: string, clock: ClockData): Promise<void> {
    const act = this.perform(turn_id);
    // Our own sound comes back as a report, too; its clock is here already.
    if (act.precision === "local") return;
    const at_ms = clock.at_epoch_ms - (await this._events.offset_ms());
    act.report(clock.audio_ms, at_ms, clock.playing, clock.precision);
    this._events.onChange();
  }

  /** Shut the mouth where a turn was cut. */
  cut(turn_id: string): void {
    if (this.performance?.turn_id === turn_id) this.performance.cut(performance.now());
  }

  /** Shut the mouth and stop our own sound. */
  silence(): void {
    this.performance?.cut(performance.now());
    this._player?.stop();
    this._player = null;
    this._events.onChange();
  }

  /** Sound can be heard now. */
  unlocked(): void {
    this.soundLocked = false;
    this._events.onChange();
  }

  /** Stop everything: nobody looks any more. */
  leave(): void {
    this.silence();
    if (this._watch) clearInterval(this._watch);
    this._watch = null;
  }

  private _enter(act: Performance): Performance {
    this.performance = act;
    this._watch ??= setInterval(() => this._watchWord(), WORD_WATCH_MS);
    return act;
  }

  /** Go on without the sound, and say so. */
  private _mimeInstead(turn_id: string): void {
    this.perform(turn_id).mime(performance.now());
    this._events.onSoundFailed();
  }

  /** Notice the next word, and the end. */
  private _watchWord(): void {
    const now_ms = performance.now();
    const act = this.performance;
    const word = act?.wordAt(now_ms) ?? null;
    if (word?.at_ms !== this.word?.at_ms) {
      this.word = word;
      this._events.onChange();
    }
    if (!act?.over(now_ms)) return;
    if (this._watch) clearInterval(this._watch);
    this._watch = null;
    this.performance = null;
    this._events.onChange();
  }
}
