// In what a page is looked at.

/** A desk and a phone, by day and by night; and A4 paper less margins of 1 cm, in CSS pixels. */
export const VIEWS = [
  { name: '1280-light', width: 1280, height: 900, scheme: 'light', media: 'screen' },
  { name: '1280-dark', width: 1280, height: 900, scheme: 'dark', media: 'screen' },
  { name: '390-light', width: 390, height: 844, scheme: 'light', media: 'screen' },
  { name: '390-dark', width: 390, height: 844, scheme: 'dark', media: 'screen' },
  { name: 'print', width: 718, height: 1047, scheme: 'light', media: 'print' },
];

/** The views that are told by `names`, separated by commas. */
export function viewsNamed(names) {
  const wanted = names.split(',');
  const unknown = wanted.filter((name) => !VIEWS.some((view) => view.name === name));
  if (unknown.length > 0) {
    throw new Error(`no view is called ${unknown.join(', ')}; there are ${VIEWS.map((view) => view.name).join(', ')}`);
  }
  return VIEWS.filter((view) => wanted.includes(view.name));
}

/** A new page as `view` shows it, in a context of its own, for somebody who wants no motion: nothing has to be waited for. */
export async function open(browser, view) {
  const context = await browser.newContext({ viewport: { width: view.width, height: view.height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.emulateMedia({ media: view.media, colorScheme: view.scheme });
  return page;
}
