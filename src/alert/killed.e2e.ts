import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { seededRandom } from "../math/random.js";
import { type PostgresServer, postgresAvailable, startPostgres } from "../store/testing/postgres-server.js";
import { type ReceivingEnd, receivingEnd } from "./testing/receiving.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
// Inside the project, so that it finds the packages.
const BUNDLE = join(ROOT, "dist/testing/alert");
const PROCESS = join(BUNDLE, "alert-process.js");
const KILLS = 100;
const MINUTES = 140;
const LEASE_MINUTES = 3;
const SEED = 7;
/** The longest time to a kill, in minutes of its own work: on average each process gets through half of that. */
const LONGEST_MINUTES = 2.8;

let server: PostgresServer | undefined;
beforeAll(async () => {
  rmSync(BUNDLE, { recursive: true, force: true });
  const rolldown = join(ROOT, "node_modules/.bin/rolldown");
  const source = join(ROOT, "src/alert/testing/alert-process.ts");
  execFileSync(rolldown, [source, "-d", BUNDLE, "-p", "node", "--external", "zod,pg,libsql,undici,nodemailer"], {
    cwd: ROOT,
    stdio: "pipe",
  });
  if (postgresAvailable()) server = await startPostgres();
}, 600_000);
afterAll(() => server?.stop());

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

/** Runs it from a minute on. @param killMs kills it so long after it began its work. @returns the last minute that was done. */
function run(store: string, from: number, until: number, killMs?: number) {
  return new Promise<number>((done, refuse) => {
    const child = spawn(process.execPath, [PROCESS, store, end.url, String(from), String(until)], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...(server && { ANOMALY_STORE_PASSWORD: server.password }) },
    });
    let last = from - 1;
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => {
      // Starting takes longer on a busy machine than all the work: moments are counted from its begin.
      if (line !== "ready") last = Number(line);
      else if (killMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killMs);
    });
    child.once("error", refuse);
    const read = new Promise((ended) => lines.once("close", ended));
    child.once("close", () => read.then(() => done(last)));
  });
}

const keysOf = () => end.taken.map(({ headers }) => String(headers["idempotency-key"]));
const kindsOf = () =>
  [
    ...new Map(
      end.taken.map(({ headers, json }) => [headers["idempotency-key"], `${json["stage"]} ${json["title"]}`]),
    ).values(),
  ].sort();

const PLACES = {
  files: (name: string) => join(folder, name),
  embedded: (name: string) => join(folder, `${name}.db`),
  PostgreSQL: (name: string) => (server === undefined ? undefined : `${server.url}?schema=${name}`),
};

test.for(Object.keys(PLACES) as (keyof typeof PLACES)[])(
  `kill -9 at ${KILLS} random moments loses no message, and what is sent again has the same key (%s)`,
  { timeout: 1_200_000 },
  async (kind, context) => {
    const [undisturbed, killed] = ["undisturbed", "killed"].map(PLACES[kind]);
    if (undisturbed === undefined || killed === undefined) return context.skip("Debian's postgresql is not installed");
    const beganMs = performance.now();
    await run(undisturbed, 0, MINUTES + LEASE_MINUTES);
    const longestMs = (LONGEST_MINUTES * (performance.now() - beganMs)) / (MINUTES + LEASE_MINUTES);
    const wanted = kindsOf();
    expect(keysOf().length).toBe(new Set(keysOf()).size);
    end.taken.length = 0;

    const random = seededRandom(SEED);
    let minute = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const last = await run(killed, minute, MINUTES, random() * longestMs);
      // The next run looks at the moment that was cut off, again.
      minute = Math.min(MINUTES, last + 1);
    }
    // Leases of the killed ones have ended by then.
    await run(killed, minute, MINUTES + LEASE_MINUTES);
    expect(kindsOf()).toEqual(wanted);
    const twice = keysOf().length - new Set(keysOf()).size;
    // What was cut off before its answer was seen comes again, under the same key.
    expect(twice).toBeLessThanOrEqual(KILLS);
  },
);
