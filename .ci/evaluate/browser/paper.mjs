// A page as PDF.

/** Prints `page` to `path`; returns how many sheets it takes. */
export async function print(page, path) {
  const bytes = await page.pdf({ path, format: 'A4', printBackground: true, preferCSSPageSize: true });
  return (bytes.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
}
