import type { TrustPolicyFact } from '../model/facts';
import { parseSubject } from '../model/subject';
import { literal } from '../text/texts';
import { requestOf } from '../trust/chainVerdict';
import type { Chain } from '../wiring/chain';
import { irsaAdmissions, subjectValues } from './admissions';
import { mayBe } from './mayBe';

/** A service account by its names. */
interface Identity {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Who an annotation is of, where its file doesn't tell the namespace or the name, as chart values do: the only service account that
 * it may be and that the role's trust policy allows. Any other is denied, so that nothing is lost where it is another. Undefined where
 * the policy allows several, or some by a pattern or without a subject.
 */
export function onlyAccountOf(policy: { readonly facts: readonly TrustPolicyFact[] }, chain: Chain): Identity | undefined {
  if (chain.identified || (chain.namespace !== undefined && chain.name !== undefined)) return undefined;
  const found = new Map<string, Identity>();
  for (const fact of policy.facts) {
    let own = 0;
    for (const { statement } of irsaAdmissions(fact.policy, requestOf(chain), undefined)) {
      const values = subjectValues(statement);
      if (values.length === 0 || statement.condition?.open) return undefined;
      for (const { value, key, like } of values) {
        const subject =
          literal(value) === undefined || key.values.open || (like && /[*?]/.test(value.value)) ? undefined : parseSubject(value);
        const [namespace, name] = [literal(subject?.namespace), literal(subject?.name)];
        if (!namespace || !name) return undefined;
        if (!mayBe(chain.namespace, chain.account.namespace, namespace) || !mayBe(chain.name, chain.account.name, name)) continue;
        own++;
        found.set(`${namespace}/${name}`, { namespace, name });
      }
    }
    if (own === 0) return undefined;
  }
  const [only, another] = found.values();
  return another ? undefined : only;
}
