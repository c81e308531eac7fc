import { filePath } from '../../config/paths';
import { clusterReference, otherIssuerName } from '../../model/clusterReferences';
import { defaultAudience } from '../../model/subject';
import { literal } from '../../text/texts';
import type { PolicyDocument } from '../../model/policy';
import type { RuleContext } from '../rule';
import { isUnsettled } from '../../trust/conditions/evaluate';
import { speaksOf, webIdentityAction } from './actions';
import { holdsWhenAbsent, type Atom } from './atoms';
import { looksLikeSubject } from './claims';
import { standingMistakes } from './owners';
import { partitionFault } from './partitionFault';
import type { Provider } from './providers';
import { podStatements, type PodStatement } from './statements';

/** An Allow statement that lets tokens in, as far as one can tell: nothing open, nothing that keeps everybody out. */
export function admitsTokens(statement: PodStatement, context: RuleContext): boolean {
  if (!statement.irsa || statement.effect !== 'Allow' || statement.open || statement.fact.policy.open) return false;
  if (statement.statement.notPrincipal || speaksOf(statement, webIdentityAction) !== true) return false;
  if (!statement.providers.some((p) => !p.fault && !partitionFault(p) && isCluster(p, statement))) return false;
  return !standingMistakes(statement, context).some(({ mistake }) => mistake.holds === 'never');
}

/** A provider that no file tells is a cluster's only where a subject says so, or its name and the audience together do. */
function isCluster({ kind, value }: Provider, statement: PodStatement): boolean {
  if (kind === 'eks' || kind === 'self-hosted') return true;
  if (kind !== 'unknown') return false;
  if (statement.atoms.some((atom) => atom.values.some(looksLikeSubject))) return true;
  const { doc, roleName, roleArn } = statement.fact;
  const told = [filePath(doc.uri).name, ...filePath(doc.uri).folders.slice(-2), roleName?.value ?? '', roleArn?.value ?? ''];
  return (
    clusterReference(value) === 'likely' &&
    statement.atoms.some((atom) => atom.name === 'aud' && atom.values.some((each) => literal(each) === defaultAudience)) &&
    !told.some((text) => otherIssuerName.test(text))
  );
}

/**
 * True when no file tells what a condition asks: a hole as operator or key, a key that names no known claim; or when
 * no source says what AWS makes of it (see trust/conditions/evaluate.ts).
 */
export function isUnknown(atom: Atom): boolean {
  if (isUnsettled(atom.operator, atom.entry.values)) return true;
  // On a claim of the provider's own tokens, which is there, the set operator compares as usual.
  if (atom.operator.set === 'ForAnyValue' && atom.operator.ifExists && atom.ours !== true) return true;
  if (atom.operator.family === 'Null' && holdsWhenAbsent(atom) === undefined) return true;
  return (
    atom.operator.hole ||
    !atom.operator.known ||
    (atom.claim !== undefined && atom.name === undefined) ||
    (atom.claim === undefined && literal(atom.key) === undefined)
  );
}

/**
 * Conditions that look at a claim of the provider's tokens, or whose key has a placeholder in its issuer, so that it is still to be
 * filled in; a mere test of the claim's existence does not.
 */
export function conditionsOn(claim: string, statement: PodStatement): readonly Atom[] {
  return statement.atoms.filter(
    (atom) => atom.name === claim && (atom.ours !== false || atom.key.holes.length > 0) && atom.operator.family !== 'Null',
  );
}

const deniesOf = new WeakMap<PolicyDocument, readonly PodStatement[]>();

function denies({ fact }: PodStatement): readonly PodStatement[] {
  let found = deniesOf.get(fact.policy);
  if (!found) deniesOf.set(fact.policy, (found = podStatements(fact).filter((s) => s.effect !== 'Allow')));
  return found;
}

/**
 * Whether a Deny of the policy looks at the claim, so that an Allow without it may be meant; or applies to everybody,
 * or holds a mistake of its own, so that nothing is sure.
 */
export function denyMayNarrow(claim: string, statement: PodStatement, context: RuleContext): boolean {
  return denies(statement).some(
    (other) =>
      other.atoms.length === 0 ||
      other.atoms.some((atom) => atom.name === claim || isUnknown(atom)) ||
      standingMistakes(other, context).length > 0,
  );
}
