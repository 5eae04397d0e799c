import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The bytes of the WebAssembly file that lies beside a module of the augurs package, such as `mstl`. */
export function wasmOf(name: string): Uint8Array<ArrayBuffer> {
  const beside = dirname(fileURLToPath(import.meta.resolve(`@bsull/augurs/${name}`)));
  return new Uint8Array(readFileSync(join(beside, `${name}_bg.wasm`)));
}
