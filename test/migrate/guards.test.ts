import { describe, expect, it, test } from 'vitest';
import { realigned } from '../../server/src/core/migrate/edits/realign';
import { mayBe, mayHaveRole } from '../../server/src/core/migrate/mayBe';
import type { FargateProfileFact, TrustPolicyFact } from '../../server/src/core/model/facts';
import type { Text } from '../../server/src/core/text/text';
import { plain } from '../../server/src/core/text/texts';
import { profilesOf, type ProfileSources } from '../../server/src/core/wiring/fargate';

/** A text whose parts `${…}` no file tells. */
function partly(value: string): Text {
  const holes = Array.from(value.matchAll(/\$\{[^}]*\}/g), ({ index, 0: source }) => ({
    start: index,
    end: index + source.length,
    source,
    named: true,
  }));
  return { ...plain(value), holes };
}

test.each<[known: string | undefined, written: Text | undefined, value: string, answer: boolean]>([
  ['shop', undefined, 'shop', true],
  ['shop', partly('${x}'), 'other', false],
  [undefined, undefined, 'shop', true],
  [undefined, plain(''), 'shop', true],
  [undefined, plain('shop'), 'shop', true],
  [undefined, plain('shop'), 'shops', false],
  [undefined, partly('${x}'), 'shop', true],
  [undefined, partly('${x}-app'), 'shop-app', true],
  [undefined, partly('${x}-app'), 'shop-web', false],
  [undefined, partly('app-${x}'), 'app-shop', true],
  [undefined, partly('app-${x}'), 'web-shop', false],
  [undefined, partly('a-${x}-b-${y}-c'), 'a-1-z-2-c', true],
  [undefined, partly('ab${x}ba'), 'aba', false],
  [undefined, partly('ab${x}ba'), 'abba', true],
])('known as %s, written as %o: may be %s', (known, written, value, answer) => {
  expect(mayBe(known, written, value)).toBe(answer);
});

test.each<[asked: Text | undefined, fact: Pick<TrustPolicyFact, 'roleName' | 'roleArn'>, answer: boolean]>([
  [plain('prod-orders'), { roleName: partly('${env}-orders') }, true],
  [plain('prod-orders'), { roleArn: partly('arn:aws:iam::111122223333:role/${env}-orders') }, true],
  [plain('prod-orders'), { roleName: partly('${env}-carts') }, false],
  [plain('prod-orders'), { roleName: plain('') }, false],
  [plain('prod-orders'), {}, false],
  [partly('${x}'), { roleName: partly('${env}-orders') }, false],
  [undefined, { roleName: partly('${env}-orders') }, false],
])('an annotation for %o and a role %o', (asked, fact, answer) => {
  const roleArn = asked && { name: asked };
  expect(mayHaveRole({ roleArn } as Parameters<typeof mayHaveRole>[0], fact as TrustPolicyFact)).toBe(answer);
});

describe('signs around an entry that leaves its lines', () => {
  /** The text without the entry `longest_name`, as far as its neighbours' signs go. */
  const after = (text: string, stays = false, leaves = 'longest_name'): string => {
    const pairs = Array.from(text.matchAll(/^ *(\w+) *(?:=|\{)[^\n]*(?:\n {4}[^\n]*\n {2}\})?/gm), ({ index, 0: all, 1: name }) => {
      const start = index + all.indexOf(name!);
      return { name: { start, end: start + name!.length }, span: { start, end: index + all.length } };
    });
    const leaving = pairs.find(({ name }) => text.slice(name.start, name.end) === leaves)?.span ?? { start: 0, end: 0 };
    const changes = realigned(text, pairs.reverse(), leaving, stays);
    return [...changes]
      .sort((a, b) => b.span.start - a.span.start)
      .reduce((now, { span, newText }) => now.slice(0, span.start) + newText + now.slice(span.end), text);
  };

  it.each([
    ['  a            = 1\n  longest_name = 2\n  bcd          = 3\n', false, '  a   = 1\n  longest_name = 2\n  bcd = 3\n'],
    ['  a            = 1\n  longest_name = 2\n  bcd          = 3\n', true, '  a = 1\n  longest_name = 2\n  bcd = 3\n'],
    ['  a            = 1\r\n  longest_name = 2\r\n', false, '  a = 1\r\n  longest_name = 2\r\n'],
  ])('move where they were in one column: %j', (text, stays, expected) => {
    expect(after(text, stays)).toBe(expected);
  });

  it.each([
    ['not in one column', '  a   = 1\n  longest_name = 2\n'],
    ['a neighbour of several lines', '  a            = {\n    b = 1\n  }\n  longest_name = 2\n'],
    ['a line between', '  a            = 1\n\n  longest_name = 2\n'],
    ['a comment between', '  a            = 1\n  # why\n  longest_name = 2\n'],
    ['two on a line', '  a            = 1, longest_name = 2\n'],
    ['a longer one stays', '  even_longer_name = 1\n  longest_name     = 2\n'],
    ['several lines', '  a            = 1\n  longest_name = {\n    b = 1\n  }\n'],
    ['no such entry', '  a            = 1\n  bcd          = 2\n'],
  ])('stay: %s', (_, text) => {
    expect(after(text)).toBe(text);
  });
});

describe('the Fargate profiles of a cluster', () => {
  const profile = (clusterName: Text | undefined, namespace: string): FargateProfileFact =>
    ({
      kind: 'fargateProfile',
      selectors: [{ namespace, labels: {} }],
      ...(clusterName ? { clusterName } : {}),
    }) as unknown as FargateProfileFact;
  const files = [profile(plain('demo'), 'a'), profile(partly('${name}'), 'b'), profile(undefined, 'c'), profile(plain('other'), 'd')];
  const aws = {
    source: { label: 'AWS' },
    cluster: (arn: string) => (arn === 'arn:demo' ? { name: 'demo', fargateProfiles: [{ selectors: [{ namespace: 'e', labels: {} }] }] } : undefined), // prettier-ignore
  } as unknown as ProfileSources['aws'];
  const of = (cluster: Parameters<typeof profilesOf>[0], kind = 'together', places = [{}], hasAws = true): string =>
    profilesOf(cluster, places as never, { files, aws: hasAws ? aws : undefined, ground: () => ({ kind }) as never })
      .map(({ selectors, source }) => `${selectors[0]!.namespace}${source ?? ''}`)
      .join(' ');

  it.each([
    [{ name: 'demo' }, 'a'],
    [{ written: plain('demo') }, 'a'],
    [{ written: plain('demo'), name: 'other' }, 'a'],
    [{ written: partly('${name}') }, 'b'],
    [{ written: partly('${another}') }, ''],
    [{ arn: 'arn:demo' }, 'eAWS'],
    [{ arn: 'arn:else' }, ''],
    [{ name: 'demo', arn: 'arn:demo' }, 'a eAWS'],
    [{}, ''],
  ])('%o', (cluster, found) => {
    expect(of(cluster)).toBe(found);
  });

  it('are not those of another deployment, nor of AWS without its data', () => {
    expect(of({ name: 'demo', arn: 'arn:demo' }, 'apart')).toBe('eAWS');
    expect(of({ name: 'demo', arn: 'arn:demo' }, 'apart', [])).toBe('a eAWS');
    expect(of({ name: 'demo', arn: 'arn:demo' }, 'together', [{}], false)).toBe('a');
  });
});
