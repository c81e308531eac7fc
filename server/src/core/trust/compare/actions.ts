import { matchesAction } from '../actions';
import type { Caller } from './callers';
import { unknown, type Formula } from './formula';
import type { PreparedStatement } from './prepared';
import { named } from './symbols';

const assume = 'sts:AssumeRole';
const withToken = 'sts:AssumeRoleWithWebIdentity';
const withSaml = 'sts:AssumeRoleWithSAML';
const tagSession = 'sts:TagSession';
/** What a caller may do besides, in the same request, where the policy allows it. Source: service authorization reference for STS. */
const besides = [tagSession, 'sts:SetSourceIdentity', 'sts:SetContext'];

/** The actions that one request needs, all of them. */
export interface Needed {
  readonly actions: readonly string[];
  /** What is not known of such requests, where the evaluator doesn't decide them. */
  readonly doubt?: string;
}

/**
 * How a caller can ask for a role: the actions that are needed together. EKS Pod Identity needs two of them; whoever passes tags or a
 * source identity needs one more.
 * @param statements those that may be about the caller
 * @param isCluster whether the caller's tokens are of a cluster of EKS, which have no tags
 */
export function waysToAssume(caller: Caller, statements: readonly PreparedStatement[], isCluster: boolean): Needed[] {
  if (caller.kind === 'pods') {
    if (caller.tags) return [{ actions: [assume, tagSession] }];
    const doubt = 'whether EKS needs sts:TagSession for an association that disables session tags';
    return [
      { actions: [assume, tagSession], doubt },
      { actions: [assume], doubt },
    ];
  }
  const action = caller.kind === 'token' ? withToken : caller.element === 'federated' ? withSaml : assume;
  if (isCluster) return [{ actions: [action] }];
  // An action that every statement treats as the first one changes nothing.
  const apart = besides.filter((other) =>
    statements.some(({ statement }) => matchesAction(statement, action) !== matchesAction(statement, other)),
  );
  const ways: Needed[] = [{ actions: [action] }];
  for (const other of apart) {
    for (const { actions } of [...ways])
      ways.push({
        actions: [...actions, other],
        ...(caller.kind === 'token'
          ? { doubt: `whether tokens of the provider need ${other}, which passes session tags or an identity` }
          : {}),
      });
  }
  return ways;
}

/** Whether a statement is about an action. */
export function actionFormula({ statement, id }: PreparedStatement, action: string): Formula {
  const matched = matchesAction(statement, action);
  if (matched !== null) return matched;
  const lists = [statement.action, statement.notAction].map((list, l) =>
    list?.values.map((value, i) => named(value, `${id}.a${l}.${i}`).symbol).sort(),
  );
  const open = statement.action?.open || statement.notAction?.open || !(statement.action ?? statement.notAction);
  return unknown(
    `action ${action} ${JSON.stringify(lists)} ${open ? id : ''}`,
    `the actions of a statement, and whether they include ${action}`,
  );
}
