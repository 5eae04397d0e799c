/** The name of an existing zone that needs the fewest edits to become `text`; case does not count. */
export function nearestTimezone(text: string): string {
  const wanted = text.toLowerCase();
  let nearest = "UTC";
  let fewest = editDistance(wanted, "utc");
  for (const name of Intl.supportedValuesOf("timeZone")) {
    const full = name.toLowerCase();
    // "Berlin" should find Europe/Berlin although the continent is missing; a whole name wins a tie.
    const city = full.slice(full.lastIndexOf("/") + 1);
    const edits = Math.min(editDistance(wanted, full), editDistance(wanted, city) + 0.5);
    if (edits < fewest) {
      fewest = edits;
      nearest = name;
    }
  }
  return nearest;
}

/** Levenshtein distance: the fewest single-character inserts, deletes and replacements. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    previous = row;
  }
  return previous[b.length];
}
