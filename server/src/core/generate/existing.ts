import { literal, plain } from '../text/texts';
import { parseRoleArn } from '../model/arn';
import type { ServiceAccountFact } from '../model/facts';
import { isWeak } from '../wiring/tie';
import type { Wiring } from '../wiring/wiring';
import type { Pair } from './pair';

/**
 * The files whose manifests hold the pair's account: those that name its namespace; where there are none, those that name
 * no namespace, because the same manifest is applied with `--namespace` or by a kustomization.
 */
export function accountUrisOf(wiring: Wiring, { account }: Pair): string[] {
  const inManifests = (fact: ServiceAccountFact): boolean =>
    fact.origin === 'manifest' && !fact.patch && /\.ya?ml$|\.json$/i.test(fact.doc.uri);
  const own = wiring
    .accountsNamed(account.name, account.namespace)
    .filter((fact) => inManifests(fact) && literal(fact.namespace) === account.namespace);
  const loose =
    own.length > 0
      ? []
      : wiring
          .accountsNamed(account.name)
          .filter(
            (fact) =>
              inManifests(fact) && fact.namespace === undefined && [undefined, account.namespace].includes(wiring.namespaceOf(fact)),
          );
  return [...new Set([...own, ...loose].map((fact) => fact.doc.uri))];
}

/** The file that is the trust policy of the pair's role, by pod-roles.yaml or by an account that asks for the role; JSON alone. */
export function trustUriOf(wiring: Wiring, { role }: Pair): string | undefined {
  const { settings } = wiring;
  const path = settings.roles[role.arn] ?? settings.roles[role.name];
  const named = Object.keys(settings.roles).find((key) => parseRoleArn(plain(key))?.name.value === role.name);
  const said = path ?? (named === role.arn ? settings.roles[named] : undefined);
  if (said !== undefined && settings.base !== undefined && said.endsWith('.json'))
    return new URL(said.split('/').map(encodeURIComponent).join('/'), `${settings.base}/`).href;
  for (const chain of wiring.chains()) {
    const [tie] = chain.ties;
    if (!tie || chain.roleArn === undefined || literal(chain.roleArn.text) !== role.arn || isWeak(tie)) continue;
    const { policy } = tie;
    if (
      policy.policy.form === 'json' &&
      policy.holder === undefined &&
      policy.span.start === policy.policy.span.start &&
      policy.doc.uri.endsWith('.json')
    )
      return policy.doc.uri;
  }
  return undefined;
}
