// Whether the focus can be seen, by what it changes on the screen.

/** Contrast between a point with and without focus that can be seen (WCAG 2.2, 1.4.11). */
const CONTRAST = 3;
/** How many points must change that much: a line under a short word. */
const POINTS = 16;
/** How far around an element its outline may lie, px. */
const MARGIN = 8;

/**
 * Whether `element` of `page` looks different with the focus, as the keyboard gives it: at least 16 points change by 3:1.
 * `canvas` is an empty page.
 */
export async function focusShows(page, element, canvas) {
  await element.evaluate((node) => {
    document.activeElement.blur();
    node.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    node.focus({ preventScroll: true });
  });
  const clip = await element.evaluate(around, MARGIN);
  if (clip === null) {
    return false;
  }
  const shot = async () => (await page.screenshot({ clip, animations: 'disabled' })).toString('base64');
  const focused = await shot();
  await element.evaluate((node) => node.blur());
  const plain = await shot();
  return focused !== plain && (await canvas.evaluate(changedPoints, [focused, plain, CONTRAST])) >= POINTS;
}

// In the page: the part of the screen that shows `node`, or null.
function around(node, margin) {
  const box = node.getBoundingClientRect();
  const left = Math.max(0, Math.floor(box.left - margin));
  const top = Math.max(0, Math.floor(box.top - margin));
  const width = Math.min(innerWidth, Math.ceil(box.right + margin)) - left;
  const height = Math.min(innerHeight, Math.ceil(box.bottom + margin)) - top;
  return width > 0 && height > 0 ? { x: left, y: top, width, height } : null;
}

// In an empty page: how many points of two pictures of one size differ by `contrast` or more.
async function changedPoints([first, second, contrast]) {
  const points = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const drawing = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    drawing.drawImage(picture, 0, 0);
    return drawing.getImageData(0, 0, picture.width, picture.height).data;
  };
  const linear = (value) => (value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = (data, at) => 0.2126 * linear(data[at]) + 0.7152 * linear(data[at + 1]) + 0.0722 * linear(data[at + 2]);
  const [a, b] = [await points(first), await points(second)];
  let changed = 0;
  for (let at = 0; at < a.length; at += 4) {
    const [low, high] = [luminance(a, at), luminance(b, at)].sort((x, y) => x - y);
    changed += (high + 0.05) / (low + 0.05) >= contrast ? 1 : 0;
  }
  return changed;
}
