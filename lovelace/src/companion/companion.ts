/** One companion for the page: turns, sound and clock, shared by every card that shows her. */

import { unlockOnFirstTouch, unlockSound } from "../audio/output.js";
import type { Activity, SpokenWord } from "../director/index.js";
import {
  CompanionClient,
  type HassConnection,
  type Link,
  type ListenOptions,
} from "../ha/client.js";
import { HouseClock } from "../ha/clock-offset.js";
import { Conversation, displayOf, type Turn } from "../ha/conversation.js";
import { History, type Session } from "../ha/history.js";
import type { Character, CompanionEnvelope, PerformData, TurnEnvelope } from "../ha/messages.js";
import { Asking } from "./asking.js";
import { ErrorLog, type Problem } from "./error-log.js";
import { Listener, type TalkOptions } from "./listener.js";
import { Meeting } from "./meeting.js";
import { Past } from "./past.js";
import type { Performance } from "./performance.js";
import { Performer } from "./performer.js";
import { Replies } from "./replies.js";
import { Timers } from "./timers.js";
import { Whereabouts } from "./whereabouts.js";

/** What went wrong last, as a key of the translations. */
export type Trouble = "send_failed" | "sound_failed" | "cancel_failed" | "listen_failed";

const LEAVE_AFTER_MS = 30_000;

export class Companion {
  private static readonly _known = new WeakMap<HassConnection, Companion>();

  readonly conversation = new Conversation();
  characters: Character[] = [];
  link: Link = "connecting";
  trouble: Trouble | null = null;
  /** The newest problem that a person sees, with its id. */
  problem: Problem | null = null;
  /** What the memory wants people to know, as a key behind `notice_`. */
  notice: string | null = null;
  /** Words that were heard and wait to be checked by the person. */
  toCheck: string | null = null;
  /** What is typed and not sent: a dashboard that reconnects makes its cards anew. */
  draft = "";
  /** The last errors by their code, for a report. */
  readonly errors = new ErrorLog();
  /** The microphone of this page. */
  readonly listener: Listener;
  /** What people do with what was said before. */
  readonly replies: Replies;
  readonly whereabouts = new Whereabouts();
  readonly timers: Timers;
  readonly meeting: Meeting;
  private readonly _client: CompanionClient;
  private readonly _asking: Asking;
  private readonly _listeners = new Set<() => void>();
  private readonly _past: Past;
  private readonly _performer: Performer;
  private readonly _clock = new HouseClock(() => this._client.askClock());
  private readonly _asleep = new Set<string>();
  /** Turns whose words are checked before they are sent. */
  private readonly _checked = new Set<string>();
  private _leaving: ReturnType<typeof setTimeout> | null = null;
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
    const history = new History(connection);
    this._past = new Past(history, this.conversation, () => this._change());
    this.replies = new Replies(history, this.conversation, this._past, {
      interrupt: () => this.cancel(),
      onChange: () => this._change(),
      onRefused: () => this._fail("send_failed"),
    });
    this._client = new CompanionClient(connection, {
      onEnvelope: (envelope) => this._take(envelope),
      onLink: (link) => this._onLink(link),
      onCharacters: (characters) => this._onCharacters(characters),
    });
    this._asking = new Asking(this._client, this.conversation, (id) => this._cancelTurn(id));
    this.meeting = new Meeting(this._client, this.conversation);
    this.timers = new Timers(this._client, () => this._change());
    this._performer = new Performer({
      onChange: () => this._change(),
      onSoundFailed: () => this._fail("sound_failed"),
      // A lost report costs the house only a time-out.
      reportPlayed: (...report) => void this._client.reportPlayed(...report).catch(() => undefined),
      offset_ms: () => this._clock.offset_ms(),
      turn: (turn_id) => this.conversation.turn(turn_id),
    });
    this.listener = new Listener(this._client, {
      onChange: () => this._change(),
      onTurn: (turn_id, session_id, check) => this._onListening(turn_id, session_id, check),
      onRefused: () => this._fail("listen_failed"),
      onDeaf: () => this._performer.showDeaf(),
      interrupt: () => this._interrupt(),
      cancel: (turn_id) => this._cancelTurn(turn_id),
      speaking: () => this._performer.speaking(performance.now()),
      busy: () => this._busy(),
    });
  }

  get performance(): Performance | null {
    return this._performer.performance;
  }

  /** The spoken word of the running reply. */
  get word(): SpokenWord | null {
    return this._performer.word;
  }

  /** A text is on its way to Home Assistant. */
  get sending(): boolean {
    return this._asking.sending;
  }

  /** A reply waits for the first touch of the page. */
  get soundLocked(): boolean {
    return this._performer.soundLocked;
  }

  /** The turn whose words are heard now; of an answer that is spoken again, the one of before. */
  get spoken(): Turn | null {
    const id = this.performance?.turn_id;
    const turn = id === undefined ? null : this.conversation.turn(id);
    return !turn || turn.again_of === null
      ? turn
      : (this.conversation.ofAnswer(turn.again_of) ?? turn);
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
  readonly openHistory = (character?: string) => this._past.open(character);

  /** Show what was said earlier; false when there is nothing more. */
  readonly openEarlier = () => this._past.earlier();

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
    this._stopUnlock ??= unlockOnFirstTouch(() => this._performer.unlocked());
    return () => {
      this._listeners.delete(listener);
      // A change of view takes the card away and brings it back: a turn must survive that.
      if (!this._listeners.size) this._leaving = setTimeout(() => this._leave(), LEAVE_AFTER_MS);
    };
  }

  /** Tell what she is doing now. */
  activity(now_ms: number, character?: string): Activity {
    if (this._performer.speaking(now_ms)) return "speaking";
    if (this.link === "offline" || this.link === "missing") return "asleep";
    if (this.listener.state === "opening" || this.listener.state === "recording")
      return "listening";
    const running = this.conversation.running;
    if (running) return running.state === "listening" ? "listening" : "thinking";
    if (this.sending) return "thinking";
    return this.isAsleep(character) ? "asleep" : "idle";
  }

  /** Tell whether she was sent to sleep. */
  isAsleep(character = this.characters[0]?.id): boolean {
    return character !== undefined && this._asleep.has(character);
  }

  /** Send a typed text; false when Home Assistant did not take it. */
  async send(text: string, options: ListenOptions = {}): Promise<boolean> {
    void unlockSound();
    if (this.listener.state !== "off") this.listener.abandon();
    this._interrupt();
    const asked = this._asking.ask(text, options, this._session_id);
    this._change(() => (this.trouble = null));
    const taken = await asked;
    if (taken) this._change();
    else this._fail("send_failed");
    return taken;
  }

  /** Stop the running turn: the mouth at once, the house as soon as it hears of it. */
  cancel(): void {
    const recording = this.listener.state === "recording";
    if (this.listener.state !== "off") this.listener.abandon();
    if (recording) return;
    this._asking.stop();
    this._interrupt();
  }

  /** Call her into a room; she leaves the others. */
  come(area: string, character: string): void {
    this.whereabouts.follow({ character, area });
    this._client.come(area, character).catch(() => undefined);
    this._change();
  }

  /** Unlock the sound; must be called inside a touch. */
  async unlock(): Promise<void> {
    await unlockSound();
    this._performer.unlocked();
  }

  /** Take the words that wait to be checked. */
  takeChecked(): string | null {
    const text = this.toCheck;
    this.toCheck = null;
    return text;
  }

  /** Give the address under which a figure's file can be fetched now. */
  readonly avatarAddress = (url: string) => this._client.signed(url);

  /** Compare Home Assistant's clock with this page's. */
  readonly measureClock = () => this._clock.measure();

  /** Keep a problem that a part of the page had, and tell the house. */
  note(code: string): Problem {
    const problem = this.errors.add(code);
    this.errors.report((one) => this._client.reportProblem(one.problem_id, one.code));
    return problem;
  }

  retry(): void {
    this.trouble = null;
    this._client.retry();
  }

  /** Forget the last trouble. */
  dismiss(): void {
    this._change(() => ((this.trouble = null), (this.notice = null)));
  }

  private get _session_id(): string | undefined {
    return this.session?.id ?? this.conversation.latest?.session_id ?? undefined;
  }

  private _onLink(link: Link): void {
    // What was said into a broken line is lost; nobody shall think that it is heard.
    if (link === "offline") this.listener.close();
    if (link === "offline" || link === "missing" || link === "failed")
      this.problem = this.errors.add(`link_${link}`);
    if (link === "ready") {
      this.errors.report((one) => this._client.reportProblem(one.problem_id, one.code));
      void this.timers.refresh();
    }
    this._change(() => (this.link = link));
  }

  private _onCharacters(characters: Character[]): void {
    this._asleep.clear();
    for (const { id, asleep } of characters) if (asleep) this._asleep.add(id);
    this._change(() => (this.characters = characters));
  }

  private _onListening(turn_id: string, session_id: string, check: boolean): void {
    if (check) this._checked.add(turn_id);
    else this.conversation.listen(turn_id, session_id);
    this._change();
  }

  /** Stop the running turn, whatever begins in its place. */
  private _interrupt(): void {
    const turn = this.conversation.running;
    this._performer.silence();
    if (turn) this._cancelTurn(turn.id);
  }

  /** Say what went wrong, and keep it for the report. */
  private _fail(trouble: Trouble): void {
    if (trouble === "listen_failed") this._performer.showDeaf();
    this.problem = this.note(trouble);
    this._change(() => (this.trouble = trouble));
  }

  private _cancelTurn(turn_id: string): void {
    this._client.cancelTurn(turn_id).catch(() => this._fail("cancel_failed"));
  }

  private _busy(): boolean {
    return Boolean(
      this.conversation.running ?? (this._performer.speaking(performance.now()) || this.sending),
    );
  }

  private _take(envelope: CompanionEnvelope): void {
    const { kind, turn_id } = envelope;
    if (kind === "perform") this._perform(turn_id, envelope.data);
    else if (kind === "notice") this.notice = envelope.data.key;
    else if (this._checked.has(turn_id)) this._check(envelope);
    else this._follow(envelope);
    this._change();
  }

  /** Let a character show something, fall asleep or wake up, or go to another room. */
  private _perform(turn_id: string, data: PerformData): void {
    if (data.asleep === true) this._asleep.add(data.character);
    if (data.asleep === false) this._asleep.delete(data.character);
    if (data.area) this.whereabouts.follow({ character: data.character, area: data.area });
    this._performer.show(turn_id, data);
  }

  /** Take words that the person wants to see before they are sent. */
  private _check(envelope: CompanionEnvelope): void {
    const { kind, data, turn_id } = envelope;
    if (kind === "heard" && data.final) {
      this.listener.heard(turn_id);
      this.toCheck = data.text;
    }
    if (kind !== "turn" || data.state === "listening") return;
    this.listener.heard(turn_id);
    if (data.state === "heard") this._checked.delete(turn_id);
    if (data.error) this._fail("listen_failed");
  }

  private _follow(envelope: TurnEnvelope): void {
    const turn = this.conversation.apply(envelope);
    switch (envelope.kind) {
      case "timeline":
        this._performer.perform(turn.id);
        break;
      case "audio":
        this._performer.play(turn.id, envelope.data.url);
        break;
      case "clock":
        void this._performer.follow(turn.id, envelope.data);
        break;
      case "cancel":
        if (this.performance?.turn_id === turn.id) this._performer.silence();
        break;
      case "heard":
        if (envelope.data.final) this.listener.heard(turn.id);
        break;
      case "turn":
        this._takeState(turn, envelope.data.error);
        break;
    }
  }

  private _takeState(turn: Turn, error: string | null | undefined): void {
    this.whereabouts.follow(turn);
    if (turn.state !== "listening") this.listener.heard(turn.id);
    if (error) {
      this.errors.add(error, turn.problem_id);
      this._performer.regret(turn.id, error);
    }
    if (turn.cut_ms !== null) this._performer.cut(turn.id);
    // A timer runs since its command was done, before the words about it have sounded.
    if (turn.state === "speaking" || turn.state === "heard") void this.timers.refresh();
    if (turn.state !== "heard") return;
    // "Here is its text" is only true of a reply that has one.
    if (this.trouble === "sound_failed" && !displayOf(turn)) this.trouble = null;
    if (this.session && turn.session_id === this.session.id) this._past.refreshSoon();
  }

  private _leave(): void {
    this.listener.close();
    this._performer.leave();
    this.timers.stop();
    this._client.close();
    this._stopUnlock?.();
    this._stopUnlock = null;
  }

  /** Change something and tell everybody. */
  private _change(change?: () => void): void {
    change?.();
    for (const listener of this._listeners) listener();
  }
}
