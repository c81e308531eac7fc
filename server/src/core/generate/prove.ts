import type { PolicyDocument } from '../model/policy';
import { formatSubject } from '../model/subject';
import { policyFromText } from '../readers/policyDocument';
import { comparison } from '../trust/compare/port';
import { judge } from '../trust/judge';
import type { Decision, Request } from '../trust/verdict';
import { accountName, requestFor, type Pair } from './pair';
import { trustStatement } from './trust';

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
 * Whether a trust policy allows the pair's account, everybody whom `before` allowed, and nobody else. What is wrong, in sentences:
 * empty for what may be used. Proven for all requests; where placeholders in `before` leave that open, for the account's neighbours.
 */
export function prove(policy: PolicyDocument, pair: Pair, before?: PolicyDocument): string[] {
  const problems: string[] = [];
  const own = judge(policy, requestFor(pair));
  if (own.decision !== 'allowed')
    problems.push(
      `The trust policy would not certainly allow ${accountName(pair)}: ${own.trace.find((step) => step.matched !== true)?.message ?? own.decision}`,
    );
  const wrong = others(policy, pair, before);
  if (wrong !== undefined) return [...problems, wrong];
  for (const { who, request } of neighbours(pair)) {
    const was: Decision = before ? judge(before, request).decision : 'denied';
    const now = judge(policy, request).decision;
    if (now !== was && now !== 'denied') problems.push(`The trust policy would also allow ${who}.`);
  }
  return problems;
}

/** Who gains or loses access, in a sentence; undefined for nobody, or where that can't be told. */
function others(policy: PolicyDocument, pair: Pair, before: PolicyDocument | undefined): string | undefined {
  const { accountId: roleAccount, partition: rolePartition } = pair.role;
  const scope = { roleAccount, rolePartition };
  const includes = comparison();
  const more = includes([ownPolicy(pair, before !== undefined), ...(before ? [before] : [])], [policy], scope);
  if (more.kind === 'not-included') return `The trust policy would also allow ${more.witness.words}.`;
  const fewer = before && includes([policy], [before], scope);
  return fewer?.kind === 'not-included' ? `The trust policy would no longer allow ${fewer.witness.words}.` : undefined;
}

/** A policy that allows the pair's account alone; `anyAudience`: in a statement that is there already the audiences are its own. */
function ownPolicy(pair: Pair, anyAudience: boolean): PolicyDocument {
  const statement = trustStatement(pair);
  if (anyAudience && pair.mechanism === 'irsa') {
    const subject = formatSubject(pair.account.namespace, pair.account.name);
    statement['Condition'] = { StringEquals: { [`${pair.provider!.issuer}:sub`]: subject } };
  }
  return policyFromText(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
}
