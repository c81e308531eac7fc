import type { ContainerFact, WorkloadFact } from '../../model/facts';
import { everyNode } from '../../fixes/trees';
import type { MapNode } from '../../syntax/tree';
import { leastCli } from '../limits';
import type { MigrationHost } from '../port';
import type { ReasonFinder } from './finder';
import { shownWorkload } from './workloads';

/** Images whose tag is the version of the AWS CLI in them. Source: the AWS CLI's user guide, its Docker images. */
const cliImage = /^(?:docker\.io\/)?(?:amazon\/aws-cli|public\.ecr\.aws\/aws-cli\/aws-cli):v?(\d+)\.(\d+)\.(\d+)$/;

/** Images with an AWS CLI that is too old to get credentials from EKS Pod Identity. */
export const imageReasons: ReasonFinder = function* ({ move, direction, host }) {
  if (direction !== 'to-pod-identity') return;
  for (const workload of move.workloads) {
    for (const { image, container } of imagesOf(workload, host)) {
      const match = cliImage.exec(image);
      const version = match && ([Number(match[1]), Number(match[2]), Number(match[3])] as const);
      const least = version && leastCli[version[0]];
      if (!version || !least || !isBefore(version, least)) continue;
      yield {
        code: 'sdk-too-old',
        effect: 'stops',
        message: `${shownWorkload(workload, move.namespace)} has AWS CLI ${version.join('.')}; EKS Pod Identity needs ${least.join('.')} or later. Update the image first.`,
        at: { doc: workload.doc, span: container.span },
      };
    }
  }
};

function imagesOf(workload: WorkloadFact, { source }: MigrationHost): { readonly image: string; readonly container: ContainerFact }[] {
  if (workload.containers.length === 0) return [];
  const root = source(workload.doc.uri)?.documents[workload.doc.index]?.tree().root;
  const maps = new Map<number, MapNode>();
  for (const node of everyNode(root)) if (node.kind === 'map') maps.set(node.span.start, node);
  return workload.containers.flatMap((container) => {
    const image = maps.get(container.span.start)?.entries.find(({ key }) => key.value === 'image')?.value;
    return image?.kind === 'scalar' && image.holes.length === 0 ? [{ image: image.value, container }] : [];
  });
}

function isBefore(version: readonly number[], least: readonly number[]): boolean {
  const at = version.findIndex((part, i) => part !== least[i]);
  return at >= 0 && version[at]! < least[at]!;
}
