import { parseProviderArn } from '../model/arn';
import { claimName, parseConditionKey } from '../model/conditionKey';
import type { TrustPolicyFact } from '../model/facts';
import type { ConditionKey, ListValue, Statement } from '../model/policy';
import { isStandInSubject } from '../model/standIns';
import { isNamespaceName, isServiceAccountName, parseSubject } from '../model/subject';
import type { Text } from '../text/text';
import { equal } from '../text/texts';
import { parseOperator } from './operators';
import type { Verdict } from './verdict';

/** A service account by namespace and name; in a pattern either may hold `*` and `?`. */
export interface AccountName {
  readonly namespace: string;
  readonly name: string;
}

/** An account that the policy allows, and where it says so. */
export interface AllowedAccount {
  readonly account: AccountName;
  readonly value: ListValue;
  readonly key: ConditionKey;
  readonly like: boolean;
}

/** The account that a subject names, where it is literal and one that Kubernetes can have. With `like`, wildcards may stand in it. */
export function accountOfSubject(text: Text, like: boolean): AccountName | undefined {
  const subject = text.holes.length === 0 ? parseSubject(text) : undefined;
  if (!subject) return undefined;
  const [namespace, name] = [subject.namespace.value, subject.name.value];
  const plain = (part: string) => (like ? part.replace(/[*?]+/g, '0') : part);
  return isNamespaceName(plain(namespace)) && isServiceAccountName(plain(name)) ? { namespace, name } : undefined;
}

/** Whether a key's issuer surely is that of none of the statement's providers. */
function isOfOtherIssuer(issuer: Text, { principal }: Statement): boolean {
  const providers = (principal?.kinds ?? []).filter(({ key }) => key.value === 'Federated').flatMap(({ values }) => values);
  const lower = (text: Text): Text => ({ ...text, value: text.value.toLowerCase() });
  return providers.every((provider) => {
    const own = parseProviderArn(provider)?.issuer;
    return own !== undefined && equal(lower(issuer), lower(own)) === false;
  });
}

/**
 * The accounts that a policy allows in place of the one that it refuses, of the statements in which nothing but the subject
 * fails. `placeholder`: a subject there is still to be filled in. Undefined where something else decides.
 */
export function allowedInstead(
  verdict: Verdict,
  policy: Pick<TrustPolicyFact, 'policy'>,
): readonly AllowedAccount[] | 'placeholder' | undefined {
  const failing = new Map<number, { subject: boolean; other: boolean }>();
  for (const step of verdict.trace) {
    if (step.element === 'Document' || step.element === 'Request') {
      if (step.matched === false) return undefined;
      continue;
    }
    if (step.effect === 'Deny' && step.element === 'Statement' && step.matched === true) return undefined;
    if (step.statement === undefined || step.effect !== 'Allow' || step.matched !== false) continue;
    if (step.element !== 'Condition' && step.element !== 'Principal' && step.element !== 'Action') continue;
    const found = failing.get(step.statement) ?? { subject: false, other: false };
    if (step.element === 'Condition' && /:sub$/i.test(step.key ?? '')) found.subject = true;
    else found.other = true;
    failing.set(step.statement, found);
  }
  const allowed: AllowedAccount[] = [];
  for (const [index, { subject, other }] of failing) {
    if (!subject || other) continue;
    for (const operator of policy.policy.statements[index]?.condition?.operators ?? []) {
      const { known, negated, family, like } = parseOperator(operator.key);
      for (const key of operator.keys) {
        const claim = parseConditionKey(key.key);
        if (!claim || claimName(claim) !== 'sub') continue;
        if (!known || negated || family !== 'String' || key.values.open) return undefined;
        // Whatever its values are, such a key never matches.
        if (isOfOtherIssuer(claim.issuer, policy.policy.statements[index]!)) return undefined;
        for (const value of key.values.values) {
          const account = accountOfSubject(value, like);
          if (!account) return isStandInSubject(value.value) ? 'placeholder' : undefined;
          allowed.push({ account, value, key, like });
        }
      }
    }
  }
  return allowed.length > 0 ? allowed : undefined;
}
