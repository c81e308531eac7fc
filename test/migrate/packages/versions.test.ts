import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isBefore, parseVersion } from '../../../server/src/core/migrate/packages/versions';
import { isTooOld } from '../../../server/src/core/migrate/packages/sdks';

describe('versions', () => {
  test.each([
    ['1.2.3', '1.2.4', true],
    ['v1.9.0', '1.10.0', true],
    ['1.10', '1.10.0', false],
    ['3.458.0-beta.1', '3.458.0', true],
    ['1.34.41rc1', '1.34.41', true],
    ['1.34.41.dev2', '1.34.41', true],
    ['1.34.41.post1', '1.34.41', false],
    ['v1.47.11-0.20231114120000-aabbccddeeff', '1.47.11', true],
    ['v1.47.12+incompatible', '1.47.11', false],
    ['1.14.0-debian-11-r2', '1.14.0', false],
    ['2.0.3-alpine', '2.0.3', false],
    ['3.7.302.15', '3.7.302', false],
    ['3.7.301.99', '3.7.302', true],
  ])('%s is before %s: %s', (a, b, before) => {
    expect(isBefore(parseVersion(a)!, parseVersion(b)!)).toBe(before);
  });

  it.each([
    '',
    'latest',
    '1',
    '^1.2.0',
    '~> 3',
    '>=1.0',
    '1.2.*',
    '1.2.x',
    '[1.0,2.0)',
    'dev-master',
    '${aws.version}',
    'git+ssh://x#1.2.3',
    'workspace:*',
    '1.2.0 || 2.0.0',
    '99999999999.1.0',
  ])('is unknown: %s', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  it('are ordered as numbers', () => {
    const part = fc.nat(3000);
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (a, b) => {
        const i = a.findIndex((each, at) => each !== b[at]);
        expect(isBefore(parseVersion(a.join('.'))!, parseVersion(b.join('.'))!)).toBe(i >= 0 && a[i]! < b[i]!);
      }),
    );
  });
});

describe('the minimum of each SDK', () => {
  test.each([
    ['js3', '3.457.0', true],
    ['js3', '3.458.0', false],
    ['js3', '1.0.0-gamma.2', true],
    ['go2', 'v1.24.0', true],
    ['go2', 'v1.25.0', false],
    ['go1', 'v0.0.0-20200101000000-aabbccddeeff', undefined],
    ['rust', '0.55.3', true],
    ['dotnet', '3.7.302.15', false],
    ['php', 'dev-master', undefined],
  ] as const)('%s %s is too old for EKS Pod Identity: %s', (sdk, version, old) => {
    expect(isTooOld(sdk, version, 'to-pod-identity')).toBe(old);
  });

  test.each([
    ['js3', '3.457.0', false],
    ['boto3', '1.9.219', true],
    ['go2', 'v0.1.0', undefined],
    ['java1', '1.11.703', true],
  ] as const)('%s %s is too old for IRSA: %s', (sdk, version, old) => {
    expect(isTooOld(sdk, version, 'to-irsa')).toBe(old);
  });
});
