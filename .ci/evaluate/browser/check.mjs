// Looks at finished pages in a browser: check.mjs PAGE.html... --shots DIR [--views NAME,...] [--probe]
//
// Each page is opened from its file on a desk and a phone, by day and by night, and on paper. It fails where it reports an error, asks
// any machine for anything, lets a planted text run, scrolls sideways, leaves out the keyboard, or has grave faults of accessibility.
// With --probe, one page at least must show the planted text `__pwned`. Exits 1 at any failure, 2 where it cannot begin.
import { existsSync, mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { checkFile } from './page.mjs';
import { eachOf } from './pool.mjs';
import { printOnce, printProblems, printTable } from './told.mjs';
import { launch } from './tools.mjs';
import { VIEWS, viewsNamed } from './views.mjs';

const { values, positionals: pages } = parseArgs({
  allowPositionals: true,
  options: { shots: { type: 'string' }, views: { type: 'string' }, probe: { type: 'boolean' } },
});
const missing = pages.filter((path) => !existsSync(path));
if (pages.length === 0 || missing.length > 0 || values.shots === undefined) {
  console.error(missing.length > 0 ? `there is no ${missing.join(', no ')}` : 'usage: check.mjs PAGE.html... --shots DIR [--views NAME,...] [--probe]');
  process.exit(2);
}
mkdirSync(values.shots, { recursive: true });
const views = values.views === undefined ? VIEWS : viewsNamed(values.views);
const seen = await lookAtAll();
printTable([['page', 'view', 'errors', 'requests', 'axe', 'keyboard', 'other', 'sheets', 'seconds'], ...seen.map(row)]);
printOnce('Notes:', seen.flatMap(({ place, notes }) => notes.map((text) => ({ place, text }))));
let failures = printProblems(seen);
if (values.probe && !seen.some(({ probe }) => probe)) {
  failures += 1;
  console.log('\nFAILED probe: no page shows the planted text __pwned, so that none of them was tried; plant it where pages show it');
}
console.log(`\n${pages.length} pages in ${views.length} views, ${failures} failures; pictures in ${values.shots}`);
process.exit(failures > 0 ? 1 : 0);

async function lookAtAll() {
  const browser = await launch();
  const jobs = pages.flatMap((path) => views.map((view) => ({ path, view })));
  const found = await eachOf(jobs, async ({ path, view }) => {
    const page = basename(path, '.html');
    return { page, view: view.name, place: `${page} ${view.name}`, ...(await checkFile(browser, path, view, values.shots)) };
  });
  await browser.close();
  return found;
}

function row({ page, view, problems, stops, wanted, sheets, seconds }) {
  const count = (...checks) => String(problems.filter(({ check }) => checks.includes(check)).length);
  const other = count('markup', 'lang', 'title', 'empty', 'headings', 'sideways', 'cut', 'focus', 'paper');
  const keyboard = wanted === undefined ? '' : `${stops} of ${wanted}`;
  return [page, view, count('error'), count('request'), count('axe'), keyboard, other, String(sheets ?? ''), seconds.toFixed(1)];
}
