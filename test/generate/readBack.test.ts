import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { neighbours } from '../../server/src/core/generate/prove';
import { requestFor, type Pair } from '../../server/src/core/generate/pair';
import { writers } from '../../server/src/core/generate/writers/registry';
import type { Writer } from '../../server/src/core/generate/writers/writer';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { literal } from '../../server/src/core/text/texts';
import { accessByGrant } from '../../server/src/core/trust/access';
import { judge } from '../../server/src/core/trust/judge';
import type { WorkspaceView } from '../../server/src/core/features/workspaceView';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { loadHcl } from '../../server/src/hcl/load';
import { pairOf, pairs, podPair } from './arbitraries';
import { runs } from '../support/runs';

/** Formats whose trust policy is known but for the issuer, which the tool puts in: the own account is not refused, other accounts are. */
const withoutIssuer: readonly string[] = ['eksctl'];
const readable = writers.filter(({ id }) => !withoutIssuer.includes(id));

beforeAll(async () => setHclParser(await loadHcl()));

/** What reads the files of a format. A script's heredocs are joined with one another, apart from other files. */
function workspaceOf(writer: Writer, pair: Pair): WorkspaceView {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
  });
  const files = writer.write(pair);
  for (const { path, text } of files) workspace.load(uriOf(path), text);
  return files.length === 1 ? workspace.viewOf(uriOf(files[0]!.path)) : workspace;
}

const uriOf = (path: string): string => `file:///w/${path.split('/').map(encodeURIComponent).join('/')}`;

function canWrite(writer: Writer, pair: Pair): boolean {
  return (writer.cannot?.(pair) ?? []).length === 0;
}

function holds(writer: Writer, pair: Pair): void {
  const { wiring } = workspaceOf(writer, pair);
  const [policy, second] = [...wiring.policies()];
  expect(second).toBeUndefined();
  expect(policy?.policy.problems).toEqual([]);
  expect(policy?.concerns).toBe(pair.mechanism);
  // The pair's own account, and nobody else.
  expect(judge(policy!.policy, requestFor(pair)).decision).toBe('allowed');
  for (const { who, request } of neighbours(pair))
    expect({ who, decision: judge(policy!.policy, request).decision }).toEqual({ who, decision: 'denied' });

  const [account, another] = wiring.accountsNamed(pair.account.name, pair.account.namespace);
  expect(another).toBeUndefined();
  expect(account).toBeDefined();
  if (pair.mechanism === 'pod-identity') {
    expect(account!.roleArn).toBeUndefined();
    return;
  }
  // Terraform's reference to the role leaves partition and account open.
  expect(account!.roleArn?.value?.value.split(':').pop()).toBe(pair.role.arn.split(':').pop());
  // A name in capitals may be a placeholder, and one of a letter or two is no folder's: then nothing is tied by it.
  if (/^[a-z]{3}/.test(pair.role.name) && /^[/a-z]*$/.test(pair.role.path)) expect(wiring.chainOf(account!)?.ties[0]?.policy).toBe(policy);
  if (pair.audience !== 'sts.amazonaws.com') expect(literal(account!.audience?.value)).toBe(pair.audience);
}

describe.each(readable.map((writer) => [writer.id, writer] as const))('%s', (_, writer) => {
  test('what is written is read back: it admits the account and none of its neighbours', () => {
    fc.assert(
      fc.property(
        pairs.filter((pair) => canWrite(writer, pair)),
        (pair) => holds(writer, pair),
      ),
      { numRuns: runs(60) },
    );
  });

  test('the account\'s role is tied to the policy, and the verdict is "allowed"', () => {
    const pair = pairOf({ path: '/eks/', policyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] });
    const workspace = workspaceOf(writer, pair);
    const [account] = workspace.wiring.accountsNamed('demo-sa', 'demo-namespace');
    const chain = workspace.wiring.chainOf(account!);
    expect(chain?.ties).toHaveLength(1);
    expect(workspace.verdict(chain!)?.decision).toBe('allowed');
    for (const { path } of writer.write(pair))
      expect(workspace.check(uriOf(path)).map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  });

  test('Pod Identity: no rule has anything to say', () => {
    const pair = podPair();
    const workspace = workspaceOf(writer, pair);
    for (const { path } of writer.write(pair))
      expect(workspace.check(uriOf(path)).map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  });
});

test.each(withoutIssuer)('%s: the own account is not refused, other accounts are', (id) => {
  const writer = writers.find((each) => each.id === id)!;
  fc.assert(
    fc.property(
      pairs.filter((pair) => canWrite(writer, pair) && pair.mechanism === 'irsa'),
      (pair) => {
        const [policy, second] = [...workspaceOf(writer, pair).wiring.policies()];
        expect([policy?.concerns, second]).toEqual(['irsa', undefined]);
        expect(judge(policy!.policy, requestFor(pair)).decision).not.toBe('denied');
        for (const { who, request } of neighbours(pair)) {
          if (request.namespace === pair.account.namespace && request.serviceAccount === pair.account.name) continue;
          expect({ who, decision: judge(policy!.policy, request).decision }).toEqual({ who, decision: 'denied' });
        }
      },
    ),
    { numRuns: runs(60) },
  );
});

/** Manifests hold no association: the one who applies them makes it. */
const withoutAssociation: readonly string[] = ['manifests', 'aws-cli'];

describe.each(writers.filter(({ id }) => !withoutAssociation.includes(id)).map((writer) => [writer.id, writer] as const))(
  'an association in %s',
  (_, writer) => {
    test('is read back: cluster, namespace, account and role, which does not refuse EKS', () => {
      fc.assert(
        fc.property(
          pairs.filter((pair) => canWrite(writer, pair) && pair.mechanism === 'pod-identity'),
          (pair) => {
            const { wiring } = workspaceOf(writer, pair);
            const [grant, second] = [...wiring.grants()];
            expect(second).toBeUndefined();
            expect([grant?.namespace, grant?.serviceAccount]).toEqual([pair.account.namespace, pair.account.name]);
            // A permission policy that looks like a template makes one of the whole file.
            expect(grant?.sure === true || /%\{|\{\{/.test(pair.role.inline?.document ?? '')).toBe(true);
            expect(grant?.cluster.name).toBe(pair.cluster?.name);
            // A reference to the role in the same file leaves partition and account open, or is its name.
            // Objects have names of their own where Kubernetes refuses the role's.
            if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(pair.role.name)) return;
            expect(grant?.roleArn?.name.value ?? grant?.role?.value).toBe(pair.role.name);
            if (!grant!.sure) return;
            // Just this account of this cluster, by what the files tell; the cluster's region or account may be an assumption.
            const access = accessByGrant(grant!, undefined);
            expect([access.decision, access.reason]).toEqual(['allowed', undefined]);
            // eksctl writes no conditions: there the association alone says who gets the role.
            if (writer.id === 'eksctl') return;
            const { arn: _arn, ...cluster } = grant!.cluster;
            for (const other of [
              { ...grant!, namespace: `${pair.account.namespace}x` },
              { ...grant!, serviceAccount: `x${pair.account.name}` },
              { ...grant!, cluster: { ...cluster, name: `${pair.cluster!.name}x` } },
              { ...grant!, sessionTagsDisabled: true },
              { ...grant!, cluster: { ...cluster, arn: pair.cluster!.arn.replace(pair.cluster!.region, 'ca-west-1') } },
            ]) {
              expect(accessByGrant(other, undefined).decision).toBe('denied');
            }
          },
        ),
        { numRuns: runs(60) },
      );
    });
  },
);
