/** One companion for the page: turns, sound and clock, shared by every card that shows her. */

import { hasSound, unlockOnFirstTouch, unlockSound } from "../audio/output.js";
import { WavPlayer } from "../audio/player.js";
import type { Activity, SpokenWord } from "../director/index.js";
import { CompanionClient, type HassConnection, type Link } from "../ha/client.js";
import { HouseClock } from "../ha/clock-offset.js";
import { Conversation, type Turn } from "../ha/conversation.js";
import { History, type Session } from "../ha/history.js";
import type { Character, ClockData, TurnEnvelope } from "../ha/messages.js";
import { ErrorLog } from "./error-log.js";
import { Listener, type TalkOptions } from "./listener.js";
import { Past } from "./past.js";
import { Performance } from "./performance.js";
import { regretful } from "./regret.js";

/** What went wrong last, as a key of the translations. */
export type Trouble = "send_failed" | "sound_failed" | "cancel_failed" | "listen_failed";

/** A reply without any sound is mimed after this long. */
const MIME_AFTER_MS = 1500;
const WORD_WATCH_MS = 50;
const LEAVE_AFTER_MS = 30_000;

export class Companion {
  private static readonly _known = new WeakMap<HassConnection, Companion>();

  readonly conversation = new Conversation();
  characters: Character[] = [];
  link: Link = "connecting";
  trouble: Trouble | null = null;
  performance: Performance | null = null;
  /** The spoken word of the running reply. */
  word: SpokenWord | null = null;
  /** A reply waits for the first touch of the page. */
  soundLocked = false;
  /** A text is on its way to Home Assistant. */
  sending = false;
  /** The last errors by their code, for a report. */
  readonly errors = new ErrorLog();
  /** The microphone of this page. */
  readonly listener: Listener;
  private readonly _client: CompanionClient;
  private readonly _history: History;
  private readonly _listeners = new Set<() => void>();
  private readonly _played = new Set<string>();
  private readonly _past: Past;
  private _player: WavPlayer | null = null;
  private readonly _clock = new HouseClock(() => this._client.askClock());
  private _leaving: ReturnType<typeof setTimeout> | null = null;
  private _watch: ReturnType<typeof setInterval> | null = null;
  private _stopUnlock: (() => void) | null = null;

  /** Give the companion behind a connection; cards on one page share it. */
  static of(connection: HassConnection): Companion {
    let companion = this._known.get(connection);
    if (!companion) this._known.set(connection, (companion = new Companion(connection)));
    return companion;
  }

  /** Tell whether any card on this page has shown her already. */
  static isKnown(connection: HassConnection): boolean {
    return this._known.has(connection);
  }

  private constructor(connection: HassConnection) {
    this._history = new History(connection);
    this._past = new Past(this._history, this.conversation, () => this._change());
    this._client = new CompanionClient(connection, {
      onEnvelope: (envelope) => this._take(envelope),
      onLink: (link) => this._onLink(link),
      onCharacters: (characters) => this._change(() => (this.characters = characters)),
    });
    this.listener = new Listener(this._client, {
      onChange: () => this._change(),
      onTurn: (turn_id, session_id) =>
        this._change(() => this.conversation.listen(turn_id, session_id)),
      onRefused: () => this._fail("listen_failed"),
      interrupt: () => this._interrupt(),
      cancel: (turn_id) => this._cancelTurn(turn_id),
      speaking: () => this.performance?.speaking(performance.now()) ?? false,
      busy: () => this._busy(),
    });
  }

  /** The conversation that goes on; null without a memory. */
  get session(): Session | null {
    return this._past.session;
  }

  /** The conversations one may go back to. */
  get sessions(): readonly Session[] {
    return this._past.sessions;
  }

  /** Show the conversation in which this person stopped last; a house without memory has none. */
  openHistory(character?: string): Promise<void> {
    return this._past.open(character);
  }

  /** Go on in another conversation; null begins a new one. */
  async openSession(session_id: string | null, character?: string): Promise<void> {
    this.cancel();
    await this._try(async () => {
      const session = await this._history.session(session_id, character);
      this.conversation.clear();
      await this._past.show(session, character);
    });
  }

  /** Answer a question anew, beside the old answer. */
  async regenerate(turn: Turn, speak: boolean): Promise<void> {
    const { answer } = turn;
    if (answer) await this._anew(turn, () => this._history.regenerate(answer.id, speak));
  }

  /** Ask something else in the place of an old question. */
  async edit(turn: Turn, text: string, speak: boolean): Promise<boolean> {
    const { question } = turn;
    return (
      question !== null && this._anew(turn, () => this._history.edit(question.id, text, speak))
    );
  }

  /** Go to a message that stands beside another. */
  async walk(message_id: number): Promise<void> {
    await this._try(async () => {
      await this._history.walk(message_id);
      await this._past.refresh();
    });
  }

  /** Begin to listen, inside a touch or a key press. */
  press(options: TalkOptions): void {
    void unlockSound();
    this.trouble = null;
    const session_id = this._session_id;
    this.listener.press({ ...options, ...(session_id ? { session_id } : {}) });
  }

  /** Hear of every change; the subscription lives while anybody listens. */
  listen(listener: () => void): () => void {
    if (this._leaving) clearTimeout(this._leaving);
    this._leaving = null;
    this._listeners.add(listener);
    this._client.open();
    this._stopUnlock ??= unlockOnFirstTouch(() => this._change(() => (this.soundLocked = false)));
    return () => {
      this._listeners.delete(listener);
      // A change of view takes the card away and brings it back: a turn must survive that.
      if (!this._listeners.size) this._leaving = setTimeout(() => this._leave(), LEAVE_AFTER_MS);
    };
  }

  /** Tell what she is doing now. */
  activity(now_ms: number): Activity {
    if (this.performance?.speaking(now_ms)) return "speaking";
    if (this.link === "offline" || this.link === "missing") return "asleep";
    if (this.listener.state === "opening" || this.listener.state === "recording")
      return "listening";
    const running = this.conversation.running;
    if (running) return running.state === "listening" ? "listening" : "thinking";
    return this.sending ? "thinking" : "idle";
  }

  /** Send a typed text; false when Home Assistant did not take it. */
  async send(text: string, options: { character?: string; speak?: boolean } = {}) {
    void unlockSound();
    if (this.listener.state !== "off") this.listener.abandon();
    this._interrupt();
    this._change(() => ((this.sending = true), (this.trouble = null)));
    const session_id = this._session_id;
    try {
      const begun = await this._client.startTurn(text, {
        ...options,
        ...(session_id ? { session_id } : {}),
      });
      this.conversation.begin(begun.turn_id, text, begun.session_id);
      return true;
    } catch {
      this._fail("send_failed");
      return false;
    } finally {
      this._change(() => (this.sending = false));
    }
  }

  /** Stop the running turn: the mouth at once, the house as soon as it hears of it. */
  cancel(): void {
    const recording = this.listener.state === "recording";
    if (this.listener.state !== "off") this.listener.abandon();
    if (!recording) this._interrupt();
  }

  /** Unlock the sound; must be called inside a touch. */
  async unlock(): Promise<void> {
    await unlockSound();
    this._change(() => (this.soundLocked = false));
  }

  /** Give the address under which a figure's file can be fetched now. */
  readonly avatarAddress = (url: string) => this._client.signed(url);
  /** Compare Home Assistant's clock with this page's. */
  readonly measureClock = () => this._clock.measure();

  retry(): void {
    this.trouble = null;
    this._client.retry();
  }

  /** Forget the last trouble. */
  dismiss(): void {
    this._change(() => (this.trouble = null));
  }

  private get _session_id(): string | undefined {
    return this.session?.id ?? this.conversation.latest?.session_id ?? undefined;
  }

  private async _anew(turn: Turn, begin: () => Promise<{ turn_id: string }>): Promise<boolean> {
    void unlockSound();
    this.cancel();
    return this._try(async () => {
      await begin();
      this.conversation.cutFrom(turn.id);
    });
  }

  private async _try(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      this._change();
      return true;
    } catch {
      this._fail("send_failed");
      return false;
    }
  }

  private _onLink(link: Link): void {
    // What was said into a broken line is lost; nobody shall think that it is heard.
    if (link === "offline") this.listener.close();
    if (link === "offline" || link === "missing" || link === "failed")
      this.errors.add(`link_${link}`);
    this._change(() => (this.link = link));
  }

  /** Stop the running turn, whatever begins in its place. */
  private _interrupt(): void {
    const turn = this.conversation.running;
    this._silence();
    if (turn) this._cancelTurn(turn.id);
  }

  /** Say what went wrong, and keep it for the report. */
  private _fail(trouble: Trouble): void {
    this.errors.add(trouble);
    this._change(() => (this.trouble = trouble));
  }

  private _cancelTurn(turn_id: string): void {
    this._client.cancelTurn(turn_id).catch(() => this._fail("cancel_failed"));
  }

  private _busy(): boolean {
    return Boolean(
      this.conversation.running ?? this.performance?.speaking(performance.now()) ?? this.sending,
    );
  }

  private _take(envelope: TurnEnvelope): void {
    const turn = this.conversation.apply(envelope);
    const now_ms = performance.now();
    switch (envelope.kind) {
      case "timeline":
        this._perform(turn.id);
        break;
      case "audio":
        this._play(turn.id, envelope.data.url);
        break;
      case "clock":
        void this._follow(turn.id, envelope.data);
        break;
      case "cancel":
        if (this.performance?.turn_id === turn.id) this._silence();
        break;
      case "heard":
        if (envelope.data.final) this.listener.heard(turn.id);
        break;
      case "turn":
        if (turn.state !== "listening") this.listener.heard(turn.id);
        if (turn.state === "heard" && this.session && turn.session_id === this.session.id)
          this._past.refreshSoon();
        if (envelope.data.error) this._regret(turn.id, envelope.data.error);
        if (turn.cut_ms !== null && this.performance?.turn_id === turn.id)
          this.performance.cut(now_ms);
        break;
    }
    this._change();
  }

  /** Give the performance of a turn; a newer turn takes the stage. */
  private _perform(turn_id: string): Performance {
    if (this.performance?.turn_id === turn_id) return this.performance;
    const turn = this.conversation.turn(turn_id);
    if (!turn) throw new Error(`no turn ${turn_id}`);
    const act = (this.performance = new Performance(turn_id, turn.timeline));
    setTimeout(() => {
      if (act === this.performance && !act.hasClock && !turn.cancelled && turn.timeline.end_ms)
        act.mime(performance.now());
    }, MIME_AFTER_MS);
    this._watch ??= setInterval(() => this._watchWord(), WORD_WATCH_MS);
    return act;
  }

  /** Show in her face that something failed, where no reply does; the sentence stands in the chat. */
  private _regret(turn_id: string, error: string): void {
    this.errors.add(error);
    if (this.performance?.turn_id === turn_id) return;
    const act = (this.performance = new Performance(turn_id, regretful(turn_id, error)));
    act.mime(performance.now());
    this._watch ??= setInterval(() => this._watchWord(), WORD_WATCH_MS);
  }

  /** Play a reply's sound here and report what is heard. */
  private _play(turn_id: string, url: string): void {
    // After a reconnect the envelopes come again; a sound is played once.
    if (this._played.has(turn_id)) return;
    this._played.add(turn_id);
    this._player?.stop();
    if (!hasSound()) {
      this._mimeInstead(turn_id);
      return;
    }
    const player = new WavPlayer(url, (state, audio_ms) => {
      // A lost report costs the house only a time-out.
      this._client.reportPlayed(turn_id, state, audio_ms).catch(() => undefined);
      this._change(() => (this.soundLocked = false));
    });
    this._player = player;
    this._perform(turn_id).playOn(player);
    void unlockSound().then((running) => this._change(() => (this.soundLocked = !running)));
    player.play().catch(() => {
      if (player === this._player) this._mimeInstead(turn_id);
    });
  }

  /** Go on without the sound, and say so. */
  private _mimeInstead(turn_id: string): void {
    this._perform(turn_id).mime(performance.now());
    this._fail("sound_failed");
  }

  /** Follow a loudspeaker elsewhere on Home Assistant's clock. */
  private async _follow(turn_id: string, clock: ClockData): Promise<void> {
    const act = this._perform(turn_id);
    // Our own sound comes back as a report, too; its clock is here already.
    if (act.precision === "local") return;
    const at_ms = clock.at_epoch_ms - (await this._clock.offset_ms());
    act.report(clock.audio_ms, at_ms, clock.playing, clock.precision);
    this._change();
  }

  /** Shut the mouth and stop our own sound. */
  private _silence(): void {
    this.performance?.cut(performance.now());
    this._player?.stop();
    this._player = null;
    this._change();
  }

  /** Notice the next word, and the end. */
  private _watchWord(): void {
    const now_ms = performance.now();
    const act = this.performance;
    const word = act?.wordAt(now_ms) ?? null;
    if (word?.at_ms !== this.word?.at_ms) this._change(() => (this.word = word));
    if (!act?.over(now_ms)) return;
    if (this._watch) clearInterval(this._watch);
    this._watch = null;
    this._change(() => (this.performance = null));
  }

  private _leave(): void {
    this.listener.close();
    this._silence();
    this._client.close();
    this._stopUnlock?.();
    this._stopUnlock = null;
    if (this._watch) clearInterval(this._watch);
    this._watch = null;
  }

  /** Change something and tell everybody. */
  private _change(change?: () => void): void {
    change?.();
    for (const listener of this._listeners) listener();
  }
}
