import type { TrustPolicyFact } from '../model/facts';
import { parseSubject } from '../model/subject';
import { literal } from '../text/texts';
import { matchesPattern } from '../text/wildcards/match';
import { requestOf } from '../trust/chainVerdict';
import type { Chain } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';
import { irsaAdmissions, subjectValues } from './admissions';
import { nameInChart } from './chartName';
import { mayBe } from './mayBe';

/** A service account by its names. */
interface Identity {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Who an annotation is of, where its file doesn't tell the namespace or the name, as chart values do: the only service account that
 * it may be and that the role's trust policy allows. Any other is denied, so that nothing is lost where it is another. The name may
 * be that of the chart's own values. Undefined where the policy allows several, or some by a pattern of which the known part of the
 * account tells too little, or without a subject.
 */
export function onlyAccountOf(
  policy: { readonly facts: readonly TrustPolicyFact[] },
  chain: Chain,
  wiring: Pick<Wiring, 'facts'>,
): Identity | undefined {
  if (chain.identified || (chain.namespace !== undefined && chain.name !== undefined)) return undefined;
  const own = chain.name ?? nameInChart(chain, wiring);
  const found = new Map<string, Identity>();
  for (const fact of policy.facts) {
    let count = 0;
    for (const { statement } of irsaAdmissions(fact.policy, requestOf(chain), undefined)) {
      const values = subjectValues(statement);
      if (values.length === 0 || statement.condition?.open) return undefined;
      for (const { value, key, like } of values) {
        const subject = literal(value) === undefined || key.values.open ? undefined : parseSubject(value);
        const [namespace, written] = [literal(subject?.namespace), literal(subject?.name)];
        if (!namespace || !written || (like && /[*?]/.test(namespace))) return undefined;
        const isPattern = like && /[*?]/.test(written);
        if (isPattern && own === undefined) return undefined;
        const name = isPattern && matchesPattern(written, own!) ? own! : written;
        if (!mayBe(chain.namespace, chain.account.namespace, namespace) || !mayBe(own, chain.account.name, name)) continue;
        count++;
        found.set(`${namespace}/${name}`, { namespace, name });
      }
    }
    if (count === 0) return undefined;
  }
  const [only, another] = found.values();
  return another ? undefined : only;
}
