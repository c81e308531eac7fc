import { accessLevels, type AccessLevel, type Action, type Catalogue, type ResourceKind, type Service } from './catalogue';
import { isWholeService } from './callouts';
import type { Grant } from './effective';
import { isUnbounded } from './resourcePatterns';

/** What a role may do in one service. */
export interface ServicePermissions {
  readonly prefix: string;
  /** `S3`. */
  readonly name: string;
  /** Different actions by access level. */
  readonly counts: Readonly<Record<AccessLevel, number>>;
  /** True when a statement allows all of the service's actions by a wildcard. */
  readonly whole: boolean;
  /** How many actions the service has. */
  readonly size: number;
  readonly grants: readonly Grant[];
  /** What it is bounded to: patterns of the actions that act on resources; of all, where none does. Without repeats. */
  readonly resources: readonly string[];
  /** Kinds of resources of which it reaches any, those with most actions first: `queue`. Actions that only list do not count. */
  readonly anyOf: readonly string[];
  /** `all`: nothing of the service is allowed without a condition; `some`: a part is. */
  readonly conditional: 'none' | 'some' | 'all';
  /** Different sets of conditions, in words. */
  readonly conditions: readonly string[];
}

/** Grants by service, the services with most actions first. */
export function summaryOf(grants: readonly Grant[], catalogue: Catalogue): ServicePermissions[] {
  const byService = new Map<string, Grant[]>();
  for (const grant of grants) byService.set(grant.service, [...(byService.get(grant.service) ?? []), grant]);
  return [...byService]
    .map(([prefix, list]) => summary(catalogue.service(prefix)!, list))
    .sort((a, b) => total(b) - total(a) || (a.name < b.name ? -1 : 1));
}

/** All actions of a service, or of several. */
export function total({ counts }: Pick<ServicePermissions, 'counts'>): number {
  return accessLevels.reduce((sum, level) => sum + counts[level], 0);
}

/** Counts by level over services. */
export function totals(services: readonly ServicePermissions[]): Record<AccessLevel, number> {
  const sums = emptyCounts();
  for (const { counts } of services) for (const level of accessLevels) sums[level] += counts[level];
  return sums;
}

function emptyCounts(): Record<AccessLevel, number> {
  return { list: 0, read: 0, write: 0, permissions: 0, tagging: 0 };
}

function summary({ prefix, name, actions }: Service, grants: readonly Grant[]): ServicePermissions {
  const counts = emptyCounts();
  for (const action of new Set(grants.flatMap((grant) => grant.actions))) counts[action.level]++;
  const bounded = grants.filter((grant) => grant.actions.some((action) => action.on === 'any' || action.on.length > 0));
  const conditional = grants.filter((grant) => grant.conditions.length > 0).length;
  return {
    prefix,
    name,
    counts,
    grants,
    size: actions.length,
    whole: grants.some((grant) => isWholeService(grant.statement, prefix)),
    resources: [...new Set((bounded.length > 0 ? bounded : grants).flatMap(resourcesOf))],
    anyOf: unbounded(grants),
    conditional: conditional === 0 ? 'none' : conditional === grants.length ? 'all' : 'some',
    conditions: [...new Set(grants.filter((grant) => grant.conditions.length > 0).map((grant) => grant.conditions.join(' and ')))],
  };
}

/** A grant's patterns as they are said: `all but …` for NotResource. */
export function resourcesOf({ statement, resources }: Grant): readonly string[] {
  return statement.allBut
    ? resources.map((resource) => (resource === '*' ? `all but ${statement.resources.join(', ')}` : resource))
    : resources;
}

function unbounded(grants: readonly Grant[]): string[] {
  const uses = new Map<string, number>();
  for (const grant of grants) {
    if (grant.statement.allBut || grant.conditions.length > 0) continue;
    const wide = new Map<ResourceKind, boolean>();
    for (const action of grant.actions) {
      if (action.level === 'list' || action.on === 'any') continue;
      for (const kind of action.on) {
        if (!wide.has(kind))
          wide.set(
            kind,
            grant.resources.some((resource) => isUnbounded(resource, kind)),
          );
        if (wide.get(kind)) uses.set(kind.name, (uses.get(kind.name) ?? 0) + 1);
      }
    }
  }
  return [...uses].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
}

/** Actions by level, each list by name. */
export function byLevel(actions: readonly Action[]): [AccessLevel, readonly Action[]][] {
  return accessLevels
    .map((level): [AccessLevel, readonly Action[]] => [
      level,
      actions.filter((action) => action.level === level).sort((a, b) => (a.name < b.name ? -1 : 1)),
    ])
    .filter(([, list]) => list.length > 0);
}
