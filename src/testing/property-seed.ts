import fc from "fast-check";

/*
 * Properties draw the same cases in every run, so that a red run is about the change and not about the draw. PROPERTY_SEED draws others:
 * `PROPERTY_SEED=$RANDOM npx vitest run`; a case that fails becomes an example in its test.
 */
fc.configureGlobal({ seed: Number(process.env["PROPERTY_SEED"] ?? 1) });
