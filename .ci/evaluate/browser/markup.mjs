// What a page's markup says, whatever it looks like.

/** Problems of the markup of `page`, each `{ check, what }`. */
export function checkMarkup(page) {
  return page.evaluate(inPage);
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

function inPage() {
  const problems = [];
  const add = (check, what) => problems.push({ check, what });
  const lang = document.documentElement.lang;
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(lang)) {
    add('lang', `<html lang="${lang}">`);
  }
  if (document.title.trim() === '') {
    add('title', 'the title is empty');
  }
  if (document.body.innerText.trim() === '') {
    add('empty', 'the page shows no text');
  }
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4, h5, h6, [role=heading]')) {
    const next = Number(heading.getAttribute('aria-level') ?? heading.tagName.slice(1));
    if (heading.checkVisibility() && next > level + 1) {
      add('headings', `level ${next} after level ${level}: ${heading.textContent.trim().slice(0, 60)}`);
    }
    level = heading.checkVisibility() ? next : level;
  }
  if (level === 0) {
    add('headings', 'there is no heading');
  }
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) {
        add('markup', `<${element.localName} ${name}="${value}">`);
      }
      if (/^\s*javascript:/i.test(value)) {
        add('markup', `<${element.localName} ${name}="${value}">`);
      }
    }
  }
  // These speak to other machines without a request that a browser tells of.
  for (const hint of document.querySelectorAll('link[rel~=preconnect], link[rel~=dns-prefetch], link[rel~=prefetch], link[rel~=prerender]')) {
    add('request', hint.outerHTML);
  }
  return problems;
}
