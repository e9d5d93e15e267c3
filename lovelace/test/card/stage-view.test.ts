// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { StageView } from "../../src/ui/stage-view.js";

interface View {
  onReady: () => void;
  onProblem: (problem: string) => void;
}

const stage = { views: [] as View[], left: 0 };

vi.mock("../../src/avatar/index.js", () => ({
  Stage: {
    shared: {
      made: {},
      mount: (view: View) => {
        stage.views.push(view);
        return () => stage.left++;
      },
    },
  },
}));

afterEach(() => {
  document.body.replaceChildren();
  Object.assign(stage, { views: [], left: 0 });
  vi.unstubAllGlobals();
});

test.each(["too_slow", "context_lost", "broken"])(
  "a face that is drawn instead takes the figure away: %s",
  async (problem) => {
    vi.stubGlobal("WebGL2RenderingContext", Object);
    const view = Object.assign(new StageView(), { url: "/figure.vrm" });
    document.body.append(view);
    await vi.waitUntil(() => stage.views.length === 1, { timeout: 60_000 });
    stage.views[0]!.onReady();
    await view.updateComplete;
    expect(view.renderRoot.querySelector("waifu-rt3d-flat-face")).toBeNull();
    stage.views[0]!.onProblem(problem);
    await view.updateComplete;
    expect(view.renderRoot.querySelector("waifu-rt3d-flat-face")).not.toBeNull();
    expect(stage.left).toBe(1);
  },
);
