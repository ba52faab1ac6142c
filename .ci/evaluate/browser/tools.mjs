// The browser, and the checker of accessibility, from the folder that `install` fills.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const folder = resolve(process.env.CALLSIFT_BROWSER ?? 'target/browser');
const require = createRequire(`${folder}/`);

function load(name) {
  try {
    return require(name);
  } catch {
    console.error(`${name} is not in ${folder}; run .ci/evaluate/browser/install ${folder}, or name another folder in CALLSIFT_BROWSER`);
    process.exit(2);
  }
}

/** The source text of axe-core, to be run in a page. */
export const axeSource = load('axe-core').source;

/** A headless Chromium, Debian's. It can look up no host name, so that a page that asks for one cannot reach it either. */
export function launch() {
  return load('playwright-core').chromium.launch({
    executablePath: execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim(),
    chromiumSandbox: process.getuid() !== 0,
    args: [
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-quic',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}
