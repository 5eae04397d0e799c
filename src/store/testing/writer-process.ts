import { writeSync } from "node:fs";
import { formatUtc } from "../../time/format.js";
import { claimDue, markDelivered } from "../deliveries.js";
import { openStore } from "../open.js";
import { testVerdict } from "./rows.js";

/*
 * A process that uses a store until it is killed or done, and says on stdout what was confirmed: node writer-process.js <place> write|send
 * <name>.
 */
const [place, task, name] = process.argv.slice(2);
const password = process.env["ANOMALY_STORE_PASSWORD"];
const store = await openStore(place, password === undefined ? {} : { password });
/** At once, so that what was confirmed is known also of a process that is killed right after. */
const say = (line: string | number) => writeSync(1, `${line}\n`);

if (task === "write") {
  // Each transaction adds a row and counts it in another one: both are there or none.
  for (let n = (await store.find("verdicts", { where: { episode: name } })).length; ; n++) {
    await store.transaction(async (transaction) => {
      await transaction.add("verdicts", testVerdict(`${name}-${n}`, n, { episode: name }));
      await transaction.put("verdicts", testVerdict(`count-${name}`, 0, { episode: "count", note: String(n + 1) }));
    });
    say(n);
  }
}
for (;;) {
  const claimed = await claimDue(store, { nowMs: Date.now(), leaseMs: 3_600_000, lease: name, limit: 3 });
  if (claimed.length === 0) break;
  for (const one of claimed) {
    say(one.id);
    await markDelivered(store, one, Date.now(), { sent_by: name, at: formatUtc(Date.now()) });
  }
}
await store.close();
