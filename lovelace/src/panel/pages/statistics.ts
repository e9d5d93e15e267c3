/** What was talked, how long it took, what she felt: only of the talks that this person may see. */

import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { define } from "../../ui/define.js";
import { PanelPage } from "../page.js";
import { pageStyles } from "../page-styles.js";
import { type Bar, bars } from "../plots/bars.js";
import { lanes } from "../plots/lanes.js";
import { plotStyles } from "../plots/plot-styles.js";
import { isPanelKey } from "../words.js";

interface Day {
  day: number;
  character: string;
  messages: number;
  words: number;
  talking_ms: number;
}

interface Counted {
  messages: number;
  words: number;
  talking_ms: number;
  sessions: number;
  days: Day[];
  stages: { stage: string; turns: number; median_ms: number; slowest_tenth_ms: number }[];
  feelings: { day: number; emotion: string; times: number }[];
  top_words: { word: string; count: number }[];
}

const SPANS = [7, 30, 90, 365] as const;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const KINDS = 6;

export class StatisticsPage extends PanelPage {
  static override styles = [
    pageStyles,
    plotStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(130px, 1fr));
        gap: 12px;
        margin: 0 0 16px;
      }
      dl > div {
        padding: 14px 16px;
        border-radius: 12px;
        background: var(--ha-card-background, var(--card-background-color, #fff));
        border: 1px solid var(--divider-color, #e0e0e0);
      }
      dd {
        margin: 0;
        font-size: 1.5em;
        font-variant-numeric: tabular-nums;
      }
      .bar {
        margin-bottom: 16px;
      }
    `,
  ];

  @state() private _span: (typeof SPANS)[number] = 30;
  @state() private _counted: Counted | null = null;

  protected override async fill(): Promise<void> {
    await this.hass.loadBackendTranslation?.("selector", "waifu_rt3d");
    const fields = { since_ms: this._firstDay * DAY_MS, words: 12 };
    this._counted = await this.ask<Counted>("statistics", fields);
  }

  protected override content() {
    const { words, _counted: counted } = this;
    return html`<div class="page">
      <h2>${words("page_statistics")}</h2>
      <div class="bar">
        <select aria-label=${words("time_span")} @change=${this._choose}>
          ${SPANS.map(
            (days) =>
              html`<option value=${days} ?selected=${days === this._span}>
                ${words("last_days", { days: String(days) })}
              </option>`,
          )}
        </select>
      </div>
      ${counted ? this._all(counted) : html`<p class="empty">${words("loading")}</p>`}
    </div>`;
  }

  private _all(counted: Counted) {
    const { words } = this;
    if (!counted.messages) return html`<p class="empty">${words("nothing_said")}</p>`;
    return html`<dl>
        ${this._number("count_messages", counted.messages.toLocaleString(this.language))}
        ${this._number("count_conversations", counted.sessions.toLocaleString(this.language))}
        ${this._number("count_words", counted.words.toLocaleString(this.language))}
        ${this._number("count_hours", this._hours(counted.talking_ms))}
      </dl>
      ${this._plot(this._messages(counted))} ${this._plot(this._talked(counted))}
      ${this._plot(this._stages(counted))} ${this._plot(this._feelings(counted))}
      ${this._plot(this._words(counted))}`;
  }

  private _number(
    key: "count_messages" | "count_conversations" | "count_words" | "count_hours",
    value: string,
  ) {
    return html`<div>
      <dt class="quiet">${this.words(key)}</dt>
      <dd>${value}</dd>
    </div>`;
  }

  private _plot(drawn: unknown) {
    return drawn === nothing ? nothing : html`<section class="panel">${drawn}</section>`;
  }

  private _messages({ days }: Counted) {
    const who = [...new Set(days.map(({ character }) => character))];
    return this._overDays(
      this.words("messages_per_day"),
      who.map((id) => this.nameOf(id)),
      (day) => who.map((id) => total(days, day, id, "messages")),
      (value) => value.toLocaleString(this.language),
    );
  }

  private _talked({ days }: Counted) {
    return this._overDays(
      this.words("hours_per_day"),
      [this.words("count_hours")],
      (day) => [total(days, day, null, "talking_ms")],
      (value) => this._hours(value),
    );
  }

  private _stages({ stages }: Counted) {
    if (!stages.length) return nothing;
    const data = stages.map(({ stage, turns, median_ms, slowest_tenth_ms }) => ({
      name: this._named(`stage_${stage}`, stage),
      value: median_ms,
      written: this.words("stage_time", {
        ms: median_ms.toLocaleString(this.language),
        slow: slowest_tenth_ms.toLocaleString(this.language),
        turns: String(turns),
      }),
    }));
    return lanes(this.words("response_times"), data);
  }

  private _feelings({ feelings }: Counted) {
    const often = new Map<string, number>();
    for (const { emotion, times } of feelings)
      often.set(emotion, (often.get(emotion) ?? 0) + times);
    const shown = [...often].sort((a, b) => b[1] - a[1]).map(([emotion]) => emotion);
    const kinds = shown.slice(0, KINDS);
    return this._overDays(
      this.words("emotions_over_time"),
      kinds.map((emotion) => this._emotion(emotion)),
      (day) =>
        kinds.map((emotion) =>
          feelings
            .filter((each) => each.day === day && each.emotion === emotion)
            .reduce((sum, { times }) => sum + times, 0),
        ),
      (value) => value.toLocaleString(this.language),
    );
  }

  private _words({ top_words }: Counted) {
    if (!top_words.length) return nothing;
    const data = top_words.map(({ word, count }) => ({
      name: word,
      value: count,
      written: String(count),
    }));
    return lanes(this.words("top_words"), data);
  }

  /** Draw bars for each day of the span; a year is drawn by weeks. */
  private _overDays(
    title: string,
    kinds: readonly string[],
    of: (day: number) => number[],
    written: (value: number) => string,
  ) {
    const step = this._span > 90 ? 7 : 1;
    const data: Bar[] = [];
    for (let day = this._firstDay; day <= this._today; day += step) {
      const days = Array.from({ length: step }, (_, at) => of(day + at));
      const values = kinds.map((_, kind) => days.reduce((sum, each) => sum + (each[kind] ?? 0), 0));
      data.push({ label: this._day(day), values });
    }
    const { words } = this;
    return bars(data, { title, kinds, written, column: words("day"), show: words("as_table") });
  }

  private get _today(): number {
    return Math.floor((Date.now() - new Date().getTimezoneOffset() * 60_000) / DAY_MS);
  }

  private get _firstDay(): number {
    return this._today - this._span + 1;
  }

  private _day(day: number): string {
    const format = new Intl.DateTimeFormat(this.language, {
      day: "numeric",
      month: "short",
      timeZone: "UTC",
    });
    return format.format(day * DAY_MS);
  }

  private _hours(ms: number): string {
    return (ms / HOUR_MS).toLocaleString(this.language, { maximumFractionDigits: 1 });
  }

  private _emotion(name: string): string {
    const key = `component.waifu_rt3d.selector.emotion.options.${name}`;
    const told = this.hass.localize?.(key);
    return told && told !== key ? told : name;
  }

  private _named(key: string, fallback: string): string {
    return isPanelKey(key) ? this.words(key) : fallback;
  }

  private _choose(event: Event): void {
    const days = Number((event.target as HTMLSelectElement).value);
    this._span = SPANS.find((span) => span === days) ?? 30;
    void this.reload();
  }
}

function total(
  days: readonly Day[],
  day: number,
  character: string | null,
  what: "messages" | "talking_ms",
): number {
  return days
    .filter((each) => each.day === day && (character === null || each.character === character))
    .reduce((sum, each) => sum + each[what], 0);
}

define("waifu-rt3d-page-statistics", StatisticsPage);
