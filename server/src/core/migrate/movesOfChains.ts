import type { PodIdentityAssociationFact } from '../model/facts';
import { literal, plain } from '../text/texts';
import { requestOf } from '../trust/chainVerdict';
import { shownRoleName } from '../trust/roleText';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import type { Wiring } from '../wiring/wiring';
import { isSame, type Named } from './admissions';
import { onlyAccountOf } from './assumed';
import { clusterOf } from './clusters';
import { fromCluster, shownName, type Found } from './move';
import type { MigrationRequest } from './port';
import { grantsOfRole } from './roleGrants';
import { ownPart, policyOf, statementsOf } from './rolePolicy';

/** The associations whose namespace or account is a value that no file tells: no name joins them with an account. */
export function unnamedAssociations(wiring: Wiring): PodIdentityAssociationFact[] {
  const found: PodIdentityAssociationFact[] = [];
  for (const uri of wiring.files())
    for (const fact of wiring.facts(uri))
      if (fact.kind === 'podIdentityAssociation' && (literal(fact.namespace) === undefined || literal(fact.serviceAccount) === undefined))
        found.push(fact);
  return found;
}

/** What an association gives an account that has the very values of the program for its names, and its very role. */
function grantByValues(chain: Chain, associations: readonly PodIdentityAssociationFact[]): Grant[] {
  const { identified, ties, reference, request, workloads } = chain;
  const role = request.value?.refers?.objects;
  if (!identified || !role) return [];
  return associations.flatMap((association): Grant[] => {
    const { namespace, serviceAccount, roleArn } = association;
    if (!namespace || !serviceAccount || !roleArn?.refers?.objects.some((id) => role.includes(id))) return [];
    if (!isSame(namespace, identified.namespace) || !isSame(serviceAccount, identified.name)) return [];
    return [
      {
        namespace: namespace.value,
        serviceAccount: serviceAccount.value,
        cluster: {},
        association,
        role: roleArn,
        sure: association.conditional !== true,
        ties,
        workloads,
        profiles: [],
        ...(reference ? { reference } : {}),
      },
    ];
  });
}

/** The move of what asks for a role by an annotation, or as an add-on does. */
export function ofChain(
  wiring: Wiring,
  chain: Chain,
  { cluster: given }: MigrationRequest,
  unnamed: readonly PodIdentityAssociationFact[],
): Found {
  const { account } = chain;
  const policy = policyOf(chain.ties, chain.reference, wiring);
  const assumed = onlyAccountOf(policy, chain, wiring);
  const { namespace, name } = assumed ?? chain;
  const byName = assumed
    ? wiring.grantsOf({ namespace, name, places: [account] })
    : chain.overriddenBy
      ? [chain.overriddenBy]
      : (chain.perhapsOverriddenBy ?? chain.passedBy ?? []);
  const named = namespace !== undefined && name !== undefined ? { namespace: plain(namespace), name: plain(name) } : chain.identified;
  const whereabouts = {
    uris: [...(chain.overlays ?? []).map(({ doc }) => doc.uri), account.doc.uri, ...policy.facts.map(({ doc }) => doc.uri)],
    chain,
    policy: ownPart(policy, named),
  };
  const byRole = byName.length === 0 && policy.kind === 'file' ? grantsOfRole(wiring, policy.facts[0], namespace, name) : byName;
  // By name alone or by the role, the associations of every cluster are found.
  const here = byRole.length > 1 ? clusterOf(wiring, whereabouts).name : undefined;
  const ofHere = byRole.filter(({ association }) => here === undefined || (literal(association?.clusterName) ?? here) === here);
  const grants = ofHere.length > 0 ? ofHere : grantByValues(chain, unnamed);
  const own = grants.find(({ association }) => association !== undefined)?.association;
  const cluster = clusterOf(wiring, { ...whereabouts, named: literal(own?.clusterName), given });
  const asked = assumed ? { ...requestOf(chain), namespace, serviceAccount: name } : requestOf(chain);
  const request = fromCluster(asked, cluster, policy, named);
  return {
    ...statementsOf(policy, request, named),
    namespace,
    name,
    named,
    shown: shownName(namespace ?? shownPart(named?.namespace), name ?? shownPart(named?.name) ?? literal(account.name)),
    chain,
    account,
    grants,
    role: shownRoleName(chain.request.value),
    policy,
    cluster,
    request,
    workloads: assumed
      ? wiring.workloadsNamed(assumed.namespace, assumed.name).filter((each) => wiring.together(account, each))
      : chain.workloads,
    ...(assumed ? { assumed: true } : {}),
  };
}

function shownPart(text: Named['name'] | undefined): string | undefined {
  if (!text) return undefined;
  return text.value.replace(/^\$\{([^{}]*)\}$/, '$1');
}
