import { isNearlyPodIdentityPrincipal, podIdentityPrincipal } from '../../model/podIdentity';
import type { TrustPolicyFact } from '../../model/facts';
import type { PolicyDocument, Statement } from '../../model/policy';
import type { Text } from '../../text/text';
import { literal } from '../../text/texts';
import { matchesAction } from '../../trust/actions';
import { concernsIrsa } from '../../readers/trustPolicyConcerns';
import { atomsOf, type Atom } from './atoms';
import { providerOf, speaksOfClusters, type Provider } from './providers';

/** A statement of a trust policy that concerns pods, with what rules ask of it. */
export interface PodStatement {
  readonly fact: TrustPolicyFact;
  readonly statement: Statement;
  /** Absent where it is written wrong or not known. */
  readonly effect: 'Allow' | 'Deny' | undefined;
  /** It is about the tokens of service accounts (IRSA). */
  readonly irsa: boolean;
  /** It is about EKS Pod Identity's service principal. */
  readonly podIdentity: boolean;
  /** The values of `Federated`, in order. */
  readonly providers: readonly Provider[];
  readonly atoms: readonly Atom[];
  /** True when a template may add principals, conditions or elements: then nothing may be called missing. */
  readonly open: boolean;
}

const known = new WeakMap<PolicyDocument, readonly PodStatement[]>();

/** The statements of a policy that concern pods; those beside them (GitHub, Lambda, other accounts) are left out. */
export function podStatements(fact: TrustPolicyFact): readonly PodStatement[] {
  let found = known.get(fact.policy);
  if (!found) {
    found = fact.policy.statements.map((statement) => view(fact, statement)).filter((s) => s.irsa || s.podIdentity);
    known.set(fact.policy, found);
  }
  return found;
}

function view(fact: TrustPolicyFact, statement: Statement): PodStatement {
  const kinds = statement.principal?.kinds ?? [];
  const of = (name: string) => kinds.filter((kind) => kind.key.value === name);
  const providers = of('Federated').flatMap((list) => list.values.map((value) => providerOf(list, value)));
  const atoms = atomsOf(statement, providers);
  const effect = literal(statement.effect?.text);
  const { condition, principal } = statement;
  const service = of('Service').some(({ values }) => values.some((v) => isPodIdentityService(v) || isNearlyPodIdentity(v)));
  const tokens = concernsTokens(statement, providers);
  // Claims under Pod Identity's principal alone: its actions tell which of the two was meant.
  const meant =
    service && tokens && providers.length === 0
      ? matchesAction(statement, 'sts:AssumeRoleWithWebIdentity') === true && matchesAction(statement, 'sts:AssumeRole') === false
        ? 'irsa'
        : 'pod-identity'
      : undefined;
  return {
    fact,
    statement,
    providers,
    atoms,
    effect: effect === 'Allow' || effect === 'Deny' ? effect : undefined,
    irsa: tokens && meant !== 'pod-identity',
    podIdentity: service && meant !== 'irsa',
    open:
      statement.open ||
      (principal?.open ?? false) ||
      kinds.some((kind) => kind.open) ||
      (condition?.open ?? false) ||
      (condition?.operators.some((op) => op.open || op.keys.some((k) => k.values.open)) ?? false),
  };
}

export function isPodIdentityService(value: Text): boolean {
  return literal(value) === podIdentityPrincipal;
}

export function isNearlyPodIdentity(value: Text): boolean {
  const text = literal(value);
  return text !== undefined && isNearlyPodIdentityPrincipal(text);
}

function concernsTokens(statement: Statement, providers: readonly Provider[]): boolean {
  // Other clusters' issuers (AKS, GKE) have the same subjects.
  if (providers.length > 0 && providers.every((p) => p.kind === 'other')) return false;
  if (concernsIrsa(statement)) return true;
  // A provider under the wrong kind of principal (`"AWS": "arn:…:oidc-provider/…"`).
  return (
    statement.principal?.kinds.some((kind) => kind.values.some((v) => /:oidc-provider\//.test(v.value) && speaksOfClusters(v))) ?? false
  );
}
