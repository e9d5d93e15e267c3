/** Home Assistant's own form for adding or changing a character, as data. */

import type { PanelHass } from "./hass.js";
import { Refused } from "./house.js";

export interface Option {
  value: string;
  label: string;
}

/** One field of the form, as Home Assistant sends it. */
export interface FlowField {
  name: string;
  required?: boolean;
  optional?: boolean;
  default?: unknown;
  description?: { suggested_value?: unknown };
  selector?: Record<string, Record<string, unknown> | null>;
}

export interface FlowStep {
  type: "form" | "create_entry" | "abort" | "menu";
  flow_id: string;
  step_id?: string;
  reason?: string;
  data_schema?: FlowField[];
  errors?: Record<string, string> | null;
}

interface Entry {
  entry_id: string;
  supported_subentry_types?: Record<string, unknown>;
}

interface Subentry {
  subentry_id: string;
  subentry_type: string;
  title: string;
  unique_id: string | null;
}

const PATH = "config/config_entries/subentries/flow";

/** The form that is under way; one is begun for each character. */
export class CharacterFlow {
  private constructor(
    private readonly _hass: PanelHass,
    readonly step: FlowStep,
  ) {}

  /** Begin: a new character, or one that is to be changed. */
  static async begin(hass: PanelHass, character: string | null): Promise<CharacterFlow> {
    const entry_id = await companionEntry(hass);
    const changed =
      character === null ? {} : { subentry_id: await subentryOf(hass, entry_id, character) };
    const handler = [entry_id, "character"];
    const step = await call(hass, PATH, { handler, show_advanced_options: true, ...changed });
    return new CharacterFlow(hass, step);
  }

  /** Send what was filled in; gives the form again where something is wrong with it. */
  async save(values: Record<string, unknown>): Promise<CharacterFlow | null> {
    const step = await call(this._hass, `${PATH}/${this.step.flow_id}`, values);
    return step.type === "form" ? new CharacterFlow(this._hass, step) : null;
  }

  /** Leave without saving. */
  async leave(): Promise<void> {
    await this._hass.callApi?.("DELETE", `${PATH}/${this.step.flow_id}`).catch(() => undefined);
  }
}

/** Delete a character; what was said with it stays. */
export async function deleteCharacter(hass: PanelHass, character: string): Promise<void> {
  const entry_id = await companionEntry(hass);
  await hass.connection.sendMessagePromise({
    type: "config_entries/subentries/delete",
    entry_id,
    subentry_id: await subentryOf(hass, entry_id, character),
  });
}

async function call(hass: PanelHass, path: string, data: object): Promise<FlowStep> {
  if (!hass.callApi) throw new Error("Home Assistant's forms can't be reached from here");
  return hass.callApi<FlowStep>("POST", path, data);
}

async function companionEntry(hass: PanelHass): Promise<string> {
  const entries = await hass.connection.sendMessagePromise<Entry[]>({
    type: "config_entries/get",
    domain: "waifu_rt3d",
  });
  const found = entries.find((entry) => "character" in (entry.supported_subentry_types ?? {}));
  if (!found) throw new Refused("There is no such character", "character_missing");
  return found.entry_id;
}

async function subentryOf(hass: PanelHass, entry_id: string, character: string): Promise<string> {
  const subentries = await hass.connection.sendMessagePromise<Subentry[]>({
    type: "config_entries/subentries/list",
    entry_id,
  });
  const found = subentries.find(
    ({ unique_id, subentry_id }) => unique_id === character || subentry_id === character,
  );
  if (!found) throw new Refused("There is no such character", "character_missing");
  return found.subentry_id;
}
