import { spawn } from "node:child_process";
import { visible } from "../../wording/visible.js";
import { later, never } from "../deliver/post.js";
import { textOf } from "../render/text.js";
import { arrived, type Outcome, type Receiver } from "./receiver.js";

interface Options {
  readonly command: readonly string[];
  readonly timeoutMs: number;
}

/** What the command inherits: never the secrets of other receivers. */
const INHERITED = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"];
const LONGEST_SAID = 200;

/**
 * Runs a command with the message as JSON on its stdin. No shell is in between: arguments are taken as they are. Exit status 0 is
 * success, 75 (EX_TEMPFAIL) and a time-out are tried again, everything else is not.
 */
export function exec({ command: [program, ...args], timeoutMs }: Options, env: NodeJS.ProcessEnv): Receiver {
  const passed = Object.fromEntries(INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  return {
    paceMs: 0,
    preview: (message) => textOf(message),
    send: (message, { key, signal }) =>
      new Promise<Outcome>((done) => {
        const own = { ANOMALY_DELIVERY: key, ANOMALY_INCIDENT: message.incident, ANOMALY_STAGE: message.stage };
        const child = spawn(program, args, {
          env: { ...passed, ...own },
          stdio: ["pipe", "ignore", "pipe"],
          signal,
          timeout: timeoutMs,
          killSignal: "SIGKILL",
        });
        let said = "";
        child.stderr.on("data", (chunk: Buffer) => {
          if (said.length < LONGEST_SAID) said += chunk.toString("utf8");
        });
        child.once("error", ({ message: reason }) => {
          const words = `${program} cannot be run: ${reason}`;
          done(signal.aborted ? later("interrupted") : never(words));
        });
        child.once("close", (status, killed) => {
          if (status === 0) return done(arrived());
          const last = visible(said.trim().split("\n").at(-1)?.slice(0, LONGEST_SAID) ?? "");
          const words = killed === null ? `ended with status ${status}` : `was ended after ${timeoutMs / 1000} s`;
          const error = `${program} ${words}${last === "" ? "" : `: ${last}`}`;
          done(killed !== null || status === 75 ? later(error) : never(error));
        });
        // A command that does not read its stdin closes the pipe early, and may be right to.
        child.stdin.on("error", () => {});
        child.stdin.end(`${JSON.stringify(message)}\n`);
      }),
    close: async () => {},
  };
}
