import type { Action, ResourceKind } from './catalogue';
import { speaksOf } from './expand';
import { covers, reaches } from './resourcePatterns';
import { coversResource, type PermissionStatement } from './statements';

/** Actions of one service that a role may do on the same resources, under the same conditions, by one statement. */
export interface Grant {
  readonly statement: PermissionStatement;
  readonly service: string;
  readonly actions: readonly Action[];
  /** Patterns of what they may be done on. `*` where the statement names what it leaves out. */
  readonly resources: readonly string[];
  /** What must hold, in words: the statement's conditions, and the boundary's. */
  readonly conditions: readonly string[];
  /** Statements that deny a part of it. */
  readonly limits: readonly PermissionStatement[];
}

export interface Effective {
  readonly grants: readonly Grant[];
  /** Allowed by a policy, and wholly outside of the boundary. */
  readonly cut: readonly Action[];
  /** Allowed by a policy, and wholly denied by another statement. */
  readonly denied: readonly Action[];
  /** Actions that no resource of their statement fits, so that it does not allow them. */
  readonly without: readonly { readonly action: Action; readonly statement: PermissionStatement }[];
  /** Allowed actions that the catalogue does not have, as written. */
  readonly unlisted: readonly { readonly name: string; readonly statement: PermissionStatement }[];
}

export interface Statements {
  readonly allows: readonly PermissionStatement[];
  /** Of the role's policies and of its boundary. */
  readonly denies: readonly PermissionStatement[];
  /** What the boundary allows; absent without a boundary, or where it is not known. */
  readonly bounds?: readonly PermissionStatement[];
}

/** What one pattern of a statement comes to for one action. */
interface Piece {
  readonly resource: string;
  readonly conditions: readonly string[];
  readonly limits: readonly PermissionStatement[];
}

/**
 * What is left of the allowed after explicit denies and the boundary: an explicit deny wins over all, and a boundary
 * allows nothing by itself. Source: IAM guide, reference_policies_evaluation-logic.
 */
export function effective(statements: Statements): Effective {
  const grants: Grant[] = [];
  const lost: Lost = { cut: new Set(), denied: new Set() };
  const without: Effective['without'][number][] = [];
  for (const statement of statements.allows) {
    const fitting = fittingPatterns(statement);
    for (const [service, actions] of statement.actions.byService) {
      // Actions with the same patterns, denies and bounds come to the same.
      const groups = new Map<string, { patterns: readonly string[]; actions: Action[] }>();
      for (const action of actions) {
        const patterns = fitting(action.on);
        if (patterns.length > 0) {
          const key = `${patterns.join('\n')} ${speaking(statements.denies, action)} ${speaking(statements.bounds ?? [], action)}`;
          const group = groups.get(key);
          if (group) group.actions.push(action);
          else groups.set(key, { patterns, actions: [action] });
        } else if (isNamed(statement, action)) without.push({ action, statement });
      }
      for (const group of groups.values())
        grants.push(...grantsOf(statement, service, group.actions, piecesOf(group.actions, group.patterns, statement, statements, lost)));
    }
  }
  const granted = new Set(grants.flatMap((grant) => grant.actions));
  const whollyLost = (set: ReadonlySet<Action>): Action[] => [...set].filter((action) => !granted.has(action));
  return {
    grants,
    cut: whollyLost(lost.cut),
    denied: whollyLost(lost.denied),
    unlisted: unlistedOf(statements),
    without: without.filter(({ action }) => !granted.has(action)),
  };
}

interface Lost {
  readonly cut: Set<Action>;
  readonly denied: Set<Action>;
}

/** Which of the statements speak of an action, as a key. */
function speaking(statements: readonly PermissionStatement[], action: Action): string {
  let key = '';
  for (let i = 0; i < statements.length; i++) if (statements[i]!.has(action)) key += `${i},`;
  return key;
}

/** True where a statement writes an action's own name: a wildcard is not meant to name each action. */
function isNamed({ actions }: PermissionStatement, action: Action): boolean {
  const name = `${action.service}:${action.name}`.toLowerCase();
  return !actions.allBut && actions.written.some((written) => written.toLowerCase() === name);
}

/** The patterns of a statement that some resource of the kinds fits, worked out once for each set of kinds. */
function fittingPatterns(statement: PermissionStatement): (on: Action['on']) => readonly string[] {
  const all = statement.allBut ? ['*'] : [...new Set(statement.resources)];
  const onNothing = all.filter((pattern) => /^\*+$/.test(pattern));
  const known = new Map<Action['on'], readonly string[]>();
  const byKind = new Map<ResourceKind, ReadonlySet<string>>();
  return (on) => {
    let patterns = known.get(on);
    if (!patterns) {
      patterns =
        on === 'any'
          ? all
          : on.length === 0
            ? onNothing
            : all.filter((pattern) =>
                on.some((kind) => {
                  if (!byKind.has(kind)) byKind.set(kind, new Set(all.filter((one) => reaches(one, kind))));
                  return byKind.get(kind)!.has(pattern);
                }),
              );
      known.set(on, patterns);
    }
    return patterns;
  };
}

/** What is left of a statement's patterns for actions of which the same denies and bounds speak. */
function piecesOf(
  actions: readonly Action[],
  patterns: readonly string[],
  statement: PermissionStatement,
  { denies, bounds }: Statements,
  lost: Lost,
): Piece[] {
  const own = statement.condition === undefined ? [] : [statement.condition];
  const against = denies.filter((deny) => deny.has(actions[0]!));
  const within = bounds?.filter((bound) => bound.has(actions[0]!));
  const pieces: Piece[] = [];
  const lose = (set: Set<Action>): void => actions.forEach((action) => set.add(action));
  for (const pattern of patterns) {
    const inside = within ? insideBoundary(pattern, within) : [{ resource: pattern, conditions: [] }];
    if (inside.length === 0) lose(lost.cut);
    for (const { resource, conditions } of inside) {
      const limits: PermissionStatement[] = [];
      let denied = false;
      for (const deny of against) {
        const covered = coversResource(deny, resource);
        if (covered === true && deny.condition === undefined) denied = true;
        else if (covered !== false) limits.push(deny);
      }
      if (denied) lose(lost.denied);
      else pieces.push({ resource, conditions: [...own, ...conditions], limits });
    }
  }
  return pieces;
}

/** The part of a pattern that the boundary's statements leave, with what they ask for. */
function insideBoundary(pattern: string, within: readonly PermissionStatement[]): { resource: string; conditions: readonly string[] }[] {
  const parts: { resource: string; conditions: readonly string[] }[] = [];
  for (const bound of within) {
    const covered = coversResource(bound, pattern);
    const conditions = bound.condition === undefined ? [] : [bound.condition];
    if (covered === true && conditions.length === 0) return [{ resource: pattern, conditions }];
    if (covered === true || (covered === null && bound.allBut)) parts.push({ resource: pattern, conditions });
    else if (covered === null) {
      for (const resource of bound.resources) {
        const narrower = covers(pattern, resource);
        if (narrower === true) parts.push({ resource, conditions });
        else if (covers(resource, pattern) !== false)
          parts.push({ resource: pattern, conditions: [...conditions, `the boundary's ${resource} fits`] });
      }
    }
  }
  return parts;
}

/** A grant for each set of conditions among the pieces. */
function grantsOf(statement: PermissionStatement, service: string, actions: readonly Action[], pieces: readonly Piece[]): Grant[] {
  const byConditions = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const key = piece.conditions.join('\n');
    byConditions.set(key, [...(byConditions.get(key) ?? []), piece]);
  }
  return [...byConditions.values()].map((same) => ({
    statement,
    service,
    actions,
    resources: [...new Set(same.map((piece) => piece.resource))],
    conditions: same[0]!.conditions,
    limits: [...new Set(same.flatMap((piece) => piece.limits))],
  }));
}

function unlistedOf({ allows, denies, bounds }: Statements): Effective['unlisted'] {
  return allows.flatMap((statement) =>
    statement.actions.unlisted
      .filter(
        (name) =>
          !denies.some(
            (deny) =>
              deny.condition === undefined &&
              speaksOf(deny.actions, name) &&
              statement.resources.every((resource) => coversResource(deny, resource) === true),
          ),
      )
      .filter((name) => !bounds || bounds.some((bound) => speaksOf(bound.actions, name)))
      .map((name) => ({ name, statement })),
  );
}

/** Statements of a role and its boundary, sorted by what they do. */
export function sortStatements(own: readonly PermissionStatement[], boundary: readonly PermissionStatement[] | undefined): Statements {
  const allows = (list: readonly PermissionStatement[]): PermissionStatement[] => list.filter(({ effect }) => effect === 'Allow');
  const denies = (list: readonly PermissionStatement[]): PermissionStatement[] => list.filter(({ effect }) => effect === 'Deny');
  return { allows: allows(own), denies: [...denies(own), ...denies(boundary ?? [])], ...(boundary ? { bounds: allows(boundary) } : {}) };
}
