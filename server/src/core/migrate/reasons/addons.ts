import { hasModulesRole, isOfAddon } from '../addons';
import type { ReasonFinder } from './finder';

/** Add-ons of EKS take an association of their own; both mechanisms on one are refused. */
export const addonReasons: ReasonFinder = function* ({ move, direction, host }) {
  if (direction !== 'to-pod-identity' || !move.chain || !isOfAddon(move.chain)) return;
  yield {
    code: 'addon-association',
    effect: 'note',
    message: hasModulesRole(move, host)
      ? 'An EKS add-on has this role, and its module makes roles of other service accounts, too: the association is written in the module, and the add-on keeps its role for IRSA until the contract step.'
      : 'An EKS add-on has this role. EKS rejects both mechanisms on one add-on, so its role becomes an association of the add-on in the first step; undo that step with your version control.',
    at: { doc: move.chain.request.doc, span: move.chain.request.span },
  };
};
