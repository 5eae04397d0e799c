import type { SourceSpec } from "../source/source-spec.js";

/** A source as the options describe it where none is given. */
export function testSource(changes: Partial<SourceSpec> = {}): SourceSpec {
  return {
    source: "csv",
    paths: [],
    via: "auto",
    concurrency: 8,
    timeout: 30_000,
    maxReply: 64e6,
    insecure: false,
    query: [],
    var: [],
    label: [],
    rate: false,
    ...changes,
  };
}
