import { shownRoleName } from '../../trust/roleText';
import type { ReasonFinder } from './finder';

/** The account's namespace and name. */
export const identityReasons: ReasonFinder = function* ({ move, direction }) {
  if (!move.named) {
    const missing = move.name === undefined ? 'name' : 'namespace';
    yield {
      code: 'identity-unknown',
      effect: 'unknown',
      message: `The service account's ${missing} isn't known from the files, and an association needs it. ${missing === 'namespace' ? 'Set it under clusters: in pod-roles.yaml, or check the rendered chart.' : 'Check the rendered chart.'}`,
      ...(move.account ? { at: { doc: move.account.doc, span: move.account.head } } : {}),
    };
  }
  if (!move.chain && !move.account && direction === 'to-irsa')
    yield {
      code: 'account-not-in-files',
      effect: 'unknown',
      message: `No file has the service account, so there is no place for the role-arn annotation. Add the manifest of ${move.shown} to the paths.`,
    };
  if (!move.chain && !move.account && direction === 'to-pod-identity' && move.grants.length === 0)
    yield {
      code: 'account-not-in-files',
      effect: 'note',
      message: `Only the trust policy names this service account. Its annotation, if it has one, is in none of the files: remove it where it is set.`,
    };
  if (move.chain?.request.value && move.chain.roleArn === undefined && move.chain.reference === undefined)
    yield {
      code: 'role-not-found',
      effect: 'stops',
      message: `The annotation's value ${shownRoleName(move.chain.request.value)} isn't a role ARN. Correct it first.`,
      at: { doc: move.chain.request.doc, span: move.chain.request.valueSpan },
    };
};
