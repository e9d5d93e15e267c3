import { defineConfig } from "vitest/config";

/** Tests in a real Chromium: one browser, one test after the other, because software WebGL is slow. */
export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    fileParallelism: false,
    // A fault fails twice; a picture that came late on a busy machine does not, and is told.
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 25_000 } },
  },
});
