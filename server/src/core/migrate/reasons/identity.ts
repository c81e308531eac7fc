import { shownRoleName } from '../../trust/roleText';
import { perhapsItsAnnotation, unknownOf } from '../perhaps';
import type { ReasonFinder, Subject } from './finder';

/** The account's namespace and name. */
export const identityReasons: ReasonFinder = function* ({ move, direction, host }) {
  if (!move.named) {
    const missing = unknownOf(move);
    yield {
      code: 'identity-unknown',
      effect: 'unknown',
      message: `The service account's ${missing} isn't known from the files, and an association needs it. ${howToTell(move, missing)}`,
      ...(move.account ? { at: { doc: move.account.doc, span: move.account.head } } : {}),
    };
  }
  if (move.assumed)
    yield {
      code: 'identity-unknown',
      effect: 'note',
      message: `Assumption: this annotation is that of ${move.shown}, because the trust policy of ${move.role} allows no other service account that it can be.`,
      ...(move.chain ? { at: { doc: move.chain.request.doc, span: move.chain.request.span } } : {}),
    };
  if (!move.chain && !move.account && direction === 'to-irsa')
    yield {
      code: 'account-not-in-files',
      effect: 'unknown',
      message: `No file has the service account, so there is no place for the role-arn annotation. Add the manifest of ${move.shown} to the paths.`,
    };
  const perhaps = direction === 'to-pod-identity' ? perhapsItsAnnotation(move, host.view.wiring) : undefined;
  if (perhaps)
    yield {
      code: 'identity-unknown',
      effect: 'note',
      message: move.perhapsBy
        ? `The annotation requests ${shownRoleName(perhaps.request.value)}, which may be this role. The last step, contract, needs it removed first.`
        : `This annotation requests the role for a service account whose ${unknownOf(perhaps)} isn't known from the files: perhaps ${move.shown}. The last step, contract, needs it removed first.`,
      at: { doc: perhaps.request.doc, span: perhaps.request.span },
    };
  else if (!move.chain && !move.account && direction === 'to-pod-identity' && move.grants.length === 0)
    yield {
      code: 'account-not-in-files',
      effect: 'note',
      message:
        move.policy.kind === 'made'
          ? 'Only the entry in iam.serviceAccounts, with roleOnly, names this service account. Its annotation, if it has one, is in none of the files: remove it where it is set.'
          : 'Only the trust policy names this service account. Its annotation, if it has one, is in none of the files: remove it where it is set.',
    };
  if (move.chain?.request.value && move.chain.roleArn === undefined && move.chain.reference === undefined)
    yield {
      code: 'role-not-found',
      effect: 'stops',
      message: `The annotation's value ${shownRoleName(move.chain.request.value)} isn't a role ARN. Correct it first.`,
      at: { doc: move.chain.request.doc, span: move.chain.request.valueSpan },
    };
};

/** How the missing part becomes known: in Terraform by the value, elsewhere by the settings or by rendering. */
function howToTell({ account }: Subject['move'], missing: 'name' | 'namespace'): string {
  if (account && /\.(?:tf|tofu)(?:\.json)?$/.test(account.doc.uri)) return 'Give its value in the Terraform files.';
  // Crossplane and other operators make the account of a template in a resource of their own; no chart is rendered.
  if (/service[-_]?account[-_]?template$/i.test(account?.valuesPath ?? ''))
    return missing === 'namespace'
      ? 'Set it under clusters: in pod-roles.yaml.'
      : "The operator generates it unless the template sets it: set metadata.name there, if the operator's API has it.";
  return missing === 'namespace' ? 'Set it under clusters: in pod-roles.yaml, or check the rendered chart.' : 'Check the rendered chart.';
}
