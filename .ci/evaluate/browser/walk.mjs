// The way of the Tab key through a page.

/** How many presses are sent at once: the browser takes them one by one, and answers are waited for less often. */
const AT_ONCE = 25;

/**
 * Presses Tab until it comes round. `elements` is a handle of a list of `{ element }` in `page`. Returns the indices of those that were
 * `reached`, and of those that had the focus `unseen`, off the screen or covered.
 */
export async function walk(page, elements, count) {
  const way = await page.evaluateHandle(follow, elements);
  const keys = await page.context().newCDPSession(page);
  const tab = (type) => keys.send('Input.dispatchKeyEvent', { type, key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 });
  let round = false;
  // An element may take several presses: a player has buttons of its own.
  for (let pressed = 0; !round && pressed < 2 * count + 60; pressed += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => [tab('rawKeyDown'), tab('keyUp')]).flat());
    round = await page.evaluate((each) => each.round, way);
  }
  const { reached, unseen } = await page.evaluate((each) => each.end(), way);
  return { reached, unseen };
}

// In the page: notes what takes the focus, and whether it is seen when it loses it.
function follow(list) {
  const indexOf = new Map(list.map(({ element }, index) => [element, index]));
  const [reached, unseen] = [new Set(), new Set()];
  const way = { round: false, end };
  let last = null;
  document.addEventListener('focusin', came);
  document.addEventListener('focusout', left);
  return way;

  function came({ target }) {
    way.round ||= target !== last && reached.has(target);
    last = target;
    if (indexOf.has(target)) {
      reached.add(target);
    }
  }

  function left({ target }) {
    if (indexOf.has(target) && !inSight(target)) {
      unseen.add(target);
    }
  }

  async function end() {
    document.removeEventListener('focusin', came);
    document.removeEventListener('focusout', left);
    const indices = (elements) => elements.map((element) => indexOf.get(element));
    const still = [];
    for (const element of unseen) {
      element.focus();
      still.push(...((await comesInSight(element)) ? [] : [element]));
    }
    return { reached: indices([...reached]), unseen: indices(still) };
  }

  // At the latest in a second: pages may scroll smoothly.
  async function comesInSight(element) {
    for (let wait = 0; wait < 20 && !inSight(element); wait += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return inSight(element);
  }

  // Whether one of 25 points of it, or of its label, lies on the screen with nothing above.
  function inSight(element) {
    const parts = [0.1, 0.3, 0.5, 0.7, 0.9];
    const own = (point) => point !== null && (element.contains(point) || element.labels?.[0]?.contains(point));
    return [...element.getClientRects()].some(({ left, top, width, height }) =>
      parts.some((x) => parts.some((y) => own(document.elementFromPoint(left + x * width, top + y * height)))));
  }
}
