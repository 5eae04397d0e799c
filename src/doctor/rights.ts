import type { Finding } from "./finding.js";

/** Actions of Grafana's that change something. What a Viewer has ends in `:read`, `:query` or the like, `orgs.quotas:read` among it. */
const WRITES = /:(write|create|delete|add|remove|enable|disable|logout|install|send|toggle)$/;
/** Annotations are what an alerting tool may write, so that they alone are no reason to warn. */
const HARMLESS = /^annotations[:.]/;

/**
 * What a Grafana token may do, from `GET /api/access-control/user/permissions`: `{ "datasources:query": ["…"], … }`. It
 * must be able to query, and should not be able to write.
 */
export function checkRights(permissions: unknown): Finding {
  if (typeof permissions !== "object" || permissions === null) {
    return { check: "rights", verdict: "unknown", says: "Grafana does not say what the token may do" };
  }
  const actions = Object.keys(permissions);
  if (!actions.includes("datasources:query")) {
    const says = 'the token may not query data sources; give its service account "datasources:query" (role Viewer)';
    return { check: "rights", verdict: "failed", says };
  }
  const writes = actions.filter((action) => WRITES.test(action) && !HARMLESS.test(action)).sort();
  if (writes.length === 0) return { check: "rights", verdict: "ok", says: "the token may query and not write" };
  const rest = writes.length > 1 ? ` and ${writes.length - 1} more` : "";
  return {
    check: "rights",
    verdict: "warning",
    says: `the token may also write (${writes[0]}${rest}); reading needs the role Viewer only, so make a token with less`,
  };
}
