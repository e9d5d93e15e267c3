import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**", "test/house/**"],
    // It costs only where something hangs; a busy machine must not fail a test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { include: ["src/**/*.ts"], exclude: ["**/*.d.ts"], reporter: ["json"] },
  },
});
