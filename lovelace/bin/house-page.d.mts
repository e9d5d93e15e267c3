import type { Browser, Page } from "playwright-core";

export function launch(flags?: readonly string[]): Promise<Browser>;

export function openHouse(
  browser: Browser,
  options: {
    url: string;
    tokens: { expires_in: number; [name: string]: unknown };
    path: string;
    language?: string;
    dark?: boolean;
    width?: number;
    height?: number;
    calm?: boolean;
    prepare?: (page: Page) => Promise<void>;
  },
): Promise<Page>;
