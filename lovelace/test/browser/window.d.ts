import type { StageState, Frozen } from "../../src/ui/stage-view.js";
import type { TimelineDocument } from "../../src/director/index.js";

interface TestCard extends HTMLElement {
  layout?: string;
  hass?: object;
  stageState(): StageState | null;
  freezeAt(documents: TimelineDocument[], audio_ms: number): Promise<Frozen>;
  thaw(): void;
  setConfig?(config: object): void;
}

interface TestConnection {
  sent: { type: string; [field: string]: unknown }[];
  refuse: Record<string, unknown>;
  avatar_url: string;
  sound: number[][];
  emit(kind: string, data: object, turn_id?: string): void;
  turn(state: string, more?: object, turn_id?: string): void;
  drop(): void;
  mend(): void;
}

declare global {
  interface Window {
    card: TestCard;
    connection: TestConnection;
    pageReady?: boolean;
  }
  function place(
    config: object | null,
    options?: { tag?: string; width?: string; height?: string },
  ): TestCard;
  const FakeConnection: new () => TestConnection;
}
