import { existsSync } from 'node:fs';
import { findProgram, run } from './run.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Chromium or Chrome on this machine: CHROME_PATH, then the PATH, then the usual places. */
export function findBrowser() {
  const named = process.env.CHROME_PATH;
  if (named) return existsSync(named) ? named : undefined;
  return findProgram(...names) ?? elsewhere.find((path) => existsSync(path));
}

/**
 * Finds the browser, or installs Debian's as root.
 * @returns {Promise<{ path: string } | { missing: string }>} `missing` says why there is none
 */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found) return { path: found };
  const tip = 'install Chromium or Chrome, or set CHROME_PATH';
  if (!findProgram('apt-get')) return { missing: `no Chromium or Chrome was found; ${tip}` };
  if (process.getuid?.() !== 0) return { missing: `no Chromium or Chrome was found, and only root may install it; ${tip}` };
  if (!(await aptInstall(['chromium', 'fonts-liberation']))) return { missing: `apt-get could not install chromium; ${tip}` };
  const installed = findBrowser();
  return installed ? { path: installed } : { missing: `apt-get installed no chromium; ${tip}` };
}

/** Installs Debian packages; false when that failed. */
export async function aptInstall(packages) {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: ['ignore', 'ignore', 'inherit'] };
  await run('apt-get', ['update', '-q'], options);
  return (await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options)) === 0;
}
