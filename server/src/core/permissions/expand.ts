import { matchesPattern } from '../text/wildcards/match';
import type { Action, Catalogue, Service } from './catalogue';

/** The actions that a statement speaks of. */
export interface ActionSet {
  /** As written: the values of Action, or of NotAction. */
  readonly written: readonly string[];
  /** True for NotAction: all but the written ones. */
  readonly allBut: boolean;
  /** Those that the catalogue has, by the service's prefix. */
  readonly byService: ReadonlyMap<string, readonly Action[]>;
  /** Written without wildcards, and not in the catalogue. */
  readonly unlisted: readonly string[];
  /** True for the one word `*`. */
  readonly everything: boolean;
}

/**
 * The actions behind what a policy writes. Names are compared without regard to case, `*` and `?` are wildcards.
 * Source: IAM guide, reference_policies_elements_action.
 */
export function expand(catalogue: Catalogue, written: readonly string[], allBut: boolean): ActionSet {
  const everything = !allBut && written.some((pattern) => /^\*+(:\*+)?$/.test(pattern));
  const named = everything ? allActions(catalogue) : matching(catalogue, written);
  const unlisted = allBut || everything ? [] : written.filter((pattern) => !/[*?]/.test(pattern) && !find(catalogue, pattern));
  return { written, allBut, unlisted, everything, byService: allBut ? without(catalogue, named) : named };
}

/** Whether a set speaks of an action that the catalogue need not have. */
export function speaksOf(set: ActionSet, action: string): boolean {
  return set.written.some((pattern) => matchesPattern(pattern, action, true)) !== set.allBut;
}

function allActions(catalogue: Catalogue): Map<string, readonly Action[]> {
  return new Map([...catalogue.services()].map((service) => [service.prefix, service.actions]));
}

function find(catalogue: Catalogue, name: string): Action | undefined {
  const [prefix, action] = name.toLowerCase().split(':', 2);
  return catalogue.service(prefix!)?.byName.get(action ?? '');
}

function matching(catalogue: Catalogue, written: readonly string[]): Map<string, readonly Action[]> {
  const found = new Map<string, Set<Action>>();
  for (const pattern of new Set(written.map((one) => one.toLowerCase()))) {
    const colon = pattern.indexOf(':');
    const name = colon < 0 ? (pattern === '*' ? '*' : '') : pattern.slice(colon + 1);
    for (const service of servicesOf(catalogue, colon < 0 ? pattern : pattern.slice(0, colon))) {
      const set = found.get(service.prefix) ?? new Set<Action>();
      for (const action of actionsOf(service, name)) set.add(action);
      if (set.size > 0) found.set(service.prefix, set);
    }
  }
  return new Map([...found].map(([prefix, set]) => [prefix, [...set]]));
}

function servicesOf(catalogue: Catalogue, prefix: string): Service[] {
  const prefixes = /[*?]/.test(prefix) ? [...catalogue.prefixes].filter((one) => matchesPattern(prefix, one)) : [prefix];
  return prefixes.flatMap((one) => catalogue.service(one) ?? []);
}

function actionsOf(service: Service, name: string): readonly Action[] {
  if (/^\*+$/.test(name)) return service.actions;
  if (!/[*?]/.test(name)) return [service.byName.get(name)].filter((action) => action !== undefined);
  return [...service.byName].filter(([known]) => matchesPattern(name, known)).map(([, action]) => action);
}

function without(catalogue: Catalogue, named: ReadonlyMap<string, readonly Action[]>): Map<string, readonly Action[]> {
  const rest = new Map<string, readonly Action[]>();
  for (const [prefix, actions] of allActions(catalogue)) {
    const gone = new Set(named.get(prefix));
    const left = gone.size === 0 ? actions : actions.filter((action) => !gone.has(action));
    if (left.length > 0) rest.set(prefix, left);
  }
  return rest;
}
