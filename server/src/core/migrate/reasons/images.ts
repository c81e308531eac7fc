import { packageIndex } from '../packages/index';
import { oldImage } from '../packages/knownImages';
import { imagesOf } from './containers';
import type { ReasonFinder } from './finder';
import { shownWorkload } from './workloads';

/** Images whose tag tells that their AWS SDK or AWS CLI is too old: whatever kustomizations make of the tag, too. */
export const imageReasons: ReasonFinder = function* ({ move, direction, host }) {
  const index = packageIndex(host.packages, host.view.wiring.settings.base);
  for (const workload of move.workloads) {
    for (const { image, container } of imagesOf(workload, host)) {
      const old = index.deployed(image).map((each) => oldImage(each, direction));
      const [first] = old;
      // One that is new enough, or unknown, in some overlay is not sure to be too old.
      if (!first || old.some((each) => !each)) continue;
      yield {
        code: 'sdk-too-old',
        effect: 'stops',
        message: `${shownWorkload(workload, move.namespace)} has ${first.name} ${first.version}; ${direction === 'to-pod-identity' ? 'EKS Pod Identity' : 'IRSA'} needs ${first.least} or later. Update the image first.`,
        at: { doc: workload.doc, span: container.span },
      };
    }
  }
};
