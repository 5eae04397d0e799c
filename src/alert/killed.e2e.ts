import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type ReceivingEnd, receivingEnd } from "./testing/receiving.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
// Inside the project, so that it finds the packages.
const BUNDLE = join(ROOT, "dist/testing/alert");
const PROCESS = join(BUNDLE, "alert-process.js");
const KILLS = 100;
const MINUTES = 140;
const LEASE_MINUTES = 3;

beforeAll(() => {
  rmSync(BUNDLE, { recursive: true, force: true });
  const rolldown = join(ROOT, "node_modules/.bin/rolldown");
  const source = join(ROOT, "src/alert/testing/alert-process.ts");
  execFileSync(rolldown, [source, "-d", BUNDLE, "-p", "node", "--external", "zod,pg,libsql,undici,nodemailer"], {
    cwd: ROOT,
    stdio: "pipe",
  });
});

let folder: string;
let end: ReceivingEnd;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "anomaly-killed-"));
  end = await receivingEnd();
});
afterEach(async () => {
  await end.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs it from a minute on. @param stop kills it at the message of this number, before or after it is answered. @returns the last minute that was done. */
function run(store: string, from: number, until: number, stop?: { readonly at: number; readonly isBefore: boolean }) {
  return new Promise<number>((done, refuse) => {
    const child = spawn(process.execPath, [PROCESS, store, end.url, String(from), String(until)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let last = from - 1;
    let taken = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      last = Number(chunk.toString("utf8").trim().split("\n").at(-1));
      // Between two messages as well: whatever was being decided is cut off.
      if (stop !== undefined && taken >= stop.at && !stop.isBefore) child.kill("SIGKILL");
    });
    end.answer = () => {
      taken++;
      if (stop !== undefined && taken >= stop.at && stop.isBefore) child.kill("SIGKILL");
      return {};
    };
    child.once("error", refuse);
    child.once("close", () => done(last));
  });
}

const keysOf = () => end.taken.map(({ headers }) => String(headers["idempotency-key"]));
const kindsOf = () =>
  [
    ...new Map(
      end.taken.map(({ headers, json }) => [headers["idempotency-key"], `${json["stage"]} ${json["title"]}`]),
    ).values(),
  ].sort();

test.each(["files", "embedded"])(
  `kill -9 at ${KILLS} moments loses no message, and what is sent again has the same key (%s)`,
  async (kind) => {
    const place = (name: string) => join(folder, kind === "files" ? name : `${name}.db`);
    await run(place("undisturbed"), 0, MINUTES + LEASE_MINUTES);
    const wanted = kindsOf();
    expect(keysOf().length).toBe(new Set(keysOf()).size);
    end.taken.length = 0;

    let minute = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const last = await run(place("killed"), minute, MINUTES, { at: 1 + (kill % 2), isBefore: kill % 3 !== 0 });
      // The next run looks at the moment that was cut off, again.
      minute = Math.min(MINUTES, last + 1);
    }
    // Leases of the killed ones have ended by then.
    await run(place("killed"), minute, MINUTES + LEASE_MINUTES);
    expect(kindsOf()).toEqual(wanted);
    const twice = keysOf().length - new Set(keysOf()).size;
    // What was cut off before its answer was seen comes again, under the same key.
    expect(twice).toBeLessThanOrEqual(KILLS);
  },
  300_000,
);
