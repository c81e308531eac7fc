import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyFromText } from '../../../server/src/core/readers/policyDocument';
import { includes } from '../../../server/src/core/trust/compare/includes';
import type { Inclusion } from '../../../server/src/core/trust/compare/types';
import { judge } from '../../../server/src/core/trust/judge';
import { runs } from '../../support/runs';
import { referenceRefuses } from '../reference';
import { edited, policy, statement, type PolicyText } from './arbitraries';
import { allowedApart, requestsOf } from './requests';

const read = (policies: readonly PolicyText[]) => policies.map((each) => policyFromText(JSON.stringify(each)));
const compare = (all: readonly PolicyText[], part: readonly PolicyText[]): Inclusion => includes(read(all), read(part));

/** A set of policies, and another one that is often made of it. */
const pair = fc.array(policy, { minLength: 1, maxLength: 2 }).chain((part) => {
  const [first, last] = [part[0]!, part.at(-1)!];
  const all = fc.oneof(
    fc.tuple(edited(first)),
    fc.tuple(edited(first).chain(edited)),
    fc.tuple(edited(first), policy),
    fc.tuple(policy),
    fc.tuple(edited(first), edited(last)),
  );
  return fc.tuple(fc.constant(part), all);
});

/** A witness must be one by the evaluator, and one of another kind than a pod by the plain evaluator. */
function expectWitness(
  result: Extract<Inclusion, { kind: 'not-included' }>,
  part: readonly PolicyText[],
  all: readonly PolicyText[],
): void {
  const { request, words } = result.witness;
  expect(words).not.toBe('');
  if (!request) {
    const told = requestsOf(words);
    expect(told, words).not.toEqual([]);
    expect(allowedApart(part, all, told), words).not.toEqual([]);
    return;
  }
  expect(read(part).map((each) => judge(each, request).decision)).toContain('allowed');
  expect(new Set(read(all).map((each) => judge(each, request).decision))).toEqual(new Set(['denied']));
}

/** What no source settles: whether tokens of GitHub may have session tags, whether EKS needs sts:TagSession without tags, keys of several values without a set operator, a lone star as an ARN, and what a role of another account may do there. */
const unsettled =
  /session tags\.$|condition [\w:]+ on aws:TagKeys\.$|sts:TagSession, which passes|the value \* of \S*Arn|the value of aws:requesttag\/|in its own account\.$/i;

describe('the comparison against the evaluators, by brute force', () => {
  it('says included only if no request is allowed by the part alone, else names a witness; and decides wherever the policies tell all', () => {
    const seen = { included: 0, 'not-included': 0, unknown: 0 };
    const cases = runs(3000);
    fc.assert(
      fc.property(pair, ([part, all]) => {
        const result = compare(all, part);
        seen[result.kind]++;
        if (result.kind === 'included') expect(allowedApart(part, all)).toEqual([]);
        else if (result.kind === 'unknown') expect(result.because).toMatch(unsettled);
        else expectWitness(result, part, all);
      }),
      { numRuns: cases },
    );
    expect(Math.min(seen.included, seen['not-included'])).toBeGreaterThan(cases / 10);
    expect(seen.unknown).toBeLessThan(cases / 20);
  }, 240_000);

  it('holds whatever stands in placeholders', () => {
    const seen = { included: 0, 'not-included': 0, unknown: 0 };
    const filling = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '??', '1', '');
    const cases = runs(2000);
    fc.assert(
      fc.property(pair, fc.nat(), filling, fc.boolean(), ([part, all], at, value, both) => {
        // A name in subjects and tags, or an account, becomes a placeholder everywhere, or in one of the sides.
        const word = ['a', 'ab', 'b', '111122223333'][at % 4]!;
        const [from, holed] = holesFor(word);
        const put = (sides: readonly PolicyText[], what: string) =>
          sides.map((each) => JSON.parse(from(JSON.stringify(each), what)) as PolicyText);
        const result = compare(put(all, holed), both ? put(part, holed) : part);
        seen[result.kind]++;
        if (result.kind === 'unknown') return;
        const [filledAll, filledPart] = [put(all, value), both ? put(part, value) : part];
        if (result.kind === 'included') {
          const valid = (sides: readonly PolicyText[]) => sides.filter((each) => !referenceRefuses(each));
          expect(allowedApart(valid(filledPart), valid(filledAll))).toEqual([]);
        } else if (result.witness.request) expectWitness(result, filledPart, filledAll);
      }),
      { numRuns: cases },
    );
    expect(Math.min(seen.included, seen['not-included'], seen.unknown)).toBeGreaterThan(cases / 40);
  }, 240_000);
});

/** How a word is put in the place of a name, and a placeholder for it. */
function holesFor(word: string): readonly [(text: string, what: string) => string, string] {
  const holed = '{{ .Values.hole }}';
  return word.length > 2
    ? [(text, what) => text.replaceAll(`iam::${word}:`, `iam::${what}:`), holed]
    : [
        (text, what) => text.replaceAll(`:${word}"`, `:${what}"`).replaceAll(`"${word}"`, `"${what}"`).replaceAll(`:${word}:`, `:${what}:`),
        holed,
      ];
}

describe('laws of inclusion', () => {
  it('a policy includes itself, however it is laid out', () => {
    fc.assert(
      fc.property(policy, (one) => {
        expect(compare([one], [one]).kind).toBe('included');
        expect(compare([{ ...one, Statement: [...one.Statement].reverse() }], [one]).kind).toBe('included');
      }),
      { numRuns: runs(800) },
    );
  });

  it('what includes a policy that includes a third one includes that one', () => {
    let premises = 0;
    const three = policy.chain((a) => edited(a).chain((b) => edited(b).map((c) => [a, b, c] as const)));
    fc.assert(
      fc.property(three, fc.boolean(), ([a, b, c], turned) => {
        const [small, middle, large] = turned ? [c, b, a] : [a, b, c];
        if (compare([middle], [small]).kind !== 'included' || compare([large], [middle]).kind !== 'included') return;
        premises++;
        expect(compare([large], [small]).kind).toBe('included');
      }),
      { numRuns: runs(1500) },
    );
    expect(premises).toBeGreaterThan(runs(1500) / 5);
  });

  it('one Allow statement more includes what was there, one Deny statement more is included', () => {
    fc.assert(
      fc.property(policy, statement, (one, more) => {
        const longer = { ...one, Statement: [...one.Statement, more] };
        const result = more.Effect === 'Allow' ? compare([longer], [one]) : compare([one], [longer]);
        expect(result.kind).toBe('included');
      }),
      { numRuns: runs(800) },
    );
  });

  it('policies together include each of them, and what includes each includes all', () => {
    fc.assert(
      fc.property(policy, policy, policy, (a, b, c) => {
        expect(compare([a, b], [a]).kind).toBe('included');
        expect(compare([a, b, c], [c, a]).kind).toBe('included');
        expect(compare([a], []).kind).toBe('included');
        if (compare([a], [b]).kind === 'included' && compare([a], [c]).kind === 'included')
          expect(compare([a], [b, c]).kind).toBe('included');
      }),
      { numRuns: runs(800) },
    );
  });
});
