// What is said of what was seen.

/** By check: what to do about it. */
export const ADVICE = {
  error: 'open the page, read the console, and mend the script, the policy or the markup that it names, or answer what it asks for',
  request: 'put what the page needs into it (a data: address, or inline); it may ask no other machine for anything',
  markup: 'escape every text that comes from calls and manifests, and write no on… attributes',
  lang: 'write the language of the page into <html lang>',
  title: 'give the page a <title> that tells it from others',
  empty: 'the page was cut short or hides everything; open it and see',
  headings: 'begin with one h1 and go down one level at a time',
  axe: 'see the rule of that name in the documentation of axe-core',
  sideways: 'let it wrap or shrink, or give it a container with overflow-x: auto',
  cut: 'make room for the words of a drawing; what scrolls on a screen must wrap, shrink or overflow under @media print',
  keyboard: 'use a link or a button, or give it tabindex="0" and answer Enter',
  focus: 'give :focus-visible an outline of 2 px with a contrast of 3:1 that nothing clips',
  paper: 'see what @media print and @page do',
  sound: 'see how the page sets currentTime, and that the server answers ranges with 206',
  form: 'the filter must be a form of method GET whose fields keep what was chosen',
};

/** Prints `rows` (arrays of texts, the first one the heads) as a table. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
  }
}

/** Prints each text once, with the places where it is so. `entries` are `{ place, text }`. */
export function printOnce(head, entries) {
  const places = new Map();
  for (const { place, text } of entries) {
    places.set(text, [...(places.get(text) ?? []), place]);
  }
  if (places.size > 0) {
    console.log(`\n${head}`);
  }
  for (const [text, where] of places) {
    console.log(`  ${text}\n    in ${where.join(', ')}`);
  }
}

/** Prints problems by check, each with what to do. `seen` are `{ place, problems }`. */
export function printProblems(seen) {
  const all = seen.flatMap(({ place, problems }) => problems.map((problem) => ({ ...problem, place })));
  for (const check of new Set(all.map((problem) => problem.check))) {
    printOnce(`FAILED ${check}: ${ADVICE[check]}`, all.filter((problem) => problem.check === check).map(({ place, what }) => ({ place, text: what })));
  }
  return all.length;
}
