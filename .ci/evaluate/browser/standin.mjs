// A server that stands in for `callsift serve`, with faults where they are asked for.
import { createServer } from 'node:http';
import { page } from './samples.mjs';

const RATE_HZ = 8_000;
const LENGTH_S = 20;

/**
 * Serves a list of two calls and a page of one of them on a free port of this machine. `faults` may name `late` (a finding plays two
 * seconds late), `silent` (it does not play), `elsewhere` (the call page asks another origin), `unfiltered` (the form changes nothing) and
 * `mouse` (findings answer no key). Returns `{ url, close }`.
 */
export async function standIn(...faults) {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://stand.in');
    const html = (text) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(text);
    if (pathname === '/') {
      html(listPage(faults.includes('unfiltered') ? '' : (searchParams.get('team') ?? '')));
    } else if (pathname === '/call') {
      html(callPage(faults));
    } else if (pathname === '/audio') {
      sendSound(request, response);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/?token=t`, close: () => server.close() };
}

function listPage(team) {
  const teams = ['', 'team-a', 'team-b'];
  const options = teams.map((name) => `<option value="${name}"${name === team ? ' selected' : ''}>${name || 'all'}</option>`).join('');
  const rows = ['team-a', 'team-b'].filter((name) => team === '' || name === team);
  return page({
    body: `<main><h1>Calls</h1><form method="get"><label for="team">Team</label> <select id="team" name="team">${options}</select>
<button id="more">Filter</button></form>
<table><tbody>${rows.map((name) => `<tr><td><a href="/call">A call of ${name}</a></td></tr>`).join('')}</tbody></table></main>`,
  }).replace("default-src 'none'", "default-src 'none'; form-action 'self'");
}

function callPage(faults) {
  const element = faults.includes('mouse') ? 'span' : 'button';
  const shift_s = faults.includes('late') ? 2 : 0;
  const script = `
const player = document.querySelector('#player');
for (const finding of document.querySelectorAll('[data-ms]')) {
  finding.addEventListener('click', () => {
    player.currentTime = Number(finding.dataset.ms) / 1000 + ${shift_s};
    ${faults.includes('silent') ? '' : 'player.play();'}
  });
}
${faults.includes('elsewhere') ? "fetch('http://127.0.0.1:9/x').catch(() => {});" : ''}`;
  return page({
    policy: !faults.includes('elsewhere'),
    script,
    body: `<main><h1>A call</h1><audio id="player" controls src="/audio" preload="metadata"></audio>
<h2>Findings</h2><p><${element} data-ms="12500" id="more">12.5 s: a threat</${element}></p><p><a href="/">All calls</a></p></main>`,
  }).replace("default-src 'none'", "default-src 'none'; media-src 'self'");
}

// A tone, whole or the bytes that are asked for: a browser seeks by asking for a range.
function sendSound(request, response) {
  const bytes = tone();
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined) {
    response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': bytes.length, 'accept-ranges': 'bytes' }).end(bytes);
    return;
  }
  const last = to === '' ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1);
  const part = bytes.subarray(Number(from), last + 1);
  response.writeHead(206, { 'content-type': 'audio/wav', 'content-length': part.length, 'content-range': `bytes ${from}-${last}/${bytes.length}` }).end(part);
}

function tone() {
  const samples = Int16Array.from({ length: RATE_HZ * LENGTH_S }, (_, at) => 3_000 * Math.sin((2 * Math.PI * 440 * at) / RATE_HZ));
  const data = Buffer.from(samples.buffer);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE_HZ, 24);
  head.writeUInt32LE(RATE_HZ * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
