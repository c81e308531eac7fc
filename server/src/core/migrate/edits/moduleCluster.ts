import type { TrustPolicyFact } from '../../model/facts';
import { folderOf } from '../../readers/terraform/modules/folders';
import type { Edit } from '../../rules/rule';
import { attributeOf, type HclAttribute } from '../../syntax/hcl/body';
import type { SourceDocument } from '../../syntax/sourceFile';
import type { Spelling } from '../types';
import { newArgument } from './arguments';
import { cutBlock } from './blocks';
import type { TerraformFolders } from './moduleCalls';
import { before, checked, insert, lineEnd } from './source';
import { clusterOf, isNameOf, providerSources } from './terraformSpelling';
import { sourceOf, type Folder, type Placed } from './terraformFolder';
import { isHclExpression } from './write/tongues';

/** The cluster's name as a variable of a module, and what gives the module that variable where it has none. */
export interface ClusterVariable {
  readonly cluster: Spelling;
  readonly edits: readonly Edit[];
}

/** So many modules call one another on the way to the cluster. */
const deepest = 4;

/**
 * The cluster of a trust policy in a module that is given the OIDC provider by its calls: the variable that every call gives the
 * name of the provider's cluster, else a new one, with its argument in every call. Undefined where a call doesn't tell its cluster,
 * or no call is in the files.
 */
export function clusterFromCalls(fact: TrustPolicyFact, document: SourceDocument, folders: TerraformFolders): ClusterVariable | undefined {
  const folder = folderOf(document.ref.uri);
  const own = folders.folder(folder);
  const sources = fact.policy.statements.flatMap((each) => providerSources(each, document.text));
  const variables = new Set(sources.flatMap((source) => variablesIn(source, own)));
  const found = [...variables].flatMap((name) => variableOf(folder, name, folders, 0) ?? []);
  const [only] = found;
  if (!only || found.some(({ name }) => name !== only.name)) return undefined;
  return { cluster: { expression: `var.${only.name}` }, edits: only.edits };
}

/** The variables that an expression uses, also by way of locals. */
function variablesIn(source: string, folder: Folder, depth = 0): string[] {
  if (depth > deepest || source.length > 2000) return [];
  const own = Array.from(source.matchAll(/\bvar\.([A-Za-z_][\w-]*)/g), ([, name]) => name!);
  const locals = Array.from(source.matchAll(/\blocal\.([A-Za-z_][\w-]*)/g), ([, name]) => folder.local(name!) ?? '');
  return [...own, ...locals.flatMap((each) => variablesIn(each, folder, depth + 1))];
}

interface NamedVariable {
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** A call, and the cluster's name as its folder writes it. */
interface Call {
  readonly placed: Placed;
  readonly folder: Folder;
  readonly cluster: string;
}

function variableOf(folder: string, provider: string, folders: TerraformFolders, depth: number): NamedVariable | undefined {
  if (depth > deepest) return undefined;
  const own = folders.folder(folder);
  const calls: Call[] = [];
  const edits: Edit[] = [];
  for (const placed of folders.callsOf(folder)) {
    const caller = folderOf(placed.document.ref.uri);
    const source = sourceOf(placed, provider);
    if (source === undefined || caller === folder) return undefined;
    const callerFolder = folders.folder(caller);
    const direct = clusterOf(source, callerFolder, 0) ?? clusterOfLocalModule(source, caller, folders);
    const [, variable] = /^var\.([A-Za-z_][\w-]*)$/.exec(source) ?? [];
    const nested = direct === undefined && variable !== undefined ? variableOf(caller, variable, folders, depth + 1) : undefined;
    const cluster = direct ?? (nested && `var.${nested.name}`);
    if (cluster === undefined || !isHclExpression(cluster)) return undefined;
    edits.push(...(nested?.edits ?? []));
    calls.push({ placed, folder: callerFolder, cluster });
  }
  if (calls.length === 0) return undefined;
  const declared = own.find('variable').flatMap(({ block }) => block.labels[0]?.text ?? []);
  const given = declared.find((name) => calls.every((call) => isGivenCluster(call, name)));
  if (given !== undefined) return { name: given, edits };
  const isGiven = (name: string): boolean => declared.includes(name) || calls.some(({ placed }) => sourceOf(placed, name) !== undefined);
  const name = ['cluster_name', 'eks_cluster_name'].find((each) => !isGiven(each));
  const made = name === undefined ? undefined : declaration(name, provider, own);
  if (name === undefined || !made) return undefined;
  edits.push(...made);
  for (const call of calls) {
    const argument = argumentOf(call, name, provider);
    if (!argument) return undefined;
    edits.push(...argument);
  }
  return { name, edits };
}

function isGivenCluster({ placed, folder, cluster }: Call, name: string): boolean {
  const source = sourceOf(placed, name);
  return source !== undefined && isNameOf(cluster, source, folder);
}

/** `module.eks.name`, where the folder that the call names has an output with the name of the cluster that it makes. */
function clusterOfLocalModule(source: string, caller: string, folders: TerraformFolders): string | undefined {
  const [, call] = /\bmodule\.([A-Za-z_][\w-]*)\./.exec(source) ?? [];
  const [placed, second] = call === undefined ? [] : folders.folder(caller).find('module', call);
  if (!placed || second) return undefined;
  const called = folders.calledBy(placed);
  const outputs = called === undefined ? [] : folders.folder(called).find('output');
  const names = outputs.filter((output) => isClusterName(sourceOf(output, 'value'))).flatMap(({ block }) => block.labels[0]?.text ?? []);
  const name = names.find((each) => each === 'cluster_name') ?? (names.length === 1 ? names[0] : undefined);
  return name === undefined ? undefined : `module.${call!}.${name}`;
}

function isClusterName(value: string | undefined): boolean {
  return (
    value !== undefined && /^(?:aws_eks_cluster\.[A-Za-z_][\w-]*(?:\[0\])?\.(?:name|id)|module\.[A-Za-z_][\w-]*\.cluster_name)$/.test(value)
  );
}

/** Whether a name is that of something of the OIDC provider: what is given beside it. */
function isOfProvider(name: string | undefined): boolean {
  return name !== undefined && /oidc|openid|issuer/i.test(name);
}

/** The whole of the block that declares a variable of ours: by it the way back finds what it may remove. */
function written(name: string): string {
  return `variable "${name}" {\n  description = "Name of the EKS cluster, for EKS Pod Identity"\n  type        = string\n}`;
}

/** The variable's block, below that of the provider. */
function declaration(name: string, provider: string, folder: Folder): readonly Edit[] | undefined {
  const [placed, second] = folder.find('variable', provider);
  if (!placed || second) return undefined;
  const { text, document } = placed;
  const blocks = document.tree().hcl?.blocks ?? [];
  let at = blocks.findIndex(({ span }) => span.start === placed.block.span.start);
  while (blocks[at + 1]?.type.text === 'variable' && isOfProvider(blocks[at + 1]!.labels[0]?.text)) at++;
  const block = blocks[at]!;
  const end = lineEnd(text, block.span.end);
  const isLast = end === text.length;
  const change = isLast ? insert(block.span.start, `${written(name)}\n\n`) : insert(end, `\n\n${written(name)}`);
  if (isLast && before(text, block.span.start) !== '') return undefined;
  const made = checked(document, [change]);
  return 'made' in made ? made.made : undefined;
}

/** The argument in a call, below the provider's if that leaves the signs in one column, else by itself. */
function argumentOf({ placed: { block, document, text }, cluster }: Call, name: string, provider: string): readonly Edit[] | undefined {
  const attributes = [...block.body.attributes].sort((a, b) => a.span.start - b.span.start);
  let at = attributes.findIndex((each) => each.name.text === provider);
  const isNext = (next: HclAttribute | undefined): boolean =>
    next !== undefined && isOfProvider(next.name.text) && /^\r?\n[ \t]*$/.test(text.slice(attributes[at]!.span.end, next.span.start));
  while (at >= 0 && isNext(attributes[at + 1])) at++;
  const beside = attributes[at];
  if (!beside?.value) return undefined;
  const column = /^[^=\n]*(?==)/.exec(text.slice(beside.span.start, beside.value.span.start))?.[0].length ?? 0;
  const indent = before(text, beside.span.start);
  const isOneLine = !text.slice(beside.span.start, beside.span.end).includes('\n') && /^[ \t]*$/.test(indent);
  const own = newArgument(text, block);
  const change =
    isOneLine && column > name.length && lineEnd(text, beside.span.end) < block.span.end
      ? insert(lineEnd(text, beside.span.end), `\n${indent}${name.padEnd(column)}= ${cluster}`)
      : own && insert(own[0], `\n\n${own[1]}${name} = ${cluster}`);
  const made = change && checked(document, [change]);
  return made && 'made' in made ? made.made : undefined;
}

/**
 * Edits that take out the variables that an earlier step declared, where nothing uses them any more, with their arguments in calls.
 * @param texts the files as the step leaves them
 * @param changed folders in which the step takes something out
 */
export function unusedVariables(changed: Iterable<string>, texts: ReadonlyMap<string, string>, folders: TerraformFolders): Edit[] {
  const edits: Edit[] = [];
  for (const uri of new Set(changed)) {
    const folder = folders.folder(uri);
    for (const { block, document, text } of folder.find('variable')) {
      const name = block.labels[0]?.text ?? '';
      if (text.slice(block.span.start, block.span.end).replaceAll('\r\n', '\n') !== written(name)) continue;
      const isUsed = folder.documents.some(({ ref, text: before }) => mentions(texts.get(ref.uri) ?? before, `var.${name}`));
      if (isUsed) continue;
      edits.push({ doc: document.ref, ...cutBlock(text, block, undefined) });
      for (const call of folders.callsOf(uri)) {
        const argument = attributeOf(call.block.body, name);
        if (argument) edits.push({ doc: call.document.ref, ...cutBlock(call.text, argument, call.block) });
      }
    }
  }
  return edits;
}

function mentions(text: string, reference: string): boolean {
  for (let at = text.indexOf(reference); at >= 0; at = text.indexOf(reference, at + 1))
    if (!/[\w-]/.test(text[at + reference.length] ?? '')) return true;
  return false;
}
