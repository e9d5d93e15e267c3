import { defineConfig } from "vitest/config";

/** Tests in a real Chromium against a real Home Assistant, which runs for all of them. */
export default defineConfig({
  test: {
    include: ["test/house/**/*.test.ts"],
    globalSetup: ["test/house/setup.ts"],
    fileParallelism: false,
    // A fault fails twice; a picture that came late on a busy machine does not, and is told.
    retry: 1,
    testTimeout: 90_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
