// What a page's markup says, whatever it looks like.

/** Problems of the markup of `page`, each `{ check, what }`. */
export async function checkMarkup(page) {
  const found = [await page.evaluate(inHead), await page.evaluate(inHeadings), await page.evaluate(inAttributes)];
  return found.flat().map(([check, what]) => ({ check, what }));
}

/** Whether text of others has become code. Asked last, when all else has been tried on the page. */
export async function checkProbe(page) {
  const value = await page.evaluate(() => (typeof window.__pwned === 'undefined' ? null : String(window.__pwned)));
  return value === null ? [] : [{ check: 'markup', what: `window.__pwned is ${value}: a text of others ran as a script` }];
}

/** Whether the text of the page shows the probe, so that not running it means something. */
export function showsProbe(page) {
  return page.evaluate(() => document.body.textContent.includes('__pwned'));
}

// These run in the page; each returns pairs of check and what.

function inHead() {
  const problems = [];
  const { lang } = document.documentElement;
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(lang)) {
    problems.push(['lang', `<html lang="${lang}">`]);
  }
  if (document.title.trim() === '') {
    problems.push(['title', 'the title is empty']);
  }
  if (document.body.innerText.trim() === '') {
    problems.push(['empty', 'the page shows no text']);
  }
  // These speak to other machines without a request that a browser tells of.
  const hints = document.querySelectorAll('link[rel~=preconnect], link[rel~=dns-prefetch], link[rel~=prefetch], link[rel~=prerender]');
  return [...problems, ...[...hints].map((hint) => ['request', hint.outerHTML])];
}

function inHeadings() {
  const problems = [];
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4, h5, h6, [role=heading]')) {
    const next = Number(heading.getAttribute('aria-level') ?? heading.tagName.slice(1));
    if (heading.checkVisibility() && next > level + 1) {
      problems.push(['headings', `level ${next} after level ${level}: ${heading.textContent.trim().slice(0, 60)}`]);
    }
    level = heading.checkVisibility() ? next : level;
  }
  return level === 0 ? [['headings', 'there is no heading']] : problems;
}

function inAttributes() {
  const problems = [];
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      const leads = ['href', 'xlink:href', 'src', 'action', 'formaction'].includes(name);
      if (name.startsWith('on') || (leads && /^\s*javascript:/i.test(value))) {
        problems.push(['markup', `<${element.localName} ${name}="${value}">`]);
      }
    }
  }
  return problems;
}
