import { explainAccount, explainChain, type ExplainDocument } from '../../core/features/explain';
import type { ServiceAccountFact } from '../../core/model/facts';
import { literal } from '../../core/text/texts';
import { Failure } from '../failure';
import type { Group, Loaded } from '../load';
import { locate } from '../reported';
import { suggestion } from '../words';
import type { Locate } from './output';

/** One account that was found, and how its places are written. */
export interface Explained {
  readonly document: ExplainDocument;
  readonly locate: Locate;
}

/** Explains the accounts of that name in the files. Throws a {@link Failure} where there is none. */
export function explainAccounts(asked: string, loaded: Loaded, cwd: string): Explained[] {
  const [namespace, name, ...more] = asked.split('/');
  if (!namespace || !name || more.length > 0) throw new Failure(`${asked}: write the account as NAMESPACE/NAME.`);
  const found = loaded.groups.flatMap((group) => [...matching(group, namespace, name)].map((account) => ({ group, account })));
  if (found.length === 0) throw new Failure(notFound(asked, namespace, name, loaded));
  // An account without an annotation says nothing where another of the same name asks for a role.
  const asking = found.filter(({ group, account }) => group.workspace.wiring.chainOf(account));
  return (asking.length > 0 ? asking : found).map(({ group, account }) => ({
    document: explain(group, account, namespace),
    locate: (place) => locate(place, group, cwd),
  }));
}

function* matching({ workspace }: Group, namespace: string, name: string): Generator<ServiceAccountFact> {
  for (const account of workspace.wiring.accounts()) {
    if (literal(account.name) !== name) continue;
    const known = workspace.wiring.namespaceOf(account);
    if (known === undefined || known === namespace) yield account;
  }
}

function explain({ workspace }: Group, account: ServiceAccountFact, namespace: string): ExplainDocument {
  const chain = workspace.wiring.chainOf(account);
  if (!chain) return explainAccount(workspace, account);
  if (chain.namespace !== undefined) return explainChain(workspace, chain);
  const document = explainChain(workspace, { ...chain, namespace });
  return { ...document, assumptions: [...document.assumptions, `The files do not name the account's namespace: ${namespace} is taken, as asked.`] };
}

function notFound(asked: string, namespace: string, name: string, loaded: Loaded): string {
  const known: string[] = [];
  for (const { workspace } of loaded.groups) {
    for (const account of workspace.wiring.accounts()) {
      const literalName = literal(account.name);
      if (literalName !== undefined) known.push(`${workspace.wiring.namespaceOf(account) ?? namespace}/${literalName}`);
    }
  }
  const elsewhere = known.find((each) => each.endsWith(`/${name}`));
  const hint = elsewhere ? ` There is ${elsewhere}.` : suggestion(asked, known);
  return `no ServiceAccount ${asked} is in the ${loaded.files === 1 ? 'file' : `${loaded.files} files`} that were read.${hint}`;
}
