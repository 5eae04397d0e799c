/*
 * What names of columns say of them, in exports of Graphite, Grafana, pandas, R and SQL.
 */

const TIME =
  /^(time|times|timestamp|timestamps|date|datetime|date ?time|ts|_time|ds|zeit|utc|epoch|time_?utc|@timestamp|unix_?time)$/i;
const NAME =
  /^(name|series|metric|metrics|measurement|target|host|hostname|instance|machine|node|server|aggregator|path|field|variable|key|item|id|device|sensor|service|pod|container|app|job|shard|cluster|region|site|queue|topic|database)$/i;
/** Marks and remarks that people or detectors have put beside the measurements. */
const REMARK =
  /^(labels?|is_?anomaly|anomaly|is_?outlier|outlier|status|state|quality|flags?|comments?|notes?|remarks?|message|description)$/i;

/** Whether a column's name says that it is the time. */
export const isTimeHeader = (name: string) => TIME.test(name.trim());
/** … that it names the series of a row. */
export const isNameHeader = (name: string) => NAME.test(name.trim());
/** … that it is no measurement. */
export const isRemarkHeader = (name: string) => REMARK.test(name.trim());

/** Two columns of one name are two series: the second becomes `name (2)`. A line break in a name is a blank. */
export function uniqueNames(header: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((cell) => {
    const name = cell.trim().replace(/\s*[\r\n]\s*/g, " ");
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
