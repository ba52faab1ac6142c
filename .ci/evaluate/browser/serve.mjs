// Looks at `callsift serve` in a browser: serve.mjs URL --shots DIR [--views NAME,...]
//
// URL is the address that the server tells, with its token. Filters the list, opens the first call with a finding, presses the finding with
// the mouse and with the keyboard, and listens to where the player begins; both pages are looked at as check.mjs looks at files.
// Nothing may ask another origin for anything. Exits 1 at any failure.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkForm } from './form.mjs';
import { look, photograph } from './page.mjs';
import { checkSound } from './sound.mjs';
import { printOnce, printProblems } from './told.mjs';
import { launch } from './tools.mjs';
import { open, viewsNamed } from './views.mjs';
import { watch } from './watch.mjs';

/** How many links of the list are followed to find a call with a finding. */
const FOLLOWED = 60;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { shots: { type: 'string' }, views: { type: 'string' } } });
const [address] = positionals;
if (address === undefined || values.shots === undefined) {
  console.error('usage: serve.mjs URL --shots DIR [--views NAME,...]');
  process.exit(2);
}
mkdirSync(values.shots, { recursive: true });
const browser = await launch();
const seen = [];
for (const view of viewsNamed(values.views ?? '1280-light,390-dark')) {
  seen.push(...(await checkServer(view)));
}
await browser.close();
printOnce('Notes:', seen.flatMap(({ place, notes }) => notes.map((text) => ({ place, text }))));
const failures = printProblems(seen);
console.log(`\n${seen.map(({ place }) => place).join(', ')}: ${failures} failures; pictures in ${values.shots}`);
process.exit(failures > 0 ? 1 : 0);

async function checkServer(view) {
  const page = await open(browser, view);
  const { origin } = new URL(address);
  const byItself = watch(page, (url) => new URL(url).origin === origin);
  await page.goto(address);
  const seenHere = [];
  if (!(await isCall(page))) {
    const list = await checkList(page, view);
    list.problems.push(...byItself.splice(0), ...(await openCall(page)));
    seenHere.push(list);
  }
  if (await isCall(page)) {
    seenHere.push(await checkCall(page, view));
  }
  seenHere.at(-1).problems.push(...byItself);
  await page.context().close();
  return seenHere;
}

async function checkList(page, view) {
  const problems = await checkForm(page);
  await page.goto(address);
  const list = await picture(page, view, 'list');
  await page.goto(address);
  return { place: `list ${view.name}`, problems: [...problems, ...list.problems], notes: list.notes };
}

// Opens the page anew for each thing that is tried: where the player stands, and what the address ends with, is of the page before.
async function checkCall(page, view) {
  const here = page.url().split('#')[0];
  const problems = await checkSound(page, (finding) => finding.click());
  await page.goto(here);
  problems.push(...(await checkSound(page, (finding) => finding.press('Enter'))));
  await page.goto(here);
  const call = await picture(page, view, 'call');
  return { place: `call ${view.name}`, problems: [...problems, ...call.problems], notes: call.notes };
}

async function picture(page, view, name) {
  await photograph(page, join(values.shots, `serve-${name}-${view.name}.png`));
  return look(page, view, browser);
}

async function isCall(page) {
  return (await page.locator('audio#player').count()) > 0 && (await page.locator('[data-ms]').count()) > 0;
}

// Goes from the list to the first call that has a finding; returns a problem where no link leads to one.
async function openCall(page) {
  const here = page.url().split('#')[0];
  const links = await page.evaluate(() => [...document.querySelectorAll('table a[href]')].map((link) => new URL(link.getAttribute('href'), document.baseURI).href.split('#')[0]));
  for (const link of [...new Set(links)].filter((each) => each !== here).slice(0, FOLLOWED)) {
    await page.goto(link);
    if (await isCall(page)) {
      return [];
    }
  }
  return [{ check: 'sound', what: `none of the first ${FOLLOWED} links of the table leads to a page with audio#player and an element with data-ms` }];
}
