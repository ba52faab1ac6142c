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
 * Problems of what `page` shows in this view, each `{ check, what }`: the page scrolls sideways, words of a drawing lie outside it, or,
 * on paper, something that would have to be scrolled is cut off.
 */
export async function checkLayout(page, view) {
  const found = [await page.evaluate(sideways), await page.evaluate(outsideDrawings), view.media === 'print' ? await page.evaluate(cutOnPaper) : []];
  return found.flat().map(([check, what]) => ({ check, what }));
}

// These run in the page; each returns pairs of check and what.

function sideways() {
  const named = (element) => element.cloneNode(false).outerHTML.slice(0, 100);
  const scrolls = (element) => ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX);
  const width = document.scrollingElement.scrollWidth;
  if (width <= innerWidth) {
    return [];
  }
  const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !held(element));
  const deepest = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
  return [['sideways', `${width} px wide in ${innerWidth}: ${deepest.slice(0, 3).map(named).join(', ')}`]];

  // Whether a container, and not the page, scrolls to show `element`.
  function held(element) {
    const parent = element.parentElement;
    return parent !== null && parent !== document.body && (scrolls(parent) || held(parent));
  }
}

function outsideDrawings() {
  const outside = (text) => {
    const [inner, outer] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
    return inner.width > 0 && (inner.left < outer.left - 1 || inner.right > outer.right + 1);
  };
  return [...document.querySelectorAll('svg text')].filter(outside).map((text) => ['cut', `the drawing ends within the word "${text.textContent}"`]);
}

function cutOnPaper() {
  return [...document.body.querySelectorAll('*')]
    .filter((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1)
    .map((element) => ['cut', `${element.cloneNode(false).outerHTML.slice(0, 100)} holds ${element.scrollWidth} px in ${element.clientWidth}`]);
}
