/** How bad an episode is, for people; its score decides. */
export type Severity = "low" | "medium" | "high" | "critical";
