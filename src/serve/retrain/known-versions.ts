import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileStamp } from "../../files/file-stamp.js";
import { MANIFEST_FILE, MODEL_FILE } from "../../model/folder.js";
import { type ModelVersion, modelVersions, VERSIONS_FOLDER } from "../../model/versions.js";

/** The versions of models, read again only where a file of them has changed: they are looked at with every scrape. */
export function knownVersions(): (modelsFolder: string, name: string) => readonly ModelVersion[] {
  const known = new Map<string, { readonly stamp: string; readonly versions: readonly ModelVersion[] }>();
  return (modelsFolder, name) => {
    const folder = join(modelsFolder, name);
    const stamp = stampOf(folder);
    const before = known.get(folder);
    if (before?.stamp === stamp) return before.versions;
    const versions = modelVersions(modelsFolder, name);
    known.set(folder, { stamp, versions });
    return versions;
  };
}

function stampOf(folder: string): string {
  const root = join(folder, VERSIONS_FOLDER);
  const manifests = existsSync(root) ? readdirSync(root).map((version) => join(root, version, MANIFEST_FILE)) : [];
  const files = [join(folder, MODEL_FILE), join(folder, MANIFEST_FILE), ...manifests];
  return files.map((file) => `${file} ${fileStamp(file)}`).join("\n");
}
