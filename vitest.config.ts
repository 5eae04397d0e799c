import { defineConfig } from "vitest/config";

const report = process.env["ANOMALY_TEST_REPORT"];

export default defineConfig({
  test: {
    // .ci/run counts the tests from this report.
    ...(report && !process.argv.includes("--reporter=dot")
      ? { reporters: ["default", "json"], outputFile: { json: report } }
      : {}),
    include: ["src/**/*.spec.ts", "src/**/*.e2e.ts"],
    // One switch for all golden files, those of vitest too: see CONTRIBUTING.md.
    update: process.env["UPDATE_GOLDEN"] === "1",
    setupFiles: ["src/testing/property-seed.ts"],
    // What hangs, not what is slow: a machine with other work may take several times as long.
    testTimeout: 300_000,
    hookTimeout: 600_000,
    // Two cores: more workers only make the timings of child processes worse.
    maxWorkers: 2,
  },
});
