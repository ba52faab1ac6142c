// One page, looked at in one view.
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkAccessibility } from './accessibility.mjs';
import { checkKeyboard } from './keyboard.mjs';
import { checkLayout, unfold } from './layout.mjs';
import { checkMarkup, checkProbe, showsProbe } from './markup.mjs';
import { print } from './paper.mjs';
import { open } from './views.mjs';
import { watch } from './watch.mjs';

/** Height of the longest picture, px: Chromium paints no more at once. */
const TALLEST_PX = 15_000;

/**
 * Looks at the file `path` in `view`. Returns what was seen: `problems` (each `{ check, what }`), `notes`, how many `stops` the keyboard
 * makes of how many `wanted`, `sheets` of paper (in print alone), `probe` (whether the planted text shows) and `seconds`. Pictures and
 * the PDF are put into `shots`.
 */
export async function checkFile(browser, path, view, shots) {
  const started = performance.now();
  const page = await open(browser, view);
  const address = pathToFileURL(path).href;
  const problems = watch(page, (url) => url.split('#')[0] === address);
  await page.goto(address, { waitUntil: 'load' });
  const picture = join(shots, `${basename(path, '.html')}-${view.name}`);
  await photograph(page, `${picture}.png`);
  const seen = await look(page, view, browser);
  if (view.media === 'print') {
    seen.sheets = await print(page, `${picture}.pdf`);
  }
  seen.probe = await showsProbe(page);
  await page.context().close();
  return { ...seen, problems: [...problems, ...seen.problems, ...unprinted(seen)], seconds: (performance.now() - started) / 1000 };
}

/** All that is looked at on an open `page`, whatever address it came from. The keyboard and axe-core are asked of a screen alone. */
export async function look(page, view, browser) {
  await unfold(page);
  const problems = [...(await checkMarkup(page)), ...(await checkLayout(page, view))];
  if (view.media === 'print') {
    return { problems: [...problems, ...(await checkProbe(page))], notes: [] };
  }
  const canvas = await browser.newPage();
  const keyboard = await checkKeyboard(page, canvas);
  await canvas.close();
  const accessible = await checkAccessibility(page);
  return { ...keyboard, problems: [...problems, ...keyboard.problems, ...accessible.problems, ...(await checkProbe(page))], notes: accessible.notes };
}

/** Puts a picture of all of `page`, or of its first 15,000 px, into `path`. */
export async function photograph(page, path) {
  const { width, height } = page.viewportSize();
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  if (whole > TALLEST_PX) {
    await page.setViewportSize({ width, height: TALLEST_PX });
  }
  await page.screenshot({ path, fullPage: whole <= TALLEST_PX, animations: 'disabled' });
  await page.setViewportSize({ width, height });
}

function unprinted(seen) {
  return seen.sheets === 0 ? [{ check: 'paper', what: 'the PDF has no page' }] : [];
}
