// count.mjs REPORT FAILED_STEPS: prints "N passed, N failed" from the test report; a failed step counts as one failure.
import { readFileSync } from "node:fs";

const [reportPath, failedSteps] = process.argv.slice(2);
let passed = 0;
let failed = Number(failedSteps);
let skipped = 0;
try {
  const report = JSON.parse(readFileSync(reportPath, "utf8"));
  passed = report.numPassedTests;
  skipped = report.numPendingTests + report.numTodoTests;
  // The test step has failed already if a test or a whole file has; count what failed instead of the step.
  const broken = report.numFailedTests + report.testResults.filter((f) => f.status === "failed" && f.assertionResults.length === 0).length;
  if (broken > 0) failed += broken - 1;
} catch (error) {
  console.error(`no test report: ${error.message}`);
  failed = Math.max(1, failed);
}
if (passed === 0) failed = Math.max(1, failed);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
