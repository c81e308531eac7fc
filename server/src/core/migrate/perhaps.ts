import { asksForRole } from '../trust/access';
import { shownRoleName } from '../trust/roleText';
import type { Chain } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';
import { namesExactly } from './admissions';
import { nameInChart } from './chartName';
import { mayBe } from './mayBe';
import type { Place } from '../syntax/sourceFile';
import type { Move } from './moves';
import type { MigrationHost } from './port';

/**
 * An annotation that may be the account's own, though its namespace or name is in no file, as in a chart: it has the role of
 * the move, and what is known of its account contradicts nothing; or the account's own that has a role which may be this one.
 * Undefined where there is none.
 */
export function perhapsItsAnnotation(
  { policy, chain: own, namespace, name, assumed, perhapsBy }: Move,
  wiring: Pick<Wiring, 'chainsOf' | 'facts'>,
): Chain | undefined {
  if (assumed) return undefined;
  if (perhapsBy) return perhapsBy;
  const [fact] = policy.facts;
  if (!fact || namespace === undefined || name === undefined) return undefined;
  return wiring.chainsOf(fact).find((chain) => {
    if (chain === own || !asksForRole(chain) || (chain.namespace !== undefined && chain.name !== undefined)) return false;
    if (own && chain.account === own.account) return false;
    if (
      !mayBe(chain.namespace, chain.account.namespace, namespace) ||
      !mayBe(chain.name ?? nameInChart(chain, wiring), chain.account.name, name)
    )
      return false;
    // One that the trust policy names by the values of its own program is that account.
    return !chain.identified || !namesExactly(fact.policy, chain.identified);
  });
}

/** Which part of an account's identity isn't known. */
export function unknownOf({ name }: Pick<Chain, 'name'>): 'name' | 'namespace' {
  return name === undefined ? 'name' : 'namespace';
}

/** Why the trust policy keeps the account's subject while such an annotation is there. */
export function stillAnnotated(chain: Chain, { source, view }: MigrationHost): string {
  const place = shownPlace(chain.request, source, view.wiring.settings.base);
  if (chain.namespace !== undefined && chain.name !== undefined)
    return `The annotation at ${place} requests ${shownRoleName(chain.request.value)}, which may be this role. Remove that annotation first.`;
  return `The annotation at ${place} requests the role for a service account whose ${unknownOf(chain)} isn't known: perhaps this one. Remove that annotation first.`;
}

/** A place as a file below the workspace and a line: `charts/web/values.yaml:5`. */
function shownPlace({ doc, span }: Place, source: MigrationHost['source'], base = ''): string {
  const path = base !== '' && doc.uri.startsWith(`${base}/`) ? doc.uri.slice(base.length + 1) : doc.uri.slice(doc.uri.lastIndexOf('/') + 1);
  const before = (source(doc.uri)?.documents ?? []).map(({ text }) => text).join('').slice(0, doc.start + span.start); // prettier-ignore
  return `${path}:${before.split('\n').length}`;
}
