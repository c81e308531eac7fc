import { folderOf } from '../readers/terraform/modules/folders';
import { literal } from '../text/texts';
import type { Grant } from '../wiring/grants';
import type { Move } from './moves';
import type { MigrationHost } from './port';
import { documentOf } from './spelling';

/**
 * Whether an association gives this very role in the cluster whose provider the role trusts, as the first step writes it: beside
 * the role, with the name by which the files spell that cluster. Then it is the account's, whichever overlays have one of that name.
 */
export function isOfItsRole({ association, ties }: Grant, { policy, providers, cluster }: Move, host: MigrationHost): boolean {
  const [fact] = policy.kind === 'file' ? policy.facts : [];
  if (!fact || !association?.clusterName || association.conditional || providers !== 1) return false;
  if (policy.facts.some((each) => !ties.some((tie) => tie.policy === each))) return false;
  const [document, own] = [documentOf(fact, host.source), documentOf(association, host.source)];
  if (!document || !own || folderOf(document.ref.uri) !== folderOf(own.ref.uri)) return false;
  const siblings = host.siblings(document.ref.uri).flatMap((uri) => host.source(uri)?.documents ?? []);
  const spelled = host.editors.clusterSpelling(fact, document, siblings, undefined, cluster.name).cluster;
  if (!spelled) return false;
  const { outer } = association.clusterName;
  return 'text' in spelled
    ? literal(association.clusterName) === spelled.text
    : own.text.slice(outer.start, outer.end).trim() === spelled.expression;
}
