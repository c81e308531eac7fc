import { matchesAction } from '../../trust/actions';
import type { ListValue } from '../../model/policy';
import type { Tri } from '../../text/tri';
import { literal } from '../../text/texts';
import type { PodStatement } from './statements';

/** The action of IRSA, and those of EKS Pod Identity. Source: EKS user guide. */
export const webIdentityAction = 'sts:AssumeRoleWithWebIdentity';
export const podIdentityActions = ['sts:AssumeRole', 'sts:TagSession'] as const;

/** Whether the statement speaks of an action. */
export function speaksOf(statement: PodStatement, action: string): Tri {
  return matchesAction(statement.statement, action);
}

/** The values of Action that are written out, and name this action and no wildcard. */
export function actionValues(statement: PodStatement, action: string): readonly ListValue[] {
  return statement.statement.action?.values.filter((value) => literal(value)?.toLowerCase() === action.toLowerCase()) ?? [];
}

/** True when every action is one that STS has: others are policy-malformed's. */
export function actionsAreKnown(statement: PodStatement): boolean {
  return (
    statement.statement.action?.values.every((value) =>
      /^sts:(assumerole(withsaml|withwebidentity)?|tagsession|setsourceidentity|setcontext|\*|.*\*.*)$/i.test(value.value),
    ) ?? false
  );
}
