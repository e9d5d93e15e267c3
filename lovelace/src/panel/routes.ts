/** The pages of the companion, each in a file of its own that is loaded when it is opened. */

import type { PanelKey } from "./words.js";

export interface Page {
  name: string;
  title: PanelKey;
  /** A path of 24 units. */
  icon: string;
  /** Null for the talk, which every visit begins with. */
  load: (() => Promise<unknown>) | null;
  tag: string;
  admin?: boolean;
}

export const PAGES: readonly Page[] = [
  {
    name: "talk",
    title: "page_talk",
    icon: "M4 5h16v11H9l-5 4z",
    load: null,
    tag: "waifu-rt3d-view",
  },
  {
    name: "sessions",
    title: "page_sessions",
    icon: "M4 6h16M4 12h16M4 18h10",
    load: () => import("./pages/sessions.js"),
    tag: "waifu-rt3d-page-sessions",
  },
  {
    name: "characters",
    title: "page_characters",
    icon: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.5 20c.8-4 3.8-6 7.5-6s6.7 2 7.5 6",
    load: () => import("./pages/characters.js"),
    tag: "waifu-rt3d-page-characters",
  },
  {
    name: "avatars",
    title: "page_avatars",
    icon: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12 4 7.5",
    load: () => import("./pages/avatars.js"),
    tag: "waifu-rt3d-page-avatars",
  },
  {
    name: "memories",
    title: "page_memories",
    icon: "M6 4h12v16l-6-4-6 4z",
    load: () => import("./pages/memories.js"),
    tag: "waifu-rt3d-page-memories",
  },
  {
    name: "statistics",
    title: "page_statistics",
    icon: "M5 20v-8M12 20V5M19 20v-5",
    load: () => import("./pages/statistics.js"),
    tag: "waifu-rt3d-page-statistics",
  },
  {
    name: "checks",
    title: "page_checks",
    icon: "M5 12.5l4.5 4.5L19 7.5",
    load: () => import("./pages/checks.js"),
    tag: "waifu-rt3d-page-checks",
  },
  {
    name: "settings",
    title: "page_settings",
    icon: "M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5",
    load: () => import("./pages/settings.js"),
    tag: "waifu-rt3d-page-settings",
  },
];

/** Give the page that a path names; the talk where it names none. */
export function pageOf(path: string): Page {
  const name = path.replace(/^\//, "").split("/")[0];
  return PAGES.find((page) => page.name === name) ?? PAGES[0]!;
}
