import { describe, expect, test } from "vitest";
import type { IncidentRow } from "../rows.js";
import type { Store } from "../store.js";
import { atMinute } from "./rows.js";

const incident = (id: string, status: IncidentRow["status"], part: Partial<IncidentRow> = {}): IncidentRow => ({
  id,
  status,
  severity: "high",
  opened_at: atMinute(0),
  updated_at: atMinute(1),
  closed_at: status === "open" ? null : atMinute(1),
  members: ["e1"],
  ...part,
});

/** What alerting keeps of incidents, on every store. */
export function describeIncidents(current: () => Store, open: () => Promise<Store>): void {
  describe("its incidents", () => {
    test("are found by whether anybody still has to hear of them, with all that alerting remembers", async () => {
      const remembered = { incident: { id: "i1", notices: { pages: { said: 2 } }, members: [{ id: "e1" }] } };
      await current().transaction(async (transaction) => {
        await transaction.put("incidents", incident("i1", "open", remembered));
        await transaction.put("incidents", incident("i2", "closing"));
        await transaction.put("incidents", incident("i3", "closed"));
      });
      const again = await open();
      const found = await again.find("incidents", { where: { status: ["open", "closing"] } });
      expect(found.map(({ id }) => id)).toEqual(["i1", "i2"]);
      expect(found[0]).toEqual(incident("i1", "open", remembered));
      expect(await again.check()).toEqual([]);
    });

    test("are of no other status", async () => {
      const wrong = current().transaction((transaction) =>
        transaction.put("incidents", incident("i1", "over" as IncidentRow["status"])),
      );
      await expect(wrong).rejects.toThrow("status");
    });
  });
}
