import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awsCommand } from '../../server/src/core/generate/text/shell';
import { shellQuote } from '../../server/src/core/text/shellQuote';
import { runs } from '../support/runs';

const hostile = [
  '',
  '-x',
  '=ls',
  '~',
  '~root',
  '$(x)',
  '`x`',
  'my "$(x)"',
  "it's",
  "\\'",
  '!!',
  'a\nb',
  'a\tb',
  '\u0003',
  '\u001b[2J',
  '\u202Egpj',
  'a\u0085b',
  'e\u200b',
  '🙂',
  '\u{e0041}',
  '\\n',
  '\\012',
  '*',
  '#',
  'a;b',
  '{a,b}',
  '<(x)',
  'a=b',
];

/** What a shell takes the words for. */
function taken(shell: string, words: readonly string[]): string[] {
  const { stdout } = spawnSync(shell, ['-c', `printf '%s\\0' ${words.map(shellQuote).join(' ')}`], { encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}

describe('a word of a shell', () => {
  test('means itself to bash, whatever it holds', () => {
    const any = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...'ab $`"\'\\!*?[]{}()<>|&;#~=\n\té-\u001b\u202e0'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 20,
    });
    const values = [
      ...hostile,
      ...fc.sample(
        any.filter((text) => !text.includes('\0')),
        { numRuns: runs(100) },
      ),
    ];
    expect(taken('bash', values)).toEqual(values);
  });

  test('means itself to the plain shell too, unless it holds what cannot be seen', () => {
    const values = hostile.filter((text) => !/[\p{Cc}\p{Cf}]/u.test(text));
    expect(taken('sh', values)).toEqual(values);
  });

  test('holds nothing that a terminal acts on when the line is pasted', () => {
    expect(shellQuote(hostile.join(''))).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(shellQuote('a\ud800')).toBe("$'a\\357\\277\\275'");
  });

  test('stays as it is where that means itself', () => {
    expect(['arn:aws:iam::111122223333:role/app', 'https://example.com/id/A', 'a_b-c.d@e'].map(shellQuote)).toEqual([
      'arn:aws:iam::111122223333:role/app',
      'https://example.com/id/A',
      'a_b-c.d@e',
    ]);
  });
});

test('a value that begins with a dash is no option of the AWS CLI', () => {
  expect(awsCommand('sso login', { profile: '--endpoint-url=http://x y', region: undefined })).toBe(
    "aws sso login --profile='--endpoint-url=http://x y'",
  );
  expect(awsCommand('sso login', { profile: 'my "$(x)"' })).toBe(`aws sso login --profile 'my "$(x)"'`);
});
