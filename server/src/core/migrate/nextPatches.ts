import { filePath, folderKey, pathKey, relativePath, resolvePath } from '../config/paths';
import { asMap } from '../readers/nodes';
import { outerSpan, valueAt } from '../syntax/nodes';
import { encloses } from '../text/span';
import { literal } from '../text/texts';
import { listed } from './listed';
import type { Move } from './moves';
import type { MigrationHost } from './port';
import { documentOf } from './spelling';

/** What to do about patch files of kustomizations that only name their service account after a step which removes annotations. */
export function patchSteps(moves: readonly Move[], host: MigrationHost): string[] {
  const files = new Set<string>();
  for (const { chain } of moves) {
    const uri = chain?.request.doc.uri;
    if (uri === undefined || !isListed(chain!.overlays ?? [], uri, host) || !isForAnnotation(chain!, host)) continue;
    files.add(relativePath(uri, host.view.wiring.settings.base) ?? filePath(uri).name);
  }
  if (files.size === 0) return [];
  const one = files.size === 1;
  return [
    `${listed([...files].sort())} only ${one ? 'names its' : 'name their'} service account now and ${one ? 'changes' : 'change'} nothing: remove ${one ? 'it and its entry' : 'them and their entries'} in the kustomization if you like.`,
  ];
}

/** Whether a kustomization names a file as a patch. */
function isListed(overlays: readonly { readonly doc: { readonly uri: string } }[], uri: string, { view }: MigrationHost): boolean {
  return overlays.some(({ doc }) =>
    view.wiring
      .facts(doc.uri)
      .some(
        (fact) =>
          fact.kind === 'kustomization' &&
          (fact.patches ?? []).some(({ path }) => resolvePath(folderKey(doc.uri), literal(path) ?? '') === pathKey(uri)),
      ),
  );
}

/** Whether a patch has an account's name and its annotations for IRSA, and nothing else. */
function isForAnnotation({ account, request }: NonNullable<Move['chain']>, host: MigrationHost): boolean {
  const root = asMap(documentOf(request, host.source)?.tree().root);
  const metadata = asMap(valueAt(root, 'metadata'));
  const annotations = asMap(valueAt(metadata, 'annotations'));
  if (!root || !metadata || !annotations) return false;
  const own = [request, account.audience, account.stsRegionalEndpoints, account.tokenExpiration].flatMap((each) => each?.entrySpan ?? []);
  return (
    root.entries.every(({ key }) => ['apiVersion', 'kind', 'metadata'].includes(key.value)) &&
    metadata.entries.every(({ key }) => ['name', 'namespace', 'annotations'].includes(key.value)) &&
    annotations.entries.every(({ span }) => own.some((each) => encloses(each, span))) &&
    encloses(outerSpan(root), request.span)
  );
}
