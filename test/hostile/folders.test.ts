import { describe, expect, it } from 'vitest';
import { hostileFolders } from './folders';
import { patience, runHostile, serveHostile } from './watchdog';

const here = hostileFolders.filter(({ posix }) => !posix || process.platform !== 'win32');

describe('a hostile folder in the command line', () => {
  it.each(here)('$name', { timeout: patience + 10_000 }, async (hostile) => {
    const { code, output } = await runHostile(hostile);
    expect(code, output.slice(-2000)).not.toBeNull();
    if (hostile.code === undefined) expect([0, 1], output.slice(-2000)).toContain(code);
    else expect(code, output.slice(-2000)).toBe(hostile.code);
    if (hostile.says) expect(output).toMatch(hostile.says);
    expect(output).not.toMatch(/mistake in pod-roles|internal error/);
  });
});

describe('a hostile folder in the server', () => {
  it.each(here.filter(({ args }) => !args))('$name', { timeout: 6 * patience }, async (hostile) => {
    await expect(serveHostile(hostile)).resolves.toBeUndefined();
  });
});
