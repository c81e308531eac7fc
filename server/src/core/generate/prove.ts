import type { PolicyDocument } from '../model/policy';
import { judge } from '../trust/judge';
import type { Decision, Request } from '../trust/verdict';
import { accountName, requestFor, type Pair } from './pair';

/** Somebody who must not get the role by what is generated. */
export interface Neighbour {
  /** "the service account default in demo". */
  readonly who: string;
  readonly request: Request;
}

/** Accounts, clusters and tokens that are nearly the pair's. */
export function neighbours(pair: Pair): Neighbour[] {
  const { namespace, name } = pair.account;
  const accounts = [
    { namespace: `${namespace.slice(0, 60)}-x`, name },
    { namespace: `x-${namespace.slice(0, 60)}`, name },
    { namespace: 'default', name },
    { namespace, name: `${name.slice(0, 250)}-x` },
    { namespace, name: `x-${name.slice(0, 250)}` },
    { namespace, name: 'default' },
    { namespace, name: name.slice(0, -1) },
    { namespace: namespace.slice(0, -1), name },
    { namespace: name.split('.')[0]!, name: namespace },
  ].filter((each) => each.namespace !== '' && each.name !== '' && (each.namespace !== namespace || each.name !== name));
  const own = requestFor(pair);
  return [
    ...accounts.map((each) => ({ who: `the service account ${each.namespace}/${each.name}`, request: requestFor(pair, each) })),
    ...(own.mechanism === 'irsa'
      ? [
          { who: 'the same account of another cluster', request: { ...own, issuer: `${own.issuer ?? ''}0` } },
          { who: 'a token for another audience', request: { ...own, audience: `x-${pair.audience}` } },
        ]
      : [
          {
            who: 'the same account of another cluster',
            request: { ...own, clusterName: `${pair.cluster!.name}-x`, clusterArn: `${pair.cluster!.arn}-x` },
          },
        ]),
  ];
}

/**
 * Whether a trust policy admits the pair's account, and nobody more than `before` did. What is wrong, in sentences:
 * empty for what may be used.
 */
export function prove(policy: PolicyDocument, pair: Pair, before?: PolicyDocument): string[] {
  const problems: string[] = [];
  const own = judge(policy, requestFor(pair));
  if (own.decision !== 'allowed')
    problems.push(
      `The trust policy would not certainly allow ${accountName(pair)}: ${own.trace.find((step) => step.matched !== true)?.message ?? own.decision}`,
    );
  for (const { who, request } of neighbours(pair)) {
    const was: Decision = before ? judge(before, request).decision : 'denied';
    const now = judge(policy, request).decision;
    if (now !== was && now !== 'denied') problems.push(`The trust policy would also allow ${who}.`);
  }
  return problems;
}
