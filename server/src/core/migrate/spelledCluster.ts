import type { Edit } from '../rules/rule';
import type { SourceDocument } from '../syntax/sourceFile';
import { naming } from './admissions';
import type { Move } from './moves';
import type { MigrationHost } from './port';
import { documentOf } from './spelling';
import type { Spelling } from './types';

/** A cluster and its account as the files of a trust policy spell them; what is not sure is absent. */
export interface SpelledCluster {
  readonly cluster?: Spelling;
  readonly accountId?: Spelling;
  /** What declares the variable that `cluster` names, where it is new. */
  readonly edits: readonly Edit[];
}

/** How the files spell the cluster beside an account's trust policy: `module.eks.cluster_name`, or what a module's calls give it. */
export function spelledCluster(move: Move, host: MigrationHost): SpelledCluster {
  const [fact] = move.policy.facts;
  const document = fact && documentOf(fact, host.source);
  if (!fact || !document) return { edits: [] };
  const { editors } = host;
  const own = naming(fact, move.named);
  const found = editors.clusterSpelling(own, document, siblingsOf(document, host), undefined, move.cluster.name);
  const given =
    found.cluster || move.policy.kind !== 'file' || document.syntax !== 'hcl' ? undefined : editors.clusterFromCalls(own, document, host);
  return { ...found, edits: [], ...given };
}

/** The documents of the other files of a document's folder. */
export function siblingsOf(document: SourceDocument, host: MigrationHost): SourceDocument[] {
  return host.siblings(document.ref.uri).flatMap((uri) => host.source(uri)?.documents ?? []);
}
