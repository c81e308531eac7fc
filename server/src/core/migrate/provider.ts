import { folderOf } from '../readers/terraform/modules/folders';
import type { Move } from './moves';
import type { MigrationHost } from './port';
import { documentOf } from './spelling';
import type { Spelling } from './types';

/**
 * The OIDC provider of an account's cluster as the Terraform folder of its role's trust policy spells it: that of the cluster
 * that its association, of the same folder, names. Undefined where the folder has none for certain.
 */
export function providerInFiles(
  { policy, grants }: Move,
  { source, siblings, editors }: MigrationHost,
): { readonly provider: Spelling; readonly issuer: Spelling } | undefined {
  const [fact] = policy.kind === 'file' ? policy.facts : [];
  const document = fact && documentOf(fact, source);
  if (document?.syntax !== 'hcl') return undefined;
  const { uri } = document.ref;
  const clusters = grants.map(({ association }) => {
    const name = association?.clusterName;
    const own = association && folderOf(association.doc.uri) === folderOf(uri) ? documentOf(association, source) : undefined;
    return name && own?.syntax === 'hcl' ? own.text.slice(name.outer.start, name.outer.end).trim() : undefined;
  });
  const [cluster] = clusters;
  if (cluster === undefined || clusters.some((each) => each !== cluster)) return undefined;
  return editors.terraformProvider(document, siblings(uri).flatMap((each) => source(each)?.documents ?? []), cluster); // prettier-ignore
}
