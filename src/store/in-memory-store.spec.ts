import { inMemoryStore } from "./in-memory-store.js";
import { describeStore } from "./testing/contract.js";

describeStore("in-memory", async () => {
  const store = inMemoryStore();
  return async () => store;
});
