import { defineConfig } from "vitest/config";

/** Tests in a real Chromium: one browser, one test after the other, because software WebGL is slow. */
export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
