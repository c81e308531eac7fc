import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admits } from '../../server/src/core/trust/admits';
import { refusals } from '../../server/src/core/trust/refusals';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { webPolicy, name } from './arbitraries';
import { askIrsa, allow } from './support';
import { runs } from '../support/runs';

const anyDeny = fc
  .constantFrom(undefined, { StringLike: { 'aws:SourceIp': '*' } }, { StringNotEquals: { 'x.example.com:sub': 'y' } })
  .map((condition) => allow(condition, { Effect: 'Deny' }));

/** The same JSON with keys and lists in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).reverse();
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([k, v]) => [k, reversed(v)])
      .reverse(),
  );
}

describe('what always holds', () => {
  it('a Deny more never lets anyone in', () => {
    fc.assert(
      fc.property(webPolicy, anyDeny, name, name, (policy, deny, namespace, serviceAccount) => {
        const before = askIrsa(policy, { namespace, serviceAccount }).decision;
        const after = askIrsa({ ...policy, Statement: [...policy.Statement, deny] }, { namespace, serviceAccount }).decision;
        if (before === 'denied') expect(after).toBe('denied');
        if (after === 'allowed') expect(before).toBe('allowed');
      }),
      { numRuns: runs(1500) },
    );
  });

  it('order never matters', () => {
    fc.assert(
      fc.property(webPolicy, name, name, (policy, namespace, serviceAccount) => {
        const request = { namespace, serviceAccount };
        expect(askIrsa(reversed(policy) as object, request).decision).toBe(askIrsa(policy, request).decision);
      }),
      { numRuns: runs(1500) },
    );
  });

  it('the trace, which is worked out when it is read, tells what was decided', () => {
    const told = { allowed: 0, denied: 0 };
    fc.assert(
      fc.property(webPolicy, anyDeny, fc.boolean(), name, name, (policy, deny, denies, namespace, serviceAccount) => {
        const document = denies ? { ...policy, Statement: [...policy.Statement, deny] } : policy;
        const verdict = askIrsa(document, { namespace, serviceAccount });
        const applies = (effect: string) =>
          verdict.trace.some((step) => step.element === 'Statement' && step.effect === effect && step.matched === true);
        if (verdict.decision === 'allowed') {
          told.allowed++;
          expect([applies('Allow'), applies('Deny')]).toEqual([true, false]);
        } else if (verdict.decision === 'denied') {
          told.denied++;
          expect(verdict.trace.some(({ matched }) => matched === false) || applies('Deny')).toBe(true);
        }
        expect(verdict.trace).toBe(verdict.trace);
      }),
      { numRuns: runs(3000) },
    );
    expect(Math.min(told.allowed, told.denied)).toBeGreaterThan(20);
  });

  it('a hole that is filled never contradicts a sure verdict', () => {
    const filling = fc.constantFrom(
      'demo',
      'app',
      '*',
      'sub',
      'aud',
      'x',
      'StringLike',
      'sts:AssumeRoleWithWebIdentity',
      'system:serviceaccount:demo:app',
      'a:b',
      '',
    );
    const sure = { allowed: 0, denied: 0 };
    fc.assert(
      fc.property(webPolicy, fc.nat(), filling, name, name, (policy, at, value, namespace, serviceAccount) => {
        const text = JSON.stringify(policy);
        // A stretch of letters somewhere in the policy's values becomes a hole, or the filling.
        const places = [...text.matchAll(/(?<=")[^"]*?(demo|app|system|sub|aud|AssumeRole\w*|String\w+)(?=[^"]*")/g)].filter(
          (m) => !m[0].includes('${'),
        );
        const place = places[at % Math.max(1, places.length)];
        if (!place) return;
        const start = place.index + place[0].length - place[1]!.length;
        const put = (word: string) => text.slice(0, start) + word + text.slice(start + place[1]!.length);
        const withHole = askIrsa(put('{{ .Values.hole }}'), { namespace, serviceAccount }).decision;
        if (withHole === 'unknown') return;
        const filled = askIrsa(put(value), { namespace, serviceAccount });
        // A filling that IAM refuses is no policy.
        if (filled.trace.some((step) => step.message.startsWith('IAM rejects'))) return;
        sure[withHole]++;
        expect(filled.decision, put(value)).toBe(withHole);
      }),
      { numRuns: runs(3000) },
    );
    expect(Math.min(sure.allowed, sure.denied)).toBeGreaterThan(runs(3000) / 60);
  });

  it('survives any text', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"Statement"',
      '"Effect"',
      '"Allow"',
      '"Principal"',
      '"Federated"',
      '"Condition"',
      '"StringLike"',
      '"Action"',
      'null',
      '1',
      '"%7B"',
      '"${',
      '\\',
      '{{ x }}',
      '//',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((p) => p.join('')),
        ),
        (text) => {
          const policy = policyFromText(text);
          refusals(policy);
          admits(policy);
          askIrsa(text);
        },
      ),
      { numRuns: runs(1500) },
    );
  });
});
