/** The part of the frontend's `hass` object that only the page uses. */

import type { Hass } from "../ha/hass.js";

export type Localize = (key: string, values?: Record<string, string>) => string;

export interface PanelHass extends Hass {
  user?: { id?: string; name?: string; is_admin?: boolean };
  localize?: Localize;
  /** Load sentences of an integration; gives what knows them, because `hass` is an older one by then. */
  loadBackendTranslation?: (category: string, integration: string) => Promise<Localize>;
  fetchWithAuth?: (path: string, init?: Record<string, unknown>) => Promise<Response>;
  callApi?: <Answer>(method: string, path: string, data?: object) => Promise<Answer>;
}

/** Where the frontend is: `/companion` and what stands behind it. */
export interface Route {
  prefix: string;
  path: string;
}
