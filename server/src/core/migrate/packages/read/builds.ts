import { valueAt } from '../../../syntax/nodes';
import type { Node } from '../../../syntax/tree';
import { folderOf, resolveUri } from '../../../readers/terraform/modules/folders';
import type { ImageBuild, ImageChange } from '../model';
import { imageName } from '../images';
import { scalarAt, type ReadFile } from './json';

/** skaffold.yaml: `build.artifacts`, each with its image and context. What its profiles change isn't read. Source: Skaffold, skaffold.yaml reference. */
export function readSkaffold(uri: string, text: string, read: ReadFile): ImageBuild[] {
  return rootsOf(uri, text, read).flatMap((root) =>
    itemsOf(valueAt(root, 'build', 'artifacts')).flatMap((artifact) =>
      buildOf(uri, scalarAt(artifact, 'image'), scalarAt(artifact, 'context') ?? '.', scalarAt(valueAt(artifact, 'docker'), 'dockerfile')),
    ),
  );
}

/** Files of Docker Compose: services with an image and a build. Source: Compose file reference, build. */
export function readCompose(uri: string, text: string, read: ReadFile): ImageBuild[] {
  return rootsOf(uri, text, read).flatMap((root) => {
    const services = valueAt(root, 'services');
    if (services?.kind !== 'map') return [];
    return services.entries.flatMap(({ value }) => {
      const build = valueAt(value, 'build');
      const context = build?.kind === 'map' ? (scalarAt(build, 'context') ?? '.') : scalarAt(value, 'build');
      return context === undefined ? [] : buildOf(uri, scalarAt(value, 'image'), context, scalarAt(build, 'dockerfile'));
    });
  });
}

/** kustomization.yaml: `images`. Source: Kustomize, images. */
export function readImageChanges(uri: string, text: string, read: ReadFile): ImageChange[] {
  return rootsOf(uri, text, read).flatMap((root) =>
    itemsOf(valueAt(root, 'images')).flatMap((item): ImageChange[] => {
      const name = scalarAt(item, 'name');
      if (name === undefined) return [];
      const [newName, newTag, digest] = ['newName', 'newTag', 'digest'].map((key) => scalarAt(item, key));
      return [
        {
          name,
          ...(newName === undefined ? {} : { newName }),
          ...(newTag === undefined ? {} : { newTag }),
          ...(digest === undefined ? {} : { digest: true }),
        },
      ];
    }),
  );
}

function buildOf(uri: string, image: string | undefined, context: string, dockerfile: string | undefined): ImageBuild[] {
  const folder = image === undefined || image.includes('$') ? undefined : resolveUri(folderOf(uri), context);
  if (image === undefined || folder === undefined) return [];
  const file = dockerfile === undefined ? undefined : resolveUri(folder, dockerfile);
  return [{ image: imageName(image), context: folder, ...(file === undefined ? {} : { dockerfile: folderOf(file) }) }];
}

function rootsOf(uri: string, text: string, read: ReadFile): Node[] {
  return read(uri, text, 'yaml').documents.flatMap((document) => document.tree().root ?? []);
}

function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? node.items : [];
}
