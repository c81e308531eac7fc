import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../server/src/cli/diff';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { fixableAccount, issuer, rightAccount, trust, wrongAccount } from './files';
import { runs } from '../support/runs';

const cli = useCli();
const quoted = fixableAccount.replace(': 3600', ': "3600"');

describe('--fix', () => {
  it('mends, says what, and leaves what only a person can decide', async () => {
    const cwd = folder({ 'sa.yaml': `${fixableAccount}---\n${wrongAccount}`, 'right.yaml': rightAccount });
    const { code, stdout } = await cli(['check', '--fix'], { cwd });
    expect(readFileSync(join(cwd, 'sa.yaml'), 'utf8')).toBe(`${quoted}---\n${wrongAccount}`);
    expect(readFileSync(join(cwd, 'right.yaml'), 'utf8')).toBe(rightAccount);
    expect(stdout).toMatch(
      /^sa\.yaml\n.*role-arn-malformed\n(?: {18}.*\n)+\nFixed in 1 file:\n {2}sa\.yaml: .*\n\n1 error in 1 file\. Checked 2 of 2 files/,
    );
    expect(code).toBe(1);
  });

  it('keeps line ends, byte order mark, encoding, mode and link', async () => {
    const cwd = folder({
      'crlf.yaml': `\uFEFF${fixableAccount.replaceAll('\n', '\r\n')}`,
      'utf16.yaml': Buffer.from(`\uFEFF${fixableAccount}`, 'utf16le'),
      'real/file.yaml': fixableAccount,
    });
    chmodSync(join(cwd, 'crlf.yaml'), 0o600);
    symlinkSync('real/file.yaml', join(cwd, 'link.yaml'));
    expect((await cli(['check', '--fix', 'crlf.yaml', 'utf16.yaml', 'link.yaml'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'crlf.yaml'), 'utf8')).toBe(`\uFEFF${quoted.replaceAll('\n', '\r\n')}`);
    expect(readFileSync(join(cwd, 'utf16.yaml'), 'utf16le')).toBe(`\uFEFF${quoted}`);
    expect(readFileSync(join(cwd, 'real/file.yaml'), 'utf8')).toBe(quoted);
    if (process.platform !== 'win32') expect(statSync(join(cwd, 'crlf.yaml')).mode & 0o777).toBe(0o600);
  });

  it('goes on in rounds until nothing is left', async () => {
    const twice = fixableAccount.replace('    eks', '    eks.amazonaws.com/sts-regional-endpoints: true\n    eks');
    const cwd = folder({ 'sa.yaml': twice });
    expect((await cli(['check', '--fix'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'sa.yaml'), 'utf8')).toBe(twice.replace(': true', ': "true"').replace(': 3600', ': "3600"'));
  });

  it('does not write when there is nothing to mend', async () => {
    const cwd = folder({ 'sa.yaml': wrongAccount });
    const before = statSync(join(cwd, 'sa.yaml')).mtimeMs;
    await cli(['check', '--fix'], { cwd });
    expect(statSync(join(cwd, 'sa.yaml')).mtimeMs).toBe(before);
  });

  it('is refused for standard input, and beside --fix-dry-run', async () => {
    const cwd = folder();
    const stdin = await cli(['check', '--fix', '-'], { cwd, input: fixableAccount });
    expect([stdin.code, stdin.stdout]).toEqual([2, '']);
    expect(stdin.stderr).toContain('--fix cannot write to standard input');
    expect((await cli(['check', '--fix', '--fix-dry-run'], { cwd })).code).toBe(2);
  });
});

describe('--fix-dry-run', () => {
  it('prints a patch that Git takes and that mends like --fix, and writes nothing', async () => {
    const cwd = folder({
      'k8s/s a.yaml': fixableAccount,
      'iam/app/trust.json': trust('system:serviceaccount:demo:app')
        .replace(`${issuer}:sub`, `${issuer}:aud`)
        .replace(/,\n.*"sts.amazonaws.com"/, ''),
    });
    const { code, stdout } = await cli(['check', '--fix-dry-run', '--fail-on', 'never'], { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'k8s/s a.yaml'), 'utf8')).toBe(fixableAccount);
    execFileSync('git', ['init', '-q'], { cwd });
    writeFileSync(join(cwd, 'fix.patch'), stdout);
    execFileSync('git', ['apply', 'fix.patch'], { cwd });
    expect(readFileSync(join(cwd, 'k8s/s a.yaml'), 'utf8')).toBe(quoted);
    expect(readFileSync(join(cwd, 'iam/app/trust.json'), 'utf8')).toContain(':sub": "system:serviceaccount:demo:app"');
  });

  it('works for standard input, and in JSON', async () => {
    const cwd = folder();
    const { stdout } = await cli(['check', '-', '--stdin-path', 'sa.yaml', '--fix-dry-run', '--format', 'json'], {
      cwd,
      input: fixableAccount,
    });
    const { fixed } = JSON.parse(stdout) as { fixed: { path: string; fixes: string[]; diff: string }[] };
    expect(fixed.map(({ path, fixes }) => [path, fixes.length])).toEqual([['sa.yaml', 1]]);
    expect(fixed[0]!.diff).toBe(unifiedDiff('sa.yaml', fixableAccount, quoted));
  });
});

describe('the diff', () => {
  it('is as diff -u writes it', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n';
    const after = 'a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl';
    expect(unifiedDiff('x.txt', before, after)).toBe(
      '--- a/x.txt\n+++ b/x.txt\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -9,3 +9,4 @@\n i\n j\n k\n+l\n\\ No newline at end of file\n',
    );
    expect(unifiedDiff('x.txt', before, before)).toBe('');
  });

  it('turns the one text into the other, for any texts', () => {
    const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n'), { maxLength: 40 }).map((lines) => lines.join(''));
    const anyText = fc.tuple(text, fc.constantFrom('', 'end', 'b')).map(([lines, end]) => lines + end);
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        expect(patch(before, unifiedDiff('x', before, after))).toBe(after);
      }),
      { numRuns: runs(500) },
    );
  });
});

/** A plain reading of a unified diff. */
function patch(before: string, diff: string): string {
  const old = before.split(/(?<=\n)/).filter((line) => line !== '');
  const out: string[] = [];
  let at = 0;
  const lines = diff.split('\n').slice(2);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const ended = lines[i + 1] !== '\\ No newline at end of file';
    const header = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (header) {
      const from = Number(header[1]) - (header[2] === '0' ? 0 : 1);
      while (at < from) out.push(old[at++]!);
    } else if (line.startsWith('-') || line.startsWith(' ')) {
      expect(old[at]).toBe(line.slice(1) + (ended ? '\n' : ''));
      if (line.startsWith(' ')) out.push(old[at]!);
      at++;
    } else if (line.startsWith('+')) out.push(line.slice(1) + (ended ? '\n' : ''));
  }
  return [...out, ...old.slice(at)].join('');
}
