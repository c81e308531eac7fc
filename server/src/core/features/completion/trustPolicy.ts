import { policyElements } from '../policyElements';
import { actionNames } from './policyWords';
import type { WorkspaceView } from '../workspaceView';
import { child, textOf, type CompletionContext } from './context';
import type { MapNode, Node } from '../../syntax/tree';
import { asKey, asValue, type Item } from './item';
import { statementShapes } from './policyShapes';
import { providersOf, keysFor, subjectItems } from './policyValues';
import { operatorNames, parseOperator } from '../../trust/operators';

/** Everything inside a trust policy: elements, principals, actions, operators, keys, subjects, audiences. */
export function trustPolicyItems(view: WorkspaceView, context: CompletionContext): readonly Item[] {
  const way = policyPath(context);
  if (!way) return [];
  const [top, ...rest] = way;
  if (context.at === 'key' && rest.length === 0) return elements(context, ['Version', 'Id', 'Statement']);
  if (top === 'Version')
    return [
      value(context, '2012-10-17', 0, 'the version to use'),
      value(context, '2008-10-17', 1, 'policy variables are plain text in it'),
    ];
  if (top !== 'Statement') return [];
  const inside = typeof rest[0] === 'number' ? rest.slice(1) : rest;
  if (context.at === 'value' && inside.length === 0) return context.quoted ? [] : wholeStatements(view, context, rest.length === 0);
  return statementItems(view, context, inside);
}

/** A statement to begin with, in a list of its own where none stands yet. */
function wholeStatements(view: WorkspaceView, context: CompletionContext, alone: boolean): Item[] {
  if (context.syntax !== 'json') return [];
  return statementShapes(view, context.doc.uri).map((item) => ({
    ...item,
    label: `${item.label} statement`,
    insert: alone ? `[\n\t${item.insert.replaceAll('\n', '\n\t')}\n]` : item.insert,
  }));
}

function statementItems(view: WorkspaceView, context: CompletionContext, way: readonly (string | number)[]): readonly Item[] {
  const [element, second, third] = way;
  if (context.at === 'key' && way.length === 1)
    return elements(context, ['Sid', 'Effect', 'Principal', 'Action', 'Condition', 'NotPrincipal', 'NotAction']);
  switch (element) {
    case 'Effect':
      return [value(context, 'Allow', 0), value(context, 'Deny', 1, 'overrides every Allow')];
    case 'Principal':
    case 'NotPrincipal':
      if (context.at === 'key') return elements(context, ['Federated', 'Service', 'AWS', 'CanonicalUser']);
      if (second === 'Federated') return providersOf(view, context);
      if (second === 'Service') return [value(context, 'pods.eks.amazonaws.com', 0, 'EKS Pod Identity')];
      return [];
    case 'Action':
    case 'NotAction':
      return actionNames(statementOf(context))
        .filter((name) => !context.siblings.includes(name.label))
        .map((name, rank) => ({ ...value(context, name.label, rank, name.detail) }));
    case 'Condition':
      if (context.at === 'key' && second !== undefined && third === undefined) return operators(context);
      if (context.at === 'key') return keysFor(view, context);
      return subjectItems(view, context, parseOperator(String(second)));
    default:
      return [];
  }
}

/** The way from the policy's root to the cursor; undefined outside of trust policies. */
function policyPath(context: CompletionContext): readonly (string | number)[] | undefined {
  for (let i = 0; i <= context.path.length; i++) {
    const map = mapAt(context, i);
    if (map && isPolicy(map)) return context.path.slice(i);
  }
  return undefined;
}

/** The map reached after `depth` steps of the path. */
function mapAt(context: CompletionContext, depth: number): MapNode | undefined {
  let node: Node | undefined = context.root;
  for (const step of context.path.slice(0, depth)) {
    if (node?.kind === 'map' && typeof step === 'string') node = child(node, step);
    else if (node?.kind === 'list' && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return node?.kind === 'map' ? node : undefined;
}

function isPolicy(map: MapNode): boolean {
  const statement = child(map, 'Statement');
  // Nothing else has one of IAM's versions under this name.
  if (!statement) return /^20(?:12-10|08-10)-17$/.test(textOf(map, 'Version') ?? '');
  const first = statement.kind === 'list' ? statement.items.find((item) => item.kind === 'map') : statement;
  if (first?.kind !== 'map') return textOf(map, 'Version') !== undefined;
  return !child(first, 'Resource') && !child(first, 'NotResource');
}

/** The statement that the cursor is in. */
export function statementOf(context: CompletionContext): MapNode | undefined {
  return context.maps.find((map) => child(map, 'Principal') !== undefined || child(map, 'Effect') !== undefined);
}

/** What stands after each element's key to begin with, as a snippet of JSON. */
const elementSnippets: Readonly<Record<string, string>> = {
  Version: '"2012-10-17"',
  Id: '"$0"',
  Statement: '[\n\t{\n\t\t"Effect": "Allow",\n\t\t$0\n\t}\n]',
  Sid: '"$0"',
  Effect: '"${1|Allow,Deny|}"',
  Principal: '{ "${1|Federated,Service|}": "$0" }',
  Action: '"${1|sts:AssumeRoleWithWebIdentity,sts:AssumeRole|}"',
  NotPrincipal: '{ "${1|AWS,Federated,Service|}": "$0" }',
  NotAction: '"$0"',
  Condition: '{\n\t"StringEquals": {\n\t\t$0\n\t}\n}',
  Federated: '"$0"',
  Service: '"pods.eks.amazonaws.com"',
  AWS: '"$0"',
  CanonicalUser: '"$0"',
};

/** Elements that the statement's other form is there for: it can have only one of the two. */
const alternatives: Readonly<Record<string, string>> = {
  Principal: 'NotPrincipal',
  NotPrincipal: 'Principal',
  Action: 'NotAction',
  NotAction: 'Action',
};

function elements(context: CompletionContext, names: readonly string[]): Item[] {
  const map = context.maps[context.maps.length - 1];
  const present = new Set(map?.entries.map((entry) => entry.key.value));
  return names
    .filter((name) => !present.has(name) && !present.has(alternatives[name] ?? ''))
    .map((name, rank) => {
      const documentation = policyElements[name]!;
      return {
        label: name,
        kind: 'key' as const,
        rank,
        documentation,
        ...asKey(context, name, context.syntax === 'json' ? elementSnippets[name]! : '$0'),
      };
    });
}

/** Operators that people write in trust policies, the likeliest first: texts, then several values, then ARNs and the rest. */
const usualOperators: readonly (readonly [string, string])[] = [
  ['StringEquals', 'exact, no wildcards'],
  ['StringLike', 'with * and ?'],
  ['StringNotEquals', 'none of these, or the key is absent'],
  ['StringNotLike', 'none of these patterns, or the key is absent'],
  ['StringEqualsIfExists', 'exact, or the key is absent'],
  ['StringLikeIfExists', 'with * and ?, or the key is absent'],
  ['ForAnyValue:StringEquals', 'for keys with several values: one of them'],
  ['ForAllValues:StringEquals', 'for keys with several values: all of them, or the key is absent'],
  ['StringEqualsIgnoreCase', 'exact but for case'],
  ['ArnEquals', 'ARNs, with * and ? in each part'],
  ['ArnLike', 'the same as ArnEquals'],
  ['Bool', 'true or false'],
  ['Null', 'whether the key is absent'],
];

function operators(context: CompletionContext): Item[] {
  const usual = new Map(usualOperators);
  return [...usual.keys(), ...operatorNames.filter((name) => !usual.has(name))].map((name, rank) => ({
    label: name,
    kind: 'operator' as const,
    rank,
    ...(usual.has(name) ? { detail: usual.get(name)! } : {}),
    ...asKey(context, name, context.syntax === 'json' ? '{\n\t$0\n}' : '$0'),
  }));
}

function value(context: CompletionContext, text: string, rank: number, detail?: string): Item {
  return { label: text, kind: 'value', insert: asValue(context, text), rank, ...(detail ? { detail } : {}) };
}
