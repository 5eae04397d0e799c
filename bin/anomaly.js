#!/usr/bin/env node
import { main } from "../dist/bundle/main.js";

process.exitCode = await main(process.argv.slice(2));
// All is done and written. A signal that comes while threads and connections close must not make it look killed.
for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => process.exit());
