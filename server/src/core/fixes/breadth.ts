import { claimName, parseConditionKey } from '../model/conditionKey';
import { subjectPrefix } from '../model/subject';
import type { ConditionElement } from '../model/policy';
import { parseOperator } from '../trust/operators';

/**
 * Who can assume a role by a statement: every pod of a cluster, those that patterns name, accounts that are written out, every
 * pod with an association, or somebody else's identities.
 */
export interface Breadth {
  readonly kind: 'every-pod' | 'patterns' | 'accounts' | 'associated' | 'strangers';
  /** For a sentence: "every pod in the cluster", "every service account in demo". */
  readonly who: string;
}

/** Whom a statement for tokens allows by its conditions on the subject; `other`: a provider that is no cluster's. */
export function breadthOf(condition: ConditionElement | undefined, other: string | undefined): Breadth {
  if (other !== undefined) return { kind: 'strangers', who: `identities of ${shortened(other)}` };
  const patterns = subjectPatterns(condition);
  if (patterns.length === 0) return { kind: 'every-pod', who: 'every pod in the cluster' };
  if (patterns.some((pattern) => /^[*?]*$/.test(pattern.replace(subjectPrefix, '').replaceAll(':', ''))))
    return { kind: 'every-pod', who: 'every pod in the cluster' };
  const wide = patterns.filter((pattern) => /[*?]|\$\{/.test(pattern)).slice(0, 3);
  const namespaces = wide.map((pattern) => /^system:serviceaccount:([a-z0-9-]+):\*$/.exec(pattern)?.[1]);
  const who = namespaces.every((namespace) => namespace !== undefined)
    ? `every service account in ${namespaces.join(' and ')}`
    : `every service account like ${wide.map((pattern) => shortened(pattern.replace(subjectPrefix, ''))).join(' or ')}`;
  return { kind: 'patterns', who };
}

function subjectPatterns(condition: ConditionElement | undefined): string[] {
  for (const { key, keys } of condition?.operators ?? []) {
    const operator = parseOperator(key);
    if (!operator.known || operator.family !== 'String' || operator.negated || operator.ifExists || operator.set === 'ForAllValues')
      continue;
    for (const entry of keys) {
      const claim = parseConditionKey(entry.key);
      if (claim && claimName(claim) === 'sub') return entry.values.values.map(({ value }) => value);
    }
  }
  return [];
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
