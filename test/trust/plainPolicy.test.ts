import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../server/src/core/config/settings';
import type { PolicyDocument } from '../../server/src/core/model/policy';
import { allRules } from '../../server/src/core/rules/registry';
import { judge } from '../../server/src/core/trust/judge';
import { admitsPlainly, plainGrant, PlainVerdict } from '../../server/src/core/trust/plainPolicy';
import type { WebIdentityRequest } from '../../server/src/core/trust/verdict';
import { Workspace } from '../../server/src/core/workspace';
import { uriOf } from '../wiring/build';

const id = '5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
/** Mostly one of those that are right, now and then one of those that somebody writes. */
const mostly = <T>(right: readonly T[], wrong: readonly T[]) => fc.oneof({ weight: 14, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
const parts = fc.record({
  version: mostly<string | undefined>(['2012-10-17'], ['2008-10-17', undefined]),
  effect: mostly(['Allow'], ['Deny']),
  action: mostly<unknown>(['sts:AssumeRoleWithWebIdentity', ['sts:AssumeRoleWithWebIdentity']], ['sts:AssumeRole*', ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession']]),
  account: mostly(['111122223333', '123456789012', '000000000000'], ['1111', '${ACCOUNT}', '<ACCOUNT_ID>']),
  partition: mostly(['aws'], ['aws-cn', 'aws-us-gov']),
  region: mostly(['eu-west-1', 'us-east-1', 'ap-southeast-2', 'us-north-9'], ['cn-north-1', 'eu-west-1a', 'us-gov-west-1', 'xx-west-1']),
  id: mostly([id, 'EXAMPLED539D4633E53DE1B71EXAMPLE', 'A'.repeat(32), 'CLUSTERIDCLUSTERIDCLUSTERID', 'X'.repeat(32), 'EXAMPLEISSUERIDOFCLUSTER'], [id.toLowerCase(), 'ABC', '']),
  otherId: mostly<string | undefined>([undefined], ['0'.repeat(32)]),
  operator: mostly(['StringEquals'], ['StringLike', 'StringEqualsIgnoreCase', 'ForAnyValue:StringEquals']),
  subject: mostly(
    ['system:serviceaccount:demo:api', 'system:serviceaccount:demo:api.v-1', 'system:serviceaccount:default:default', 'system:serviceaccount:your-namespace:my-app', 'system:serviceaccount:namespace:service-account-name'],
    ['system:serviceaccount:demo:*', 'system:serviceaccount:demo:${SA}', 'system:serviceaccount:<NAMESPACE>:api', 'system:serviceaccount:demo', 'system:serviceaccount:Demo:api', 'sts.amazonaws.com'],
  ),
  listed: fc.boolean(),
  audience: mostly(['sts.amazonaws.com'], ['other', 'sts.amazonaws.com.cn']),
  more: mostly<object>([{}], [{ Sid: 'a b' }, { Resource: '*' }, { NotAction: 'sts:x' }]),
});

const policy = parts.map((p) => {
  const issuer = (of: string) => `oidc.eks.${p.region}.amazonaws.com${p.region.startsWith('cn-') ? '.cn' : ''}/id/${of}`;
  const keys = issuer(p.otherId ?? p.id);
  return JSON.stringify({
    ...(p.version === undefined ? {} : { Version: p.version }),
    Statement: [{
      Effect: p.effect, Principal: { Federated: `arn:${p.partition}:iam::${p.account}:oidc-provider/${issuer(p.id)}` }, Action: p.action,
      Condition: { [p.operator]: { [`${keys}:sub`]: p.listed ? [p.subject] : p.subject, [`${keys}:aud`]: p.audience } }, ...p.more,
    }],
  });
});

/** The policy by itself, or as IAM tells it of a role. */
const told = fc.tuple(policy, mostly<string | undefined>([undefined], ['arn:aws:iam::111122223333:role/r', 'arn:aws-cn:iam::111122223333:role/r', 'arn:aws:iam::123456789012:role/r'])).map(([text, arn]) =>
  (arn === undefined ? text : `{"Role": {"RoleName": "r", "Arn": "${arn}", "AssumeRolePolicyDocument": ${text}}}`));

const account = fc.record({
  name: fc.constantFrom('api', 'apl', 'default'), namespace: fc.constantFrom('demo', 'dmo', 'default'), role: fc.constantFrom('r', 'other'),
  account: fc.constantFrom('111122223333', '123456789012'), audience: fc.constantFrom(undefined, undefined, 'other', 'sts.amazonaws.com', '${AUD}'),
}).map((a) => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${a.name}\n  namespace: ${a.namespace}\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::${a.account}:role/${a.role}\n${a.audience ? `    eks.amazonaws.com/audience: ${a.audience}\n` : ''}`);

function workspaceOf(files: Readonly<Record<string, string>>, everyRule: boolean): Workspace {
  const rules = everyRule ? allRules.map((rule) => ({ ...rule, looksBeyond: true as const })) : allRules;
  const workspace = new Workspace({ rules, settings: { ...defaultSettings, trustPolicyQuota: 400 }, log: (message) => { throw new Error(message); } });
  for (const [path, text] of Object.entries(files)) workspace.load(uriOf(path), text);
  return workspace;
}

function policyOf(text: string): PolicyDocument {
  const workspace = workspaceOf({ 'iam/r/trust.json': text }, false);
  return [...workspace.wiring.policies()][0]!.policy;
}

describe('a policy that is right in the plainest way', () => {
  it('has no finding that another rule would have found', () => {
    let plain = 0;
    let others = 0;
    fc.assert(fc.property(told, fc.array(account, { maxLength: 2 }), (text, accounts) => {
      const files = { 'iam/r/trust.json': text, ...Object.fromEntries(accounts.map((each, i) => [`k8s/a${i}.yaml`, each])) };
      const [quick, whole] = [workspaceOf(files, false), workspaceOf(files, true)];
      for (const path of Object.keys(files)) expect(quick.check(uriOf(path))).toEqual(whole.check(uriOf(path)));
      if (plainGrant([...quick.wiring.policies()][0]?.policy ?? policyOf(text))) plain++;
      else others++;
    }), { numRuns: 15000 });
    expect(plain).toBeGreaterThan(200);
    expect(others).toBeGreaterThan(200);
    // 15,000 workspaces: on a busy machine they take minutes.
  }, 600_000);

  it('lets in whom the judge lets in, and how is told as the judge does', () => {
    const request = fc.record({
      namespace: mostly<string | undefined>(['demo'], ['default', undefined]), serviceAccount: mostly<string | undefined>(['api'], ['default', undefined]),
      roleAccount: mostly(['111122223333'], ['123456789012']), rolePartition: mostly(['aws'], ['aws-cn']),
      issuer: mostly([`oidc.eks.eu-west-1.amazonaws.com/id/${id}`], ['oidc.eks.us-east-1.amazonaws.com/id/0']), audience: mostly(['sts.amazonaws.com'], ['other']),
      clientIds: mostly<string[]>([['sts.amazonaws.com']], [['other'], []]),
    }, { requiredKeys: ['namespace', 'serviceAccount'] }).map((given): WebIdentityRequest => ({ mechanism: 'irsa', ...given }));
    const right = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow', Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/${id}` }, Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`oidc.eks.eu-west-1.amazonaws.com/id/${id}:sub`]: 'system:serviceaccount:demo:api', [`oidc.eks.eu-west-1.amazonaws.com/id/${id}:aud`]: 'sts.amazonaws.com' } },
      }],
    });
    let admitted = 0;
    fc.assert(fc.property(fc.oneof(fc.constant(right), policy), request, (text, asked) => {
      const document = policyOf(text);
      const grant = plainGrant(document);
      if (!grant || !admitsPlainly(grant, asked)) return;
      admitted++;
      const { decision, trace, assumptions } = judge(document, asked);
      const quick = new PlainVerdict(document, asked);
      expect({ decision: quick.decision, trace: quick.trace, assumptions: quick.assumptions }).toEqual({ decision, trace, assumptions });
    }), { numRuns: 1500 });
    expect(admitted).toBeGreaterThan(200);
  });
});
