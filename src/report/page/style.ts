import { FONT, SEVERITIES, THEMES, type ThemeName } from "../../plot/theme.js";
import type { EpisodeKind } from "../../records/record.js";

const KINDS = Object.keys(THEMES.light.kind) as EpisodeKind[];

/** The page's colours are those of the pictures; which theme is used is the reader's system's choice. */
function variables(name: ThemeName): string {
  const theme = THEMES[name];
  return [
    `--bg:${theme.background};--text:${theme.text};--faint:${theme.faintText};--grid:${theme.grid};--stripe:${theme.stripe}`,
    `--axis:${theme.axis};--obs:${theme.observed};--band:${theme.band};--band-o:${theme.bandOpacity};--ep:${theme.episode}`,
    `--ep-o:${theme.episodeOpacity + 0.08};--ep-text:${theme.episodeText};--link:${theme.expectedText}`,
    ...KINDS.map((kind) => `--k-${kind}:${theme.kind[kind]}`),
    ...SEVERITIES.map(
      (severity) => `--${severity}:${theme.severity[severity]};--on-${severity}:${theme.onSeverity[severity]}`,
    ),
  ].join(";");
}

const perKind = KINDS.map((kind) => `.k-${kind}{background:var(--k-${kind})}`).join("");
const perSeverity = SEVERITIES.map(
  (severity) =>
    `.b-${severity}{background:var(--${severity});color:var(--on-${severity})}.f-${severity}{fill:var(--${severity})}`,
).join("");

export const STYLE = `
:root{color-scheme:light dark;${variables("light")}}
@media (prefers-color-scheme:dark){:root{${variables("dark")}}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:14px/1.5 ${FONT}}
main{max-width:1180px;margin:0 auto;padding:28px 24px 40px}
h1{font-size:22px;line-height:1.25;margin:0}
h2{font-size:16px;margin:40px 0 4px}
h3{font-size:13px;font-weight:600;margin:0 0 6px}
p{margin:4px 0 12px}
.faint,.sub{color:var(--faint)}
.sub{text-wrap:pretty;font-size:12.5px;margin:0 0 14px;max-width:104ch}
a{color:var(--link);text-decoration:none}a:hover,a:focus-visible{text-decoration:underline}
.n,td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.tiles{display:grid;grid-template-columns:repeat(5,1fr);gap:1px;background:var(--grid);border:1px solid var(--grid);margin:20px 0 0}
.tiles>div{background:var(--bg);padding:12px 16px}
.tiles b{display:block;font-size:24px;line-height:1.2;font-variant-numeric:tabular-nums}
.tiles span{font-size:12px;color:var(--faint)}
.b{display:inline-block;min-width:72px;text-align:center;border-radius:3px;padding:1px 6px;font-size:11px;line-height:17px;font-weight:700;letter-spacing:.03em}
${perSeverity}
${perKind}
.k{display:inline-block;width:9px;height:9px;border-radius:50%;margin:0 6px 0 0}
.dot{display:inline-block;width:10px;height:10px;border-radius:2px;margin:0 5px 0 0;vertical-align:-1px}
.rows{border-top:1px solid var(--grid)}
.row{display:grid;grid-template-columns:74px minmax(0,1fr) 220px 128px;gap:4px 18px;padding:11px 0;border-bottom:1px solid var(--grid);align-items:center}
.row .name{font-weight:600;overflow-wrap:anywhere}
.row .agg{overflow-wrap:anywhere}
.row .why{color:var(--ep-text);font-size:13px;overflow-wrap:anywhere}
.row .when{font-size:12.5px;color:var(--faint)}
.row .side{text-align:right;font-size:12.5px;line-height:1.45}
.row .side b{font-size:17px;font-variant-numeric:tabular-nums}
.spark{display:block}
.spark .obs{fill:none;stroke:var(--obs);stroke-width:1.2;stroke-linejoin:round}
.spark .band{fill:var(--band);opacity:var(--band-o)}
.spark .ep{fill:var(--ep);opacity:var(--ep-o)}
.none{color:var(--faint);font-size:12px}
table{border-collapse:collapse;width:100%;font-size:13px}
th{font-weight:400;color:var(--faint);text-align:left;font-size:12px}
th,td{padding:5px 14px 5px 0;border-bottom:1px solid var(--grid);vertical-align:top}
td:last-child,th:last-child{padding-right:0}
td.w{overflow-wrap:anywhere;min-width:130px}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
.scroll svg{display:block}
svg text{font:11px ${FONT};fill:var(--faint)}
svg text.t{fill:var(--text)}
.gridline{stroke:var(--grid)}
.axis{stroke:var(--axis)}
.bar{fill:var(--link)}
.tracks{fill:var(--stripe)}
.key{font-size:12.5px;margin:0 0 10px}.key>span{margin-right:18px;white-space:nowrap}
.heat{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 12px}
.machines{max-width:300px}
.machines div{height:16px;line-height:16px;font-size:11px;text-align:right;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.cells svg{display:block}
.days{position:relative;height:22px;font-size:11px;color:var(--faint)}
.days span{position:absolute;top:0;padding-top:6px;transform:translateX(-50%);white-space:nowrap}
.days span::before{content:"";position:absolute;left:50%;top:0;height:5px;border-left:1px solid var(--axis)}
.dn{display:grid;grid-template-columns:15px minmax(0,1fr);align-items:baseline}
.two{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:8px 40px}
.three{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:24px 36px}
.three svg,.cards svg{width:100%;height:auto;display:block}
.cards{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:16px}
.card{border:1px solid var(--grid);padding:12px 14px;min-width:0}
.card .when{font-size:12.5px;margin-top:6px;overflow-wrap:anywhere}.card details{font-size:12.5px}
.card .shape{fill:none;stroke:var(--obs);stroke-width:1.6;vector-effect:non-scaling-stroke}
details{margin-top:10px}
summary{cursor:pointer;color:var(--link);font-size:13px}
details>*:not(summary){margin-top:8px}
.names{font-size:12.5px;columns:3;column-gap:32px;margin:8px 0;padding:0;list-style:none}
.names li{overflow-wrap:anywhere;break-inside:avoid}
footer{margin-top:44px;padding-top:14px;border-top:1px solid var(--grid);font-size:12px;color:var(--faint)}
@media (max-width:1000px){.two{grid-template-columns:minmax(0,1fr)}.row{grid-template-columns:74px minmax(0,1fr) 220px 96px}}
@media (max-width:760px){
main{padding:18px 14px 28px}
.tiles{grid-template-columns:1fr 1fr}.tiles>div:last-child:nth-child(odd){grid-column:1/-1}
.row{grid-template-columns:74px minmax(0,1fr);align-items:start}
.row .what{grid-column:1/-1}.row .side{grid-row:1;grid-column:2;text-align:right}
.row .fig{grid-column:1/-1}.row .side b{font-size:14px}
.two,.three,.cards{grid-template-columns:minmax(0,1fr)}
.names{columns:1}
.machines{max-width:36vw}
.hide{display:none}
}
@media print{details{display:none}.row,.card{break-inside:avoid}}
`;
