import { any, not, type Tri } from '../text/tri';
import type { Span } from '../text/span';
import type { ValueList } from '../model/policy';
import type { Action, Catalogue } from './catalogue';
import { conditionWords } from './conditions';
import { expand, type ActionSet } from './expand';
import { covers } from './resourcePatterns';
import type { PolicySource } from './sources';

/** A statement of a permission policy, its actions named one by one. */
export interface PermissionStatement {
  readonly source: PolicySource;
  /** From 1, as people count. */
  readonly number: number;
  readonly sid?: string;
  /** In the policy's document. */
  readonly span: Span;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: ActionSet;
  /** The values of Resource, or of NotResource. */
  readonly resources: readonly string[];
  /** True for NotResource: all but the resources. */
  readonly allBut: boolean;
  /** All conditions in words. */
  readonly condition?: string;
  /** True when it speaks of the action. */
  has(action: Action): boolean;
}

/** The statements of a policy that allow or deny something. What IAM would not take is passed over. */
export function statementsOf(source: PolicySource, catalogue: Catalogue): PermissionStatement[] {
  return (source.policy?.statements ?? []).flatMap((statement): PermissionStatement[] => {
    const effect = statement.effect?.text?.value;
    const list = statement.action ?? statement.notAction;
    if ((effect !== 'Allow' && effect !== 'Deny') || !list) return [];
    const actions = expand(catalogue, texts(list), statement.action === undefined);
    const condition = conditionWords(statement.condition);
    const sid = statement.sid?.text?.value;
    const sets = new Map<string, Set<Action>>();
    return [
      {
        source,
        number: statement.index + 1,
        span: statement.span,
        effect,
        actions,
        resources: texts(statement.resource ?? statement.notResource),
        allBut: statement.resource === undefined && statement.notResource !== undefined,
        ...(sid ? { sid } : {}),
        ...(condition === undefined ? {} : { condition }),
        has(action) {
          let set = sets.get(action.service);
          if (!set) sets.set(action.service, (set = new Set(actions.byService.get(action.service))));
          return set.has(action);
        },
      },
    ];
  });
}

function texts(list: ValueList | undefined): string[] {
  return (list?.values ?? []).map((value) => value.value);
}

const answers = new WeakMap<PermissionStatement, Map<string, Tri>>();

/** Whether a statement speaks of all that a resource pattern stands for; `null`: of a part. Conditions are not looked at. */
export function coversResource(statement: PermissionStatement, pattern: string): Tri {
  let known = answers.get(statement);
  if (!known) answers.set(statement, (known = new Map<string, Tri>()));
  let answer = known.get(pattern);
  if (answer === undefined) {
    const named = any(statement.resources.map((resource) => covers(resource, pattern)));
    known.set(pattern, (answer = statement.allBut ? not(named) : named));
  }
  return answer;
}
