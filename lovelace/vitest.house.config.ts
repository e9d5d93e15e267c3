import { defineConfig } from "vitest/config";

/** Tests in a real Chromium against a real Home Assistant, which runs for all of them. */
export default defineConfig({
  test: {
    include: ["test/house/**/*.test.ts"],
    globalSetup: ["test/house/setup.ts"],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
