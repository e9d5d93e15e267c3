/** The figures: look at them on the stage, try gestures, dress them in other colours, bring own ones. */

import { css, html, nothing } from "lit";
import { query, state } from "lit/decorators.js";
import { Companion } from "../../companion/companion.js";
import { GESTURES } from "../../director/gestures/index.js";
import { define } from "../../ui/define.js";
import "../../ui/stage-view.js";
import type { StageView } from "../../ui/stage-view.js";
import { translator } from "../../ui/translate.js";
import { upload } from "../house.js";
import { PanelPage } from "../page.js";
import { pageStyles } from "../page-styles.js";
import "../parts/drop.js";
import { Sheet } from "../parts/sheet.js";
import { showToast } from "../parts/toast.js";
import { joined } from "../parts/joined.js";

interface Avatar {
  id: string;
  name: string;
  kind: "vrm0" | "vrm1" | "gltf" | "vrma";
  own: boolean;
  url: string;
  size_bytes?: number;
  licence: { authors: string[]; licence: string; who_may_use?: string | null };
  worn_by: string[];
}

interface Avatars {
  avatars: Avatar[];
  may_change: boolean;
  max_bytes: number;
}

const GROUPS = ["hair", "eyes", "skin", "outfit", "accent"] as const;
const HIDDEN = ["sleep", "wake", "shift_weight", "look_around", "touch_hair", "tilt"];
const MB = 1024 * 1024;

export class AvatarsPage extends PanelPage {
  static override styles = [
    pageStyles,
    css`
      .halves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr));
        gap: 16px;
      }
      waifu-rt3d-stage {
        height: min(62vh, 560px);
        border-radius: 14px;
        background: var(--secondary-background-color, #eee);
      }
      .choice {
        display: grid;
        gap: 4px;
        padding: 8px;
      }
      .choice span span {
        display: block;
        font-size: 0.9em;
      }
      h3 {
        margin-bottom: 8px;
      }
      .choice label {
        display: flex;
        align-items: center;
        gap: 12px;
        min-height: 48px;
        padding: 2px 8px;
        border-radius: 10px;
        cursor: pointer;
      }
      .gestures {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .gestures button {
        padding: 4px 12px;
      }
      .colours {
        display: flex;
        flex-wrap: wrap;
        gap: 10px 16px;
        margin: 10px 0;
      }
      .colours label {
        display: grid;
        gap: 4px;
        font-size: 0.9em;
      }
      section + section,
      waifu-rt3d-stage + section {
        margin-top: 16px;
      }
    `,
  ];

  @state() private _all: Avatars = { avatars: [], may_change: false, max_bytes: 0 };
  @state() private _chosen = "";
  @state() private _colours: Record<string, string> = {};
  /** The colours that the figure on the stage was made with. */
  @state() private _made: Record<string, string> = {};
  @state() private _sending = false;
  @query("waifu-rt3d-stage") private _stage!: StageView | null;

  protected override async fill(): Promise<void> {
    await this.hass.loadBackendTranslation?.("selector", "waifu_rt3d");
    this._all = await this.ask<Avatars>("avatar/list");
    const there = this._all.avatars.some(({ id }) => id === this._chosen);
    if (!there) this._choose(this._all.avatars[0]?.id ?? "");
  }

  protected override content() {
    const { words } = this;
    const avatar = this._all.avatars.find(({ id }) => id === this._chosen);
    return html`<div class="page">
      <h2>${words("page_avatars")}</h2>
      <div class="halves">
        <div>
          <waifu-rt3d-stage
            framing="full"
            role="img"
            aria-label=${avatar?.name ?? ""}
            .companion=${Companion.of(this.hass.connection)}
            .url=${avatar && avatar.kind !== "vrma" ? avatar.url : null}
            .colours=${this._colours}
            .name=${avatar?.name ?? ""}
            .say=${translator(this.language)}
            @made=${(event: CustomEvent<Record<string, string>>) => (this._made = event.detail)}
          ></waifu-rt3d-stage>
          <section>
            <h3>${words("try_gestures")}</h3>
            <div class="gestures">
              ${Object.keys(GESTURES)
                .filter((name) => !HIDDEN.includes(name))
                .map(
                  (name) =>
                    html`<button @click=${() => this._stage?.play(name)}>
                      ${this._gesture(name)}
                    </button>`,
                )}
            </div>
          </section>
        </div>
        <div>
          ${this._choice()} ${avatar ? this._about(avatar) : nothing}
          ${this._all.may_change ? this._bring() : nothing}
        </div>
      </div>
    </div>`;
  }

  private _choice() {
    return html`<fieldset class="choice panel">
      <legend class="unseen">${this.words("page_avatars")}</legend>
      ${this._all.avatars.map(
        ({ id, name, own, worn_by }) =>
          html`<label
            ><input
              type="radio"
              name="avatar"
              .checked=${id === this._chosen}
              @change=${() => this._choose(id)}
            /><span
              ><bdi>${name}</bdi> <span class="quiet">${this._where(own, worn_by)}</span></span
            ></label
          >`,
      )}
    </fieldset>`;
  }

  private _where(own: boolean, worn_by: readonly string[]) {
    const names = worn_by.map((who) => this.nameOf(who)).join(", ");
    return joined([
      own ? this.words("own_figure") : "",
      names ? this.words("worn_by", { names }) : "",
    ]);
  }

  private _about(avatar: Avatar) {
    const { words } = this;
    const { authors, licence } = avatar.licence;
    return html`<section class="panel">
      <h3 dir="auto">${avatar.name}</h3>
      <p class="quiet">
        ${joined([
          authors.length ? words("made_by", { names: authors.join(", ") }) : "",
          licence ? words("licence", { licence }) : "",
          avatar.size_bytes ? `${(avatar.size_bytes / MB).toFixed(1)} MB` : "",
        ])}
      </p>
      ${this._all.may_change ? this._change(avatar) : nothing}
    </section>`;
  }

  private _change(avatar: Avatar) {
    const { words } = this;
    return html`${avatar.own ? this._paint() : nothing}
      <div class="bar">
        ${this.characters.map(
          ({ id, name }) =>
            html`<button class="main" @click=${() => this._wear(avatar, id)}>
              ${words("worn_from_now", { name })}
            </button>`,
        )}
        ${
          avatar.own
            ? nothing
            : html`<button @click=${() => this._rename(avatar)}>${words("rename")}</button>
                <button class="danger" @click=${() => this._delete(avatar)}>
                  ${words("delete")}
                </button>`
        }
      </div>`;
  }

  private _paint() {
    return html`<div class="colours">
      ${GROUPS.map(
        (group) =>
          html`<label
            >${this.words(`colour_${group}`)}<input
              type="color"
              .value=${this._colours[group] ?? this._made[group] ?? "#888888"}
              @input=${(event: Event) => {
                const value = (event.target as HTMLInputElement).value;
                this._colours = { ...this._colours, [group]: value };
              }}
          /></label>`,
      )}
      <button @click=${() => (this._colours = {})}>${this.words("made_colours")}</button>
    </div>`;
  }

  private _bring() {
    const max = (this._all.max_bytes / MB).toFixed(0);
    return html`<waifu-rt3d-drop
      accept=".vrm,.glb,.vrma"
      .label=${this.words(this._sending ? "sending" : "add_avatar")}
      .hint=${this.words("avatar_hint", { max })}
      ?busy=${this._sending}
      @file=${(event: CustomEvent<File>) => this._add(event.detail)}
    ></waifu-rt3d-drop>`;
  }

  private _gesture(name: string): string {
    const key = `component.waifu_rt3d.selector.gesture.options.${name}`;
    const told = this.hass.localize?.(key);
    return told && told !== key ? told : name.replaceAll("_", " ");
  }

  private _choose(id: string): void {
    if (id !== this._chosen) this._made = {};
    this._chosen = id;
    const avatar = this._all.avatars.find((each) => each.id === id);
    const wearer = this.characters.find((each) => each.id === avatar?.worn_by[0]);
    this._colours = { ...(wearer?.avatar_colours ?? {}) };
  }

  private async _wear({ id, own }: Avatar, character: string): Promise<void> {
    const fields = { character, avatar_id: id, ...(own ? { colours: this._colours } : {}) };
    if (!(await this.act(() => this.ask("avatar/choose", fields)))) return;
    showToast(this, { text: this.words("character_saved") });
    await this.reload();
  }

  private async _add(file: File): Promise<void> {
    this._sending = true;
    await this.act(async () => {
      const file_id = await upload(this.hass, file);
      const name = file.name.replace(/\.\w+$/, "");
      const added = await this.ask<Avatar>("avatar/add", { file_id, name });
      await this.reload();
      this._choose(added.id);
    });
    this._sending = false;
  }

  private async _rename({ id, name }: Avatar): Promise<void> {
    const { words } = this;
    const wanted = await Sheet.ask(this.renderRoot, {
      title: words("rename"),
      confirm: words("save"),
      cancel: words("cancel"),
      input: { label: words("title"), value: name },
    });
    if (!wanted?.trim()) return;
    await this.act(() => this.ask("avatar/rename", { avatar_id: id, name: wanted.trim() }));
    await this.reload();
  }

  private async _delete({ id, name }: Avatar): Promise<void> {
    const { words } = this;
    const sure = await Sheet.ask(this.renderRoot, {
      title: words("delete_of", { name }),
      confirm: words("delete"),
      cancel: words("cancel"),
      danger: true,
    });
    if (sure === null) return;
    await this.act(() => this.ask("avatar/delete", { avatar_id: id }));
    await this.reload();
  }
}

define("waifu-rt3d-page-avatars", AvatarsPage);
