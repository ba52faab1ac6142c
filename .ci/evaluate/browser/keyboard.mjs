// Whether a page can be used without a mouse.
import { focusShows } from './focus.mjs';
import { walk } from './walk.mjs';

/** How many elements of a kind, by tag and classes, are looked at for what focus changes; the others differ in text alone. */
const LOOKED_AT = 2;

/**
 * Presses Tab through `page`. Returns `problems`, each `{ check, what }`, and how many `stops` there are of how many elements that want
 * one. `canvas` is an empty page, to compare pictures in.
 */
export async function checkKeyboard(page, canvas) {
  const elements = await page.evaluateHandle(wantingKeys);
  const names = await page.evaluate((list) => list.map((entry) => entry.name), elements);
  const problems = (await page.evaluate(mouseOnly)).map((name) => ({ check: 'keyboard', what: `${name} shows a hand, and takes no focus` }));
  const { reached, unseen } = await walk(page, elements, names.length);
  for (const [index, name] of names.entries()) {
    if (!reached.includes(index)) {
      problems.push({ check: 'keyboard', what: `Tab never comes to ${name}` });
    }
  }
  problems.push(...unseen.map((index) => ({ check: 'focus', what: `${names[index]} has the focus and is off the screen or covered` })));
  for (const index of await representatives(page, elements, reached)) {
    const element = (await page.evaluateHandle(([list, at]) => list[at].element, [elements, index])).asElement();
    if (!(await focusShows(page, element, canvas))) {
      problems.push({ check: 'focus', what: `nothing, or too little, changes where ${names[index]} has the focus` });
    }
  }
  return { problems, stops: reached.length, wanted: names.length };
}

// The indices of the elements to look at closely: some of each kind.
async function representatives(page, elements, reached) {
  const kinds = await page.evaluate((list) => list.map(({ element }) => `${element.localName} ${element.type ?? ''} ${element.getAttribute('class') ?? ''}`), elements);
  const counts = new Map();
  return reached.filter((index) => {
    const seen = counts.get(kinds[index]) ?? 0;
    counts.set(kinds[index], seen + 1);
    return seen < LOOKED_AT;
  });
}

// In the page: the elements that must be reached, each with a name for messages.
function wantingKeys() {
  const interactive = 'a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], video[controls], iframe, [tabindex], [contenteditable=true]';
  const clickable = 'a[href], area[href], button, input, select, textarea, summary, [role=button], [role=link]';
  // Of these, one part takes the focus and arrow keys do the rest.
  const composite = '[role=tablist], [role=listbox], [role=menu], [role=menubar], [role=radiogroup], [role=toolbar], [role=grid], [role=tree]';
  const meant = (element) => {
    if (element.type === 'radio') {
      const group = [...document.getElementsByName(element.name)].filter((radio) => radio.type === 'radio' && radio.form === element.form);
      return element === (group.find((radio) => radio.checked) ?? group[0]);
    }
    if (element.tabIndex < 0) {
      return element.matches(clickable) && !element.closest(composite);
    }
    return true;
  };
  const name = (element) => {
    const text = (element.getAttribute('aria-label') || element.textContent || element.name || '').trim().replace(/\s+/g, ' ').slice(0, 40);
    return `<${element.localName}${element.id ? ` id="${element.id}"` : ''}> "${text}"`;
  };
  return [...document.querySelectorAll(interactive)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0)
    .filter((element) => !element.matches(':disabled') && !element.closest('[inert]') && meant(element))
    .map((element) => ({ element, name: name(element) }));
}

// In the page: what looks as if it could be clicked, and neither is, nor is in, nor holds, something that takes the focus. A picture
// that says nothing of its own (`alt=""`) may repeat for the mouse what a control does.
function mouseOnly() {
  const interactive = 'a[href], area[href], button, input, select, textarea, summary, label, [tabindex], [role=button], [role=link]';
  const hand = (element) => getComputedStyle(element).cursor === 'pointer';
  return [...document.body.querySelectorAll('*')]
    .filter((element) => hand(element) && !hand(element.parentElement) && element.checkVisibility())
    .filter((element) => !element.matches('img[alt=""]') && !element.closest(interactive) && !element.querySelector(interactive))
    .map((element) => `<${element.localName}> "${element.textContent.trim().slice(0, 40)}"`);
}
