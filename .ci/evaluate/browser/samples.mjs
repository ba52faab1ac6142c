// Pages to try the checks on: one without fault, and that one with a fault each.
import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1a1a; --ground: #ffffff; --line: #767676; --accent: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --ground: #16181a; --line: #8c8c8c; --accent: #8ab8f0; } }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; color: var(--ink); background: var(--ground); font: 1rem/1.5 sans-serif; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; white-space: nowrap; }
th, td { border: 1px solid var(--line); padding: 0.2rem 0.6rem; text-align: left; }
@media print { .wide { overflow: visible; } table { white-space: normal; } }
`;
const SCRIPT = `
document.querySelector('#more').addEventListener('click', (event) => { event.currentTarget.textContent = 'Shown'; });
`;
const BODY = `
<main>
<h1>Report of a sample</h1>
<p>Two calls, see <a href="#findings">the findings</a>. 两通电话。</p>
<h2 id="findings">Findings</h2>
<div class="wide" tabindex="0" role="region" aria-label="Findings by team">
<table><thead><tr>${'<th scope="col">A column of figures</th>'.repeat(6)}</tr></thead>
<tbody><tr>${'<td>17.5 %</td>'.repeat(6)}</tr></tbody></table>
</div>
<h3>What was said</h3>
<p>&lt;img src=x onerror="window.__pwned = 1"&gt; 我们会派人到你家里</p>
<details><summary>How this was counted</summary><h4>Eligible calls</h4><p>Those with words and sound.</p></details>
<svg width="200" height="20" role="img" aria-label="Speech"><text x="90" y="15" text-anchor="end" fill="currentColor">customer</text></svg>
<form><label for="team">Team</label> <select id="team"><option>team-a</option><option>team-b</option></select>
<button type="button" id="more">Show more</button></form>
</main>
`;

/** A page of these parts; without a policy of its own where `policy` is false. The parts that are left out are without fault. */
export function page({ lang = ' lang="en"', title = 'Sample', head = '', style = '', script = '', body = BODY, policy = true } = {}) {
  const [allStyle, allScript] = [STYLE + style, SCRIPT + script];
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const rule = `default-src 'none'; style-src ${hash(allStyle)}; script-src ${hash(allScript)}; img-src data:`;
  const meta = policy ? `<meta http-equiv="Content-Security-Policy" content="${rule}">` : '';
  return `<!doctype html>
<html${lang}><head><meta charset="utf-8">${meta}<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
${head}<style>${allStyle}</style></head><body>${body}<script>${allScript}</script></body></html>`;
}

const with_ = (text) => BODY.replace('</main>', `${text}</main>`);
const NOWHERE = 'http://127.0.0.1:9/x';

/**
 * Pages with one fault: `name`, `html`, the `check` that must find it, in which `view` (at a desk by day unless told), which checks
 * may find something `also`, and whether it belongs to the `small` selection.
 */
export const PLANTED = [
  { name: 'error on the console', small: true, check: 'error', html: page({ script: 'console.error("planted");' }) },
  { name: 'error that nothing catches', check: 'error', html: page({ script: 'throw new Error("planted");' }) },
  { name: 'picture from elsewhere, stopped by the policy', check: 'error', also: ['request'], html: page({ body: with_(`<img alt="" src="${NOWHERE}">`) }) },
  { name: 'picture from elsewhere', small: true, check: 'request', also: ['error'], html: page({ policy: false, body: with_(`<img alt="" src="${NOWHERE}">`) }) },
  { name: 'font from a host', check: 'request', also: ['error'], html: page({ policy: false, head: '<link rel="stylesheet" href="https://fonts.invalid/x.css">' }) },
  { name: 'file beside the page', check: 'request', also: ['error'], html: page({ policy: false, body: with_('<img alt="" src="beside.png">') }) },
  { name: 'fetch after a while', check: 'request', also: ['error'], html: page({ policy: false, script: `setTimeout(() => fetch("${NOWHERE}").catch(() => {}), 200);` }) },
  { name: 'connection in advance', check: 'request', also: ['error'], html: page({ head: '<link rel="preconnect" href="https://fonts.invalid">' }) },
  { name: 'picture on paper alone', check: 'request', also: ['error'], view: 'print', html: page({ policy: false, style: `@media print { h1 { background: url(${NOWHERE}); } }` }) },
  { name: 'low contrast', small: true, check: 'axe', html: page({ style: 'p { color: #bbbbbb; }' }) },
  { name: 'low contrast at night', check: 'axe', view: '1280-dark', html: page({ style: 'p { color: #444444; }' }) },
  { name: 'low contrast in what is folded', check: 'axe', html: page({ style: 'details p { color: #bbbbbb; }' }) },
  { name: 'field without a label', small: true, check: 'axe', html: page({ body: with_('<input type="text">') }) },
  { name: 'wider than a phone', small: true, check: 'sideways', view: '390-light', html: page({ body: with_('<p style="width: 600px">wide</p>'), policy: false }) },
  { name: 'table without a container on a phone', check: 'sideways', view: '390-dark', html: page({ style: '.wide { overflow: visible; }' }) },
  { name: 'table cut off on paper', small: true, check: 'cut', view: 'print', html: page({ style: '@media print { .wide { overflow-x: auto; } table { white-space: nowrap; } }' }) },
  { name: 'word that leaves its drawing', check: 'cut', html: page({ body: with_('<svg width="100" height="20"><text x="30" y="15" text-anchor="end">customer</text></svg>') }) },
  { name: 'heading that skips a level', small: true, check: 'headings', html: page({ body: with_('<h2>Two</h2><h4>Four</h4>') }) },
  { name: 'no first heading', check: 'headings', html: page({ body: BODY.replace(/h1>/g, 'h2>') }) },
  { name: 'no language', check: 'lang', also: ['axe'], html: page({ lang: '' }) },
  { name: 'no title', check: 'title', also: ['axe'], html: page({ title: '' }) },
  { name: 'empty page', check: 'empty', also: ['headings'], html: page({ body: '<button id="more" hidden></button>' }) },
  { name: 'markup of others that runs', small: true, check: 'markup', html: page({ policy: false, body: with_('<img alt="" src="data:,x" onerror="window.__pwned = 1">') }) },
  { name: 'markup of others, stopped by the policy', check: 'markup', also: ['error'], html: page({ body: with_('<img alt="" src="data:,x" onerror="window.__pwned = 1">') }) },
  { name: 'script of others', check: 'markup', html: page({ policy: false, body: with_('<script>window.__pwned = 1</script>') }) },
  { name: 'link that is a script', check: 'markup', html: page({ body: with_('<a href="javascript:window.__pwned=1">team</a>') }) },
  { name: 'dialog', check: 'markup', html: page({ script: 'setTimeout(() => alert("planted"), 100);' }) },
  { name: 'for the mouse alone', check: 'keyboard', html: page({ style: '.row { cursor: pointer; }', body: with_('<p class="row">open the call</p>') }) },
  { name: 'button that Tab leaves out', small: true, check: 'keyboard', html: page({ body: with_('<button type="button" tabindex="-1">Play</button>') }) },
  { name: 'trap for Tab', check: 'keyboard', html: page({ script: "document.addEventListener('keydown', (event) => { if (event.key === 'Tab') { event.preventDefault(); } });" }) },
  { name: 'focus that is not shown', small: true, check: 'focus', html: page({ style: ':focus-visible { outline: none; }' }) },
  { name: 'focus that is hardly shown', check: 'focus', html: page({ style: ':focus-visible { outline-color: #e0e0e0; }' }) },
  { name: 'focus hardly shown at night', check: 'focus', view: '390-dark', html: page({ style: ':focus-visible { outline-color: #303030; }' }) },
  { name: 'focus under a bar', check: 'focus', html: page({ style: '.bar { position: fixed; inset: 0; background: var(--ground); }', body: with_('<div class="bar">bar</div>') }) },
  { name: 'focus off the screen', check: 'focus', html: page({ style: '.off { position: absolute; left: -999px; }', body: with_('<a class="off" href="#findings">skip</a>') }) },
];
