import { clusterIssuer } from '../model/issuer';
import type { PolicyDocument } from '../model/policy';
import { formatSubject } from '../model/subject';
import type { MapNode, Node, ScalarNode, Tree } from '../syntax/tree';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { readPolicyDocument } from './policyDocument';
import { borrowedScalar, holeText, standIn } from './terraform/texts';
import { assembled } from './terraform/wellKnown';

/**
 * The trust policy that a tool makes for one account by itself: the cluster's provider, the audience, the account's subject.
 * It stands in no file; all of it has one place. Source: eksctl pkg/iam/oidc/api.go, pkg/cfn/builder/iam.go.
 * @param at its place: that of the account's name
 * @param account whom its subject names; absent: the policy has no subject
 */
export function madeTrustPolicy(
  at: Span,
  account?: { readonly namespace: Text; readonly name: Text; readonly pattern?: Text | undefined },
): PolicyDocument {
  const issuer = holeText(clusterIssuer, true, clusterIssuer);
  const provider = assembled({ span: at }, [
    'arn:',
    holeText('partition', true, 'unknown partition'),
    ':iam::',
    holeText('account', true, 'unknown account'),
    ':oidc-provider/',
    issuer,
  ]);
  const claim = (which: string) => assembled({ span: at }, [issuer, `:${which}`]);
  const audience = [claim('aud'), borrowedScalar({ value: 'sts.amazonaws.com', holes: [] }, at)] as const;
  const subject =
    account &&
    ([
      claim('sub'),
      assembled({ span: at }, [formatSubject('', '').slice(0, -1), account.namespace, ':', account.pattern ?? account.name]),
    ] as const);
  const statement = map(at, [
    ['Effect', standIn('Allow', at)],
    ['Principal', map(at, [['Federated', provider]])],
    ['Action', standIn('sts:AssumeRoleWithWebIdentity', at)],
    [
      'Condition',
      map(at, [
        ...(subject && account.pattern ? [['StringLike', map(at, [subject])] as const] : []),
        ['StringEquals', map(at, subject && !account.pattern ? [subject, audience] : [audience])],
      ]),
    ],
  ]);
  return made(statement, at);
}

/** The trust policy that a tool makes for EKS Pod Identity: without conditions, the association alone says who gets the role. */
export function madePodIdentityPolicy(at: Span): PolicyDocument {
  const actions: Node = { kind: 'list', span: at, open: false, items: [standIn('sts:AssumeRole', at), standIn('sts:TagSession', at)] };
  return made(
    map(at, [
      ['Effect', standIn('Allow', at)],
      ['Principal', map(at, [['Service', standIn('pods.eks.amazonaws.com', at)]])],
      ['Action', actions],
    ]),
    at,
  );
}

function made(statement: Node, at: Span): PolicyDocument {
  const root = map(at, [
    ['Version', standIn('2012-10-17', at)],
    ['Statement', statement],
  ]);
  const tree: Tree = { root, problems: [], comments: [], templated: false, language: 'yaml' };
  return readPolicyDocument(root, tree);
}

function map(span: Span, entries: readonly (readonly [string | ScalarNode, Node])[]): MapNode {
  return {
    kind: 'map',
    span,
    open: false,
    entries: entries.map(([key, value]) => ({ key: typeof key === 'string' ? standIn(key, span) : key, value, span, merged: false })),
  };
}
