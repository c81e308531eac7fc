import { explainAccount, explainChain, explainGrant, type ExplainDocument } from '../../core/features/explain';
import type { ServiceAccountFact } from '../../core/model/facts';
import { literal } from '../../core/text/texts';
import type { Chain } from '../../core/wiring/chain';
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
  const found = loaded.groups.flatMap((group) => matching(group, namespace, name).map((one) => ({ group, ...one })));
  if (found.length === 0) {
    const given = loaded.groups.flatMap((group) =>
      group.workspace.wiring.grantsOf({ namespace, name, places: [] }).map((grant) => ({ group, grant })),
    );
    if (given.length === 0) throw new Failure(notFound(asked, namespace, name, loaded));
    return given.map(({ group, grant }) => ({
      document: explainGrant(group.workspace, grant, { workloads: grant.workloads }),
      locate: (place) => locate(place, group, cwd),
    }));
  }
  // An account without an annotation says nothing where another of the same name asks for a role.
  const asking = found.filter(({ chain }) => chain);
  return (asking.length > 0 ? asking : found).map(({ group, account, chain }) => ({
    document: explain(group, account, chain, namespace),
    locate: (place) => locate(place, group, cwd),
  }));
}

interface Found {
  readonly account: ServiceAccountFact;
  /** What it asks for under that name, in some overlays where kustomizations name it. */
  readonly chain?: Chain;
}

function matching({ workspace }: Group, namespace: string, name: string): Found[] {
  const { wiring } = workspace;
  const found: Found[] = [];
  for (const account of wiring.accounts()) {
    const chains = wiring.chainsFor(account);
    if (chains.length > 0) {
      found.push(
        ...chains
          .filter((chain) => (chain.name ?? literal(account.name)) === name && (chain.namespace ?? namespace) === namespace)
          .map((chain) => ({ account, chain })),
      );
    } else if (wiring.chainsThrough(account).length === 0) {
      const known = wiring
        .identitiesOf(account)
        .some((each) => (each.name ?? literal(account.name)) === name && (each.namespace ?? namespace) === namespace);
      if (known) found.push({ account });
    }
  }
  return found;
}

function explain({ workspace }: Group, account: ServiceAccountFact, chain: Chain | undefined, namespace: string): ExplainDocument {
  if (!chain) return explainAccount(workspace, account);
  if (chain.namespace !== undefined) return explainChain(workspace, chain);
  const document = explainChain(workspace, { ...chain, namespace });
  return {
    ...document,
    assumptions: [...document.assumptions, `The files do not name the account's namespace: ${namespace} is taken, as asked.`],
  };
}

function notFound(asked: string, namespace: string, name: string, loaded: Loaded): string {
  const known: string[] = [];
  for (const { workspace } of loaded.groups) {
    for (const account of workspace.wiring.accounts()) {
      for (const each of workspace.wiring.identitiesOf(account)) {
        const own = each.name ?? literal(account.name);
        if (own !== undefined) known.push(`${each.namespace ?? namespace}/${own}`);
      }
    }
  }
  const elsewhere = known.find((each) => each.endsWith(`/${name}`));
  const hint = elsewhere ? ` There is ${elsewhere}.` : suggestion(asked, known);
  return `no ServiceAccount ${asked} is in the ${loaded.files === 1 ? 'file that was' : `${loaded.files} files that were`} read.${hint}`;
}
