import fc from 'fast-check';
import { expect, it } from 'vitest';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { judge } from '../../server/src/core/trust/judge';
import type { Decision, Request } from '../../server/src/core/trust/verdict';
import { runs } from '../support/runs';
import { stepped, type Files } from './host';
import { account, github, irsaStatement, issuer, manifest, otherIssuer, roleArn, settings } from './repositories';

const names = ['orders', 'cart', 'reports'] as const;
const subjectOf = (name: string): string => `system:serviceaccount:shop:${name}`;
const associations = (moved: readonly string[]): string =>
  JSON.stringify({
    version: 1,
    accounts: [
      {
        id: account,
        partition: 'aws',
        takenAt: '2026-11-20T10:00:00Z',
        roles: [],
        policies: [],
        providers: [],
        clusters: [{ arn: `arn:aws:eks:eu-west-1:${account}:cluster/demo`, name: 'demo', region: 'eu-west-1', issuer }],
        associations: moved.map((name) => ({
          id: `a-${name}`,
          clusterName: 'demo',
          region: 'eu-west-1',
          namespace: 'shop',
          serviceAccount: name,
          roleArn: roleArn('shop'),
        })),
        partial: [],
        regions: ['eu-west-1'],
      },
    ],
  });

const pods = (...values: readonly string[]): object => ({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition: {
    StringEquals: {
      'aws:RequestTag/kubernetes-namespace': 'shop',
      'aws:RequestTag/kubernetes-service-account': values.length === 1 ? values[0] : values,
    },
  },
});

const subjects = fc.subarray([...names, 'other'], { minLength: 1 }).map((some) => some.map(subjectOf));
const statement = fc.oneof(
  subjects.map((values) => irsaStatement(values)),
  subjects.map((values) => irsaStatement(values[0]!)),
  subjects.map((values) => irsaStatement(values, otherIssuer)),
  subjects.map((values) => irsaStatement(values, issuer, 'StringLike')),
  fc.constant(irsaStatement('system:serviceaccount:shop:or*', issuer, 'StringLike')),
  fc.constant(github),
  fc.subarray([...names], { minLength: 1 }).map((some) => pods(...some)),
  fc.constant({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }),
  fc.constantFrom(...names).map((name) => ({ ...irsaStatement(subjectOf(name)), Effect: 'Deny' })),
);

const policies = fc
  .record({ statements: fc.array(statement, { minLength: 1, maxLength: 5 }), indent: fc.constantFrom(0, 2, 4), crlf: fc.boolean() })
  .map(({ statements, indent, crlf }) => {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, indent);
    return crlf ? `${text}\n`.replaceAll('\n', '\r\n') : text;
  });

const repository = (policy: string): Files => ({
  'pod-roles.yaml': settings('trustPolicyQuota: 8192\nroles:\n  shop: iam/shop.json\n'),
  ...Object.fromEntries(names.map((name) => [`k8s/${name}.yaml`, manifest(name, roleArn('shop'))])),
  'iam/shop.json': policy,
  'pod-roles.snapshot.json': associations(names),
});

/** Everybody who may be asked about: each account of two namespaces, by both clusters' tokens and by associations of two clusters. */
const requests: readonly (readonly [string, Request])[] = ['shop', 'bank'].flatMap((namespace) =>
  [...names, 'other', 'order'].flatMap((serviceAccount) => {
    const who = { namespace, serviceAccount, roleAccount: account };
    return [
      ...[issuer, otherIssuer, 'token.actions.githubusercontent.com'].map(
        (of) => [`irsa ${namespace}/${serviceAccount} ${of}`, { ...who, mechanism: 'irsa', issuer: of }] as const,
      ),
      ...['demo', 'stage'].map(
        (clusterName) => [`pods ${namespace}/${serviceAccount} ${clusterName}`, { ...who, mechanism: 'pod-identity', clusterName, account }] as const, // prettier-ignore
      ),
    ];
  }),
);

const decisionsOf = (text: string): Map<string, Decision> => {
  const policy = policyFromText(text);
  return new Map(requests.map(([who, request]) => [who, judge(policy, request).decision]));
};

/** Those whose decision changed, with both. */
const changed = (before: string, after: string): string[] => {
  const now = decisionsOf(after);
  return [...decisionsOf(before)].flatMap(([who, was]) => (was === now.get(who) ? [] : [`${who}: ${was} to ${now.get(who)!}`]));
};

const policyOf = (files: Files): string => files['iam/shop.json']!;
const moved = fc.subarray([...names], { minLength: 1 });
const accountsOf = (some: readonly string[]) => some.map((name) => ({ namespace: 'shop', name }));

it('expand lets in nobody but the accounts that it names, and undo gives the text back', () => {
  let steps = 0;
  fc.assert(
    fc.property(policies, moved, (policy, some) => {
      const files = repository(policy);
      const { result, files: after } = stepped(files, { step: 'expand', accounts: accountsOf(some) });
      for (const change of changed(policy, policyOf(after))) {
        expect(change).toMatch(/^pods shop\/\S+ demo: denied to allowed$/);
        expect(result.accounts).toContain(/^pods (\S+)/.exec(change)![1]);
      }
      for (const { proof } of result.proofs) expect([proof.keeps.kind, proof.addsNobody.kind]).toEqual(['included', 'included']);
      const again = stepped(after, { step: 'expand', accounts: accountsOf(some) });
      expect(policyOf(again.files)).toBe(policyOf(after));
      // What was there before is not what the step added: then undo may take more away.
      if (policyOf(after) === policy || policy.includes('pods.eks')) return;
      steps++;
      const undone = stepped(after, { step: 'undo', accounts: accountsOf(some) });
      expect(policyOf(undone.files)).toBe(policy);
    }),
    { numRuns: runs(300) },
  );
  expect(steps).toBeGreaterThan(runs(300) / 10);
});

it('contract takes IRSA from the accounts that it names alone, at this cluster alone', () => {
  let steps = 0;
  fc.assert(
    fc.property(policies, moved, (policy, some) => {
      const { files: expanded } = stepped(repository(policy), { step: 'expand', accounts: accountsOf(some) });
      const { result, files: after } = stepped(expanded, { step: 'contract', accounts: accountsOf(some) });
      for (const change of changed(policyOf(expanded), policyOf(after))) {
        const [, who, of] = /^irsa (\S+) (\S+): allowed to denied$/.exec(change) ?? [];
        expect(result.accounts, change).toContain(who);
        expect(of).toBe(issuer);
      }
      const now = decisionsOf(policyOf(after));
      for (const who of result.accounts) {
        steps++;
        expect(now.get(`pods ${who} demo`)).toBe('allowed');
        expect(after[`k8s/${who.slice(5)}.yaml`]).not.toContain('role-arn');
      }
      for (const name of names)
        if (!result.accounts.includes(`shop/${name}`)) expect(after[`k8s/${name}.yaml`]).toBe(expanded[`k8s/${name}.yaml`]);
    }),
    { numRuns: runs(300) },
  );
  expect(steps).toBeGreaterThan(runs(300) / 10);
});

it('the way back lets in nobody but the accounts that it names', () => {
  fc.assert(
    fc.property(policies, moved, (policy, some) => {
      const { files } = stepped(repository(policy), { step: 'expand', direction: 'to-irsa', accounts: accountsOf(some) });
      for (const change of changed(policy, policyOf(files))) {
        const [, who] = /^irsa (shop\/\S+) \S+: denied to allowed$/.exec(change) ?? [];
        expect(some.map((name) => `shop/${name}`), change).toContain(who); // prettier-ignore
        expect(change).toContain(issuer);
      }
      const { result, files: after } = stepped(files, { step: 'contract', direction: 'to-irsa', accounts: accountsOf(some) });
      for (const change of changed(policyOf(files), policyOf(after))) {
        const [, who] = /^pods (shop\/\S+) \S+: allowed to denied$/.exec(change) ?? [];
        expect(result.accounts, change).toContain(who);
      }
    }),
    { numRuns: runs(200) },
  );
});
