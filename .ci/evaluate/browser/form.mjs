// Whether a list can be filtered.

/** Chooses something in the first form of an open page and sends it. Returns problems, each `{ check, what }`. */
export async function checkForm(page) {
  const form = (what) => [{ check: 'form', what }];
  const chosen = await page.evaluate(choose);
  if (chosen === null) {
    return form('the page has no form of method GET with a list to choose from');
  }
  const [response] = await Promise.all([page.waitForNavigation(), page.locator('form [type=submit], form button:not([type])').first().click()]);
  if (!response.ok()) {
    return form(`${chosen.name}=${chosen.value} is answered with ${response.status()}`);
  }
  const asked = new URL(page.url()).searchParams.get(chosen.name);
  const kept = await page.evaluate((name) => document.querySelector('form').elements[name]?.value, chosen.name);
  if (asked !== chosen.value || kept !== chosen.value) {
    return form(`${chosen.name}=${chosen.value} was sent; the address says ${asked}, the form shows ${kept}`);
  }
  const rows = await page.locator('tbody tr').count();
  return rows < chosen.rows || chosen.rows === 0 ? [] : form(`${chosen.name}=${chosen.value} leaves all ${rows} rows`);
}

// In the page: takes the last choice of the first list; tells what was chosen and how many rows there were.
function choose() {
  const form = [...document.forms].find((each) => each.method === 'get' && each.querySelector('select'));
  const list = form && [...form.querySelectorAll('select')].find((select) => select.options.length > 1);
  if (!list) {
    return null;
  }
  list.selectedIndex = list.selectedIndex === list.options.length - 1 ? 0 : list.options.length - 1;
  return { name: list.name, value: list.value, rows: document.querySelectorAll('tbody tr').length };
}
