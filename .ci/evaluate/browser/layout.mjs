// What does not fit into a page's width.

/** Opens all that is folded, so that it is looked at too. */
export function unfold(page) {
  return page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) {
      details.open = true;
    }
  });
}

/**
 * Problems of what `page` shows in this view, each `{ check, what }`: the page scrolls sideways, or, on paper, something that
 * would have to be scrolled is cut off.
 */
export function checkLayout(page, view) {
  return page.evaluate(inPage, view.media === 'print');
}

function inPage(onPaper) {
  const named = (element) => `<${element.localName}${element.id ? ` id="${element.id}"` : ''}${element.classList.length ? ` class="${element.classList}"` : ''}>`;
  const scrolls = (element) => ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX);
  const all = [...document.body.querySelectorAll('*')];
  const problems = [];
  const width = document.scrollingElement.scrollWidth;
  if (width > innerWidth) {
    const wide = all.filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !held(element));
    const deepest = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
    problems.push({ check: 'sideways', what: `${width} px wide in ${innerWidth}: ${deepest.slice(0, 3).map(named).join(', ')}` });
  }
  if (onPaper) {
    const cut = all.filter((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1);
    problems.push(...cut.map((element) => ({ check: 'cut', what: `${named(element)} holds ${element.scrollWidth} px in ${element.clientWidth}` })));
  }
  return problems;

  // Whether a container, and not the page, scrolls to show `element`.
  function held(element) {
    for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
      if (scrolls(parent)) {
        return true;
      }
    }
    return false;
  }
}
