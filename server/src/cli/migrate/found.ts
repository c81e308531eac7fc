import type { MigrationPlan, MigrationResult } from '../../core/migrate/types';
import { Failure } from '../failure';
import { suggestion } from '../words';
import type { MigrateOptions, Named } from './options';

/** True if a step names every account that was asked for, or anything where only a namespace or a cluster was asked for. */
export function saysAll(
  results: readonly { readonly result: MigrationResult }[],
  { accounts }: Named,
  { namespace, cluster }: MigrateOptions,
): boolean {
  const told = new Set(results.flatMap(({ result }) => [...result.accounts, ...result.refused.map(({ account }) => account)]));
  const isFiltered = namespace !== undefined || cluster !== undefined;
  return (told.size > 0 || !isFiltered) && accounts.every(({ namespace: in_, name }) => told.has(`${in_}/${name}`));
}

/**
 * Throws a {@link Failure} for accounts, a namespace or a cluster that were asked for and are in none of the files, with the
 * names that may have been meant.
 * @param plans of what was asked for
 * @param whole gives the plans of everything: made only where something is missing
 */
export function checkFound(
  plans: readonly MigrationPlan[],
  { accounts }: Named,
  { namespace, cluster }: MigrateOptions,
  whole: () => readonly MigrationPlan[],
): void {
  const all = () => whole().flatMap((each) => each.accounts);
  const only = [
    ...(namespace === undefined ? [] : [`in namespace ${namespace}`]),
    ...(cluster === undefined ? [] : [`of cluster ${cluster}`]),
  ];
  if (only.length > 0 && plans.every((each) => each.accounts.length === 0)) {
    const known = all();
    const hints = [
      suggested(
        namespace,
        known.map((each) => each.namespace),
      ),
      suggested(
        cluster,
        known.map((each) => each.cluster),
      ),
    ];
    throw new Failure(`No service account ${only.join(' ')} in these files.${hints.join('')}`);
  }
  const found = new Set(plans.flatMap((each) => each.accounts.map(({ shown }) => shown)));
  const missing = accounts.filter(({ namespace: in_, name }) => !found.has(`${in_}/${name}`));
  if (missing.length === 0) return;
  const known = new Set(all().map(({ shown }) => shown));
  throw new Failure(missing.map(({ namespace: in_, name }) => `No file connects a role to ${in_}/${name}.${meant(in_, name, known)}`));
}

/** A hint for a name that is none of the known ones; nothing for a name that is. */
function suggested(name: string | undefined, known: readonly (string | undefined)[]): string {
  const names = new Set(known.filter((each) => each !== undefined));
  return name === undefined || names.has(name) ? '' : suggestion(name, names);
}

/** The account that was probably meant: of the same name in another namespace, if there is one, or spelled nearly the same. */
function meant(namespace: string, name: string, known: ReadonlySet<string>): string {
  const elsewhere = [...known].filter((each) => each.endsWith(`/${name}`));
  const [only] = elsewhere;
  return elsewhere.length === 1 && only !== undefined ? ` Did you mean ${only}?` : suggestion(`${namespace}/${name}`, known);
}
