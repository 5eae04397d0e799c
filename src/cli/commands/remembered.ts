import type { CommandName } from "../options/spec.js";
import type { CommandSpec } from "./spec.js";

/** The two messages that every client begins with, and a question. */
const MCP_EXAMPLE = [
  "printf '%s\\n'",
  `'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"sh","version":"1"}}}'`,
  `'{"jsonrpc":"2.0","method":"notifications/initialized"}'`,
  `'{"jsonrpc":"2.0","id":2,"method":"tools/list"}'`,
  "| anomaly mcp",
].join(" ");

/** Commands about what outlives a run: past episodes, and what people say of them. */
export const REMEMBERED = {
  history: {
    summary: "list past episodes, or all that is known of one",
    usage: "[id]",
    positionals: [0, 1],
    about: [
      "Lists the episodes of the store, newest first, that infer, hydrate and serve have put there; --match, --kind, --verdict and",
      "a span of time choose among them. With an id, or the beginning of one, it prints how that episode changed and what people",
      "said of it.",
    ],
    examples: [
      {
        about: "what one machine had",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet --lookback 4d && anomaly history --match machine=n2*",
      },
      {
        about: "how the newest one went",
        line: "anomaly history $(anomaly history --limit 1 --format csv | tail -1 | cut -d, -f1)",
      },
      { about: "for a spreadsheet", line: "anomaly history --from 2025-07-01 --format csv > out/history.csv" },
    ],
  },
  verdict: {
    summary: "say whether an episode was a real problem",
    usage: "<id> <true | false | expected> | proposals [id] | forest | export | import [file]",
    positionals: [1, 2],
    about: [
      "Keeps in the store what a person says of an episode: true (a real problem), false (a false alarm) or expected. A later verdict",
      "counts instead of an earlier one, which stays in the history. From the next run on, what alarms alone on its machine and is no stronger",
      "than a false alarm of its series is held back. proposals lists a maintenance for each expected episode, at the same weekday and time; with the id of an",
      "episode it adds that one as an event. forest shows what the confidence of records comes from, once there are 30 verdicts. export",
      "writes all verdicts, one JSON object per line and oldest first, for version control; import takes such lines, each once.",
    ],
    examples: [
      {
        about: "the newest episode was a false alarm",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet --lookback 4d && anomaly verdict $(anomaly history --limit 1 --format csv | tail -1 | cut -d, -f1) false --note 'backup'",
      },
      { about: "which events would announce what is expected", line: "anomaly verdict proposals" },
      { about: "how well confidence does on later verdicts", line: "anomaly verdict forest" },
      {
        about: "into a file, and back",
        line: "anomaly verdict export -o out/verdicts.ndjson && anomaly verdict import out/verdicts.ndjson",
      },
    ],
  },
  alert: {
    summary: "tell people what is wrong: Slack, Telegram, PagerDuty, mail, webhooks and more",
    usage: "[records file] | test <route> | log | ack <incident>",
    positionals: [0, 2],
    about: [
      "Reads records as hydrate or infer writes them, from a file or a pipe, and sends what people must hear of, as the section alerts of",
      "anomaly.yaml says: what began together is one message, which is edited while it develops. It remembers what was said: call it after",
      "each infer. test sends one message to a route, log lists deliveries with their errors, and ack says that somebody is at an incident,",
      "which ends repeats and escalation. serve does the same by itself.",
    ],
    examples: [
      {
        about: "what would be sent",
        line: "anomaly train data/fleet/history && printf 'alerts:\n  receivers: {hook: {kind: webhook, url: http://127.0.0.1:9/}}\n  routes: [{name: all, receivers: [hook]}]\n' > out/alerts.yaml && anomaly infer data/fleet --at 2025-07-03T00:00Z | anomaly alert --config out/alerts.yaml --at 2025-07-03T00:00Z --dry-run",
      },
      { about: "what was sent", line: "anomaly alert log" },
    ],
  },
  silence: {
    summary: "say what must not alert for a while",
    usage: "[add | list | rm <id>]",
    positionals: [0, 2],
    words: ["add", "list", "rm"],
    about: [
      "Lists by default what is silenced now or will be. What matches all of --match is still found and recorded, and no alert is",
      "sent for it. A silence ends by itself; rm ends it now.",
    ],
    examples: [
      {
        about: "two hours for some machines",
        line: "anomaly silence add --match 'machine=n2*' --for 2h --note 'disk swap'",
      },
      { about: "what is silenced", line: "anomaly silence list" },
    ],
  },
  event: {
    summary: "name a deployment, a maintenance or a holiday",
    usage: "[add | list | rm <id>]",
    positionals: [0, 2],
    words: ["add", "list", "rm"],
    about: [
      "Lists by default what is under way or ahead. A deploy is named in records that begin in its span, as the likely cause; without an",
      "end it lasts an hour. In a maintenance nothing alerts, and training leaves its span out. A holiday is left out of training.",
    ],
    examples: [
      {
        about: "a deployment, from a pipeline",
        line: "anomaly event add --kind deploy --match 'machine=n2*' --note web-1.42",
      },
      {
        about: "a maintenance",
        line: "anomaly event add --kind maintenance --from 2025-07-01T22:00Z --until 2025-07-02T02:00Z --note 'new switches'",
      },
      { about: "all there were", line: "anomaly event list --all" },
    ],
  },
  store: {
    summary: "check, shrink, export or import what outlives a run",
    usage: "<check | vacuum | export | import [file]>",
    positionals: [1, 2],
    words: ["check", "vacuum", "export", "import"],
    about: [
      "check reads every row; the exit status is 1 if something is wrong. vacuum drops what is older than --store-keep or more than",
      "--store-max-size, and gives back space. export writes all rows, one JSON object per line, and import puts them into this or another",
      "store: a folder of files, an embedded database (a file ending in .db), or PostgreSQL (postgres://…).",
    ],
    examples: [
      {
        about: "what is in it",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet --lookback 4d && anomaly store check",
      },
      {
        about: "from files into the embedded database",
        line: "anomaly store export | anomaly store import --store out/store.db",
      },
      { about: "keep the last 90 days", line: "anomaly store vacuum --store-keep 90d" },
    ],
  },
  mcp: {
    summary: "answer an assistant in an editor or chat (Model Context Protocol)",
    usage: "[records file]",
    positionals: [0, 1],
    about: [
      "Offers the commands as tools on stdin and stdout: what is open, explain, around, history, doctor, and a backtest of a change of",
      "settings. It only reads; with --allow-write it may also add verdicts and silences. An editor starts it by itself.",
    ],
    examples: [{ about: "the tools it has, asked by hand", line: MCP_EXAMPLE }],
  },
} as const satisfies Partial<Record<CommandName, CommandSpec>>;
