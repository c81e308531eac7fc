import type { TrustPolicyFact } from '../model/facts';
import { isNamespaceName, isServiceAccountName, parseSubject } from '../model/subject';
import { literal, plain } from '../text/texts';
import { shownRoleName } from '../trust/roleText';
import { isReplacementFor } from '../trust/sameRole';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import type { Wiring } from '../wiring/wiring';
import { namesAccount, namesExactly, podStatements, subjectValues } from './admissions';
import { clusterOf } from './clusters';
import { isExample, requestFor, shownName, type Found, type RolePolicy } from './move';
import type { MigrationRequest } from './port';
import { kindOf, ownPart, policyOf, statementsOf } from './rolePolicy';

/** Accounts that a trust policy alone names: their manifests are in none of the files. */
export function* ofPolicies(wiring: Wiring, known: readonly Found[], { cluster: given }: MigrationRequest): Generator<Found> {
  // A policy that may be that of a known account's role says nothing new of it.
  const told = new Set(known.flatMap((move) => [...tiedTo(move)].map((fact) => keyOf(fact, move.shown))));
  for (const fact of wiring.policies()) {
    if ((fact.concerns !== 'irsa' && fact.concerns !== 'both') || isExample(wiring, fact.doc.uri)) continue;
    for (const statement of fact.policy.statements) {
      if (literal(statement.effect?.text) !== 'Allow') continue;
      for (const { value, like } of subjectValues(statement)) {
        const subject = literal(value) === undefined || (like && /[*?]/.test(value.value)) ? undefined : parseSubject(value);
        const [namespace, name] = [literal(subject?.namespace), literal(subject?.name)];
        if (!namespace || !name || !isNamespaceName(namespace) || !isServiceAccountName(name)) continue;
        const shown = shownName(namespace, name);
        if (told.has(keyOf(fact, shown))) continue;
        told.add(keyOf(fact, shown));
        // eksctl's entry with roleOnly makes a role for an account that something else creates.
        const policy: RolePolicy = { kind: kindOf(fact), facts: [fact] };
        const named = { namespace: plain(namespace), name: plain(name) };
        const cluster = clusterOf(wiring, { uris: [fact.doc.uri], policy: ownPart(policy, named), given });
        const knownBy = fact.roleName || fact.roleArn || fact.roleIds?.length ? undefined : roleUser(fact, wiring);
        const request = requestFor(namespace, name, cluster, literal(knownBy?.roleArn?.account), policy);
        const statements = statementsOf(policy, request, named);
        if (!statements.admissions.some(({ by }) => by === 'exact')) continue;
        const associations =
          policy.kind === 'made'
            ? wiring.grantsOf({ namespace, name, places: [] })
            : [...wiring.grantsTo(fact), ...replacing(fact, namespace, name, wiring)];
        const grants = [...associations].filter((grant) => grant.namespace === namespace && grant.serviceAccount === name);
        const role = shownRoleName(fact.roleName ?? fact.roleArn ?? knownBy?.roleArn?.text);
        const workloads = wiring.workloadsNamed(namespace, name).filter((each) => wiring.together(fact, each));
        yield {
          ...statements,
          namespace,
          name,
          named,
          shown,
          grants,
          role,
          policy,
          cluster,
          request,
          workloads,
          ...(knownBy ? { knownBy } : {}),
        };
      }
    }
  }
}

/** The associations of an account whose role was made in the place of a policy's role. */
function replacing(fact: TrustPolicyFact, namespace: string, name: string, wiring: Wiring): readonly Grant[] {
  if (fact.permissions === undefined) return [];
  return wiring.grantsOf({ namespace, name, places: [fact] }).filter((grant) => isReplacementFor(fact, grant));
}

/**
 * An account's annotation or association whose role surely has the policy, of an account that the policy names; undefined
 * where they name several roles, or none.
 */
function roleUser(fact: TrustPolicyFact, wiring: Wiring): Chain | Grant | undefined {
  const { policy } = fact;
  const isNamed = (user: Chain | Grant): boolean => {
    const { namespace, name } = 'account' in user ? user : { namespace: user.namespace, name: user.serviceAccount };
    if (namespace === undefined || name === undefined) return false;
    const named = { namespace: plain(namespace), name: plain(name) };
    return namesExactly(policy, named) || podStatements(policy).some((statement) => namesAccount(statement, named));
  };
  const users = [...wiring.chainsOf(fact), ...wiring.grantsTo(fact)];
  const sure = users.filter((user) => policyOf(user.ties, user.reference, wiring).facts.some((each) => each === fact) && isNamed(user));
  const arns = new Set(sure.map(({ roleArn }) => literal(roleArn?.text)));
  return arns.size === 1 && !arns.has(undefined) ? sure[0] : undefined;
}

function tiedTo({ chain, grants, policy }: Found): Set<TrustPolicyFact> {
  const ties = [...(chain?.ties ?? []), ...grants.flatMap((grant) => grant.ties)];
  return new Set([...policy.facts, ...ties.map((tie) => tie.policy)]);
}

function keyOf({ doc, span }: TrustPolicyFact, shown: string): string {
  return `${doc.uri} ${doc.index} ${span.start} ${shown}`;
}
