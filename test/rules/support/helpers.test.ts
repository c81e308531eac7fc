import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annotationKeys, otherPrefixKeys } from '../../../server/src/core/model/annotations';
import { meantKey } from '../../../server/src/core/model/meantKey';
import { readRecord } from '../../../server/src/core/text/csv';
import { rewrite } from '../../../server/src/core/rules/support/edits';
import { roleArnProblem } from '../../../server/src/core/model/roleArnProblem';
import { isStandInAccount } from '../../../server/src/core/model/standIns';
import { plain } from '../../../server/src/core/text/texts';
import { runs } from '../../support/runs';

describe('readRecord reads as Go encoding/csv does', () => {
  test.each([
    ['a,b', ['a', 'b']],
    ['a, b', ['a', ' b']],
    ['a', ['a']],
    ['a,', ['a', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"a""b"', ['a"b']],
    ['a\nb', ['a']],
    ['\n\na,b', ['a', 'b']],
  ])('%j', (text, values) => {
    expect(readRecord(text)?.map((field) => field.value)).toEqual(values);
  });
  test.each(['a"b', '"a', '"a"b,c', ' "a"'])('%j is an error', (text) => {
    expect(readRecord(text)).toBeUndefined();
  });
  test('fields stand where they say', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z ]{0,5}$/), { minLength: 1 }), (names) => {
        const text = names.join(',');
        expect(readRecord(text)?.map(({ start, end }) => text.slice(start, end))).toEqual(names);
      }),
    );
  });
});

describe('meantKey', () => {
  test.each(annotationKeys.map(({ key }) => key))('is silent about %s itself', (key) => {
    expect(meantKey(key)).toBeUndefined();
  });
  test.each([...otherPrefixKeys])('is silent about the other key %s', (name) => {
    expect(meantKey(`eks.amazonaws.com/${name}`)).toBeUndefined();
  });
  test.each([
    'eks.amazonaws.com/owner',
    'sts.amazonaws.com/role-arn',
    'testing.eks.amazonaws.com/skip',
    'vpc.amazonaws.com/pod-eni',
    'role',
    'app',
    '',
    '/',
    'eks.amazonaws.com/',
    'iam.amazonaws.com/external-id',
    'eks.amazonaws.com/audit',
  ])('is silent about %j', (key) => {
    expect(meantKey(key)).toBeUndefined();
  });
  test('one letter lost, doubled or swapped in a long name is still that name', () => {
    const long = annotationKeys.filter(({ short }) => short.length > 10);
    fc.assert(
      fc.property(fc.constantFrom(...long), fc.nat(), fc.constantFrom('drop', 'double', 'swap'), ({ key, short }, n, how) => {
        const at = key.length - short.length + (n % (short.length - 1));
        const [a, b] = [key[at]!, key[at + 1]!];
        const slip = how === 'drop' ? b : how === 'double' ? a + a + b : b + a;
        const wrong = key.slice(0, at) + slip + key.slice(at + 2);
        if (wrong !== key) expect(meantKey(wrong)?.meant.key).toBe(key);
      }),
    );
  });
  test('survives any text', () => {
    fc.assert(fc.property(fc.string(), (key) => void meantKey(key)));
  });
});

describe('roleArnProblem', () => {
  const account = fc.stringMatching(/^\d{12}$/);
  const name = fc.stringMatching(/^[\w+=,.@-]{1,64}$/);
  const path = fc.array(fc.stringMatching(/^[\w.-]{1,10}$/), { maxLength: 4 }).map((parts) => parts.map((part) => `${part}/`).join(''));
  const partition = fc.constantFrom('aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b', 'aws-eusc');
  test('every role ARN is right', () => {
    fc.assert(
      fc.property(
        partition,
        account,
        path,
        name.filter((n) => !/,$/.test(n)),
        (p, a, way, n) => {
          expect(roleArnProblem(plain(`arn:${p}:iam::${a}:role/${way}${n}`))).toBeUndefined();
        },
      ),
    );
  });
  test('every other kind of resource is wrong', () => {
    fc.assert(
      fc.property(fc.constantFrom('user', 'group', 'policy', 'instance-profile', 'oidc-provider'), account, name, (kind, a, n) => {
        expect(roleArnProblem(plain(`arn:aws:iam::${a}:${kind}/${n}`))).toBeDefined();
      }),
    );
  });
  test('what it mends is right, and any text is survived', () => {
    const parts = fc.constantFrom(
      'arn',
      ':',
      '::',
      'aws',
      'iam',
      'role',
      '/',
      'user/',
      '123456789012',
      '48151623421',
      'demo',
      ' ',
      '"',
      ',',
      'eu-west-1',
      '\n',
      '*',
      'ARN',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts, { maxLength: 14 }).map((list) => list.join('')),
        ),
        (text) => {
          const mended = roleArnProblem(plain(text))?.corrected;
          if (mended) expect(roleArnProblem(plain(mended.value))).toBeUndefined();
        },
      ),
      { numRuns: runs(2000) },
    );
  });
  test('long hostile values cost nothing', () => {
    for (const text of [' '.repeat(1e6) + 'x', 'arn:' + ':'.repeat(1e6), 'arn:aws:iam::' + '1'.repeat(1e6)])
      expect(() => roleArnProblem(plain(text))).not.toThrow();
  });
});

describe('isStandInAccount', () => {
  test.each([
    '123',
    '123456789',
    '1234567890',
    '12345678901',
    '11111111111',
    '0000000000000',
    '1234-5678-9012',
    '111122223333',
    'ACCOUNT',
    '12121212121',
  ])('%s', (account) => {
    expect(isStandInAccount(account)).toBe(true);
  });
  test.each(['48151623421', '4815162342129', '4815-1623-4212', '90210388477'])('not %s', (account) => {
    expect(isStandInAccount(account)).toBe(false);
  });
});

test('rewrite gives the value, whatever was there', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (from, to) => {
      const { span, newText } = rewrite({ uri: 'file:///a', index: 0, start: 0 }, plain(from), to);
      expect(from.slice(0, span.start) + newText + from.slice(span.end)).toBe(to);
    }),
  );
});
