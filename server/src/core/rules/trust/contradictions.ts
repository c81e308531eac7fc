import { literal } from '../../text/texts';
import { wildcardOffsets } from '../../text/wildcards/compile';
import { mayTake, type Atom } from './atoms';
import { sameIssuer } from './providers';
import type { PodStatement } from './statements';

/** More conditions on one claim than a person writes are not compared with each other. */
const most = 30;

/**
 * An earlier condition on the same claim that no value meets together with this one. Only where all values are
 * written out and one side lists exact values, which can be tried.
 */
export function contradiction(atom: Atom, statement: PodStatement): Atom | undefined {
  if (!comparable(atom)) return undefined;
  const others = statement.atoms
    .slice(0, statement.atoms.indexOf(atom))
    .filter((other) => comparable(other) && other.name === atom.name && sameIssuer(other.claim!.issuer, atom.claim!.issuer) === true);
  if (others.length === 0 || others.length > most) return undefined;
  return others.find((other) => excludes(atom, other) || excludes(other, atom));
}

/** A condition on a claim of the statement's own provider, String operator, all values literal. */
function comparable({ claim, name, ours, operator, values, entry }: Atom): boolean {
  return (
    claim !== undefined &&
    (name === 'sub' || name === 'aud') &&
    ours !== false &&
    operator.known &&
    operator.family === 'String' &&
    values.length > 0 &&
    values.length <= 200 &&
    !entry.values.open &&
    values.every((value) => literal(value) !== undefined && !value.value.includes('${'))
  );
}

/** True when `exact` lists exact values and `other` takes none of them. */
function excludes(exact: Atom, other: Atom): boolean {
  if (exact.operator.negated || exact.operator.ignoreCase) return false;
  if (exact.operator.like && exact.values.some((value) => wildcardOffsets(value).length > 0)) return false;
  return exact.values.every(
    ({ value }) => other.values.some((pattern) => mayTake(pattern, other.operator, value)) === other.operator.negated,
  );
}

/**
 * The first condition on another provider, where both are positive and must hold for one token. Which provider the
 * statement names need not be known: of two issuers that surely differ, one is not the token's.
 */
export function keysOfTwoProviders(atom: Atom, statement: PodStatement): { other: Atom; silent: boolean } | undefined {
  if (!decisive(atom)) return undefined;
  const firstOther = statement.atoms.find((other) => decisive(other) && sameIssuer(other.claim!.issuer, atom.claim!.issuer) === false);
  if (!firstOther) return undefined;
  const pairs = statement.atoms.filter(decisive);
  const first = pairs[0]!;
  // Said once: at the first key that is of another provider than the statement's first key.
  const speaker = pairs.find((other) => sameIssuer(other.claim!.issuer, first.claim!.issuer) === false);
  return { other: firstOther, silent: atom !== speaker };
}

function decisive({ claim, name, ours, operator }: Atom): boolean {
  return (
    claim !== undefined &&
    name !== undefined &&
    ours !== false &&
    operator.known &&
    operator.family === 'String' &&
    !operator.negated &&
    !operator.ifExists &&
    operator.set !== 'ForAllValues'
  );
}
