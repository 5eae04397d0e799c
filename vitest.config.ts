import { defineConfig } from "vitest/config";

const report = process.env["ANOMALY_TEST_REPORT"];

export default defineConfig({
  test: {
    // .ci/run counts the tests from this report.
    ...(report && !process.argv.includes("--reporter=dot")
      ? { reporters: ["default", "json"], outputFile: { json: report } }
      : {}),
    include: ["src/**/*.spec.ts", "src/**/*.e2e.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers only make the timings of child processes worse.
    maxWorkers: 2,
  },
});
