// Proves the checks on pages made for it: selftest.mjs [--small]
//
// A page without fault must pass in every view; each planted fault must be found by its check, and by no other that is not told of.
// The same of a server. --small leaves out the server and all but ten of the faults.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFile } from './page.mjs';
import { eachOf } from './pool.mjs';
import { page, PLANTED } from './samples.mjs';
import { standIn } from './standin.mjs';
import { launch } from './tools.mjs';
import { VIEWS, viewsNamed } from './views.mjs';

/** Faults of a server, and the check that must find each. */
const SERVERS = [
  { faults: [], check: null },
  { faults: ['late'], check: 'sound' },
  { faults: ['silent'], check: 'sound' },
  { faults: ['mouse'], check: 'sound' },
  { faults: ['elsewhere'], check: 'request' },
  { faults: ['unfiltered'], check: 'form' },
];

const small = process.argv.includes('--small');
const folder = mkdtempSync(join(tmpdir(), 'pages-'));
try {
  const answers = [...(await tryPages()), ...(await tryCommand()), ...(small ? [] : await tryServers())];
  const wrong = answers.filter((answer) => answer !== null);
  wrong.forEach((answer) => console.log(`WRONG ${answer}`));
  console.log(`the checks themselves: ${answers.length - wrong.length} passed, ${wrong.length} failed`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}

// Each answer is null, or what went wrong.
async function tryPages() {
  const sound = VIEWS.map((view) => ({ name: `no fault, ${view.name}`, html: page(), view: view.name }));
  const planted = PLANTED.filter((fault) => fault.small || !small);
  const browser = await launch();
  const answers = await eachOf([...sound, ...planted], async ({ name, html, check, also = [], view = '1280-light' }, at) => {
    const path = join(folder, `${at}.html`);
    writeFileSync(path, html);
    const { problems } = await checkFile(browser, path, viewsNamed(view)[0], folder);
    const stray = problems.filter((problem) => ![check, ...also].includes(problem.check));
    if (stray.length > 0) {
      return `${name}: also ${JSON.stringify(stray)}`;
    }
    return check === undefined || problems.some((problem) => problem.check === check) ? null : `${name}: ${check} found nothing`;
  });
  await browser.close();
  return answers;
}

async function tryCommand() {
  const [whole, broken] = [join(folder, 'whole.html'), join(folder, 'broken.html')];
  writeFileSync(whole, page());
  writeFileSync(broken, page({ title: '', body: '<main><h1>Two</h1><button id="more">More</button></main>' }));
  const check = (...args) => run('check.mjs', ...args, '--shots', folder, '--views', 'print');
  return [
    expected('a page without fault', await check(whole, '--probe'), 0, '0 failures'),
    expected('two pages, one broken', await check(whole, broken), 1, 'FAILED title'),
    expected('a page without the probe', await check(broken, '--probe'), 1, 'FAILED probe'),
    expected('a page that is not there', await check('absent.html'), 2, 'there is no absent.html'),
  ];
}

async function tryServers() {
  return eachOf(SERVERS, async ({ faults, check }) => {
    const server = await standIn(...faults);
    const outcome = await run('serve.mjs', server.url, '--shots', folder, '--views', '1280-light');
    server.close();
    return expected(`a server, ${faults[0] ?? 'no fault'}`, outcome, check === null ? 0 : 1, check === null ? '0 failures' : `FAILED ${check}`);
  });
}

// Runs a script of this folder; `{ code, text }`.
function run(script, ...args) {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, script), ...args], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, text: stdout + stderr }));
  });
}

function expected(name, { code, text }, wantedCode, wantedText) {
  return code === wantedCode && text.includes(wantedText) ? null : `${name}: exit ${code} for ${wantedCode}, without "${wantedText}":\n${text}`;
}
