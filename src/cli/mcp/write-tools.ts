import { z } from "zod";
import type { RunAnyCommand } from "../commands/spec.js";
import { SILENCE, VERDICT } from "./shapes.js";
import { answered, type Tool, tool } from "./tool.js";

const NOTE = z.string().min(1).max(10_000).optional().describe("Why, in a few words");
const AUTHOR = z.string().min(1).max(1000).optional().describe("Who says so; without it the user of the server");

/** Tools that change what is kept: there with --allow-write only. */
export const WRITE_TOOLS: readonly Tool[] = [
  tool({
    name: "add_verdict",
    title: "Give a verdict",
    description:
      "Keeps what a person says of an episode: true (a real problem), false (a false alarm) or expected. Later alarms of the series take it into account.",
    input: {
      id: z
        .string()
        .regex(/^[0-9a-f]{4,16}$/)
        .describe("Id of the episode, or the beginning of one"),
      verdict: z.enum(["true", "false", "expected"]),
      note: NOTE,
      author: AUTHOR,
    },
    output: VERDICT,
    writes: true,
    run: async ({ id, verdict, note, author }, { call }) => {
      const called = await call({
        command: "verdict",
        load: async () => (await import("../verdict/verdict.js")).verdict as RunAnyCommand,
        positionals: [id, verdict],
        flags: { json: "true", note, ...(author !== undefined && { author }) },
      });
      return { verdict: answered(called), warnings: called.warnings };
    },
  }),
  tool({
    name: "add_silence",
    title: "Silence alerts",
    description:
      "Silences alerts of what matches, for a while. It is still found and recorded. The silence ends by itself; anomaly silence rm ends it sooner.",
    input: {
      match: z.array(z.string().min(1).max(1000)).min(1).max(20).describe("Such as machine=n2*; all must hold"),
      for: z.string().max(20).describe("How long, such as 2h"),
      from: z.string().max(100).optional().describe("From when on; without it now"),
      note: NOTE,
      author: AUTHOR,
    },
    output: SILENCE,
    writes: true,
    run: async ({ match, for: silenceFor, from, note, author }, { call }) => {
      const called = await call({
        command: "silence",
        load: async () => (await import("../silence/silence.js")).silence as RunAnyCommand,
        positionals: ["add"],
        flags: { json: "true", match, silenceFor, from, note, ...(author !== undefined && { author }) },
      });
      return { silence: answered(called), warnings: called.warnings };
    },
  }),
];
