import type { SourceDocument } from '../../syntax/sourceFile';
import { knowsPodRoles } from '../concern';
import type { WorkspaceView } from '../workspaceView';
import type { Completion, Item } from './item';
import { configShapes, manifestShapes } from './manifestShapes';
import { policyShapes } from './policyShapes';

/** Files of other tools: nothing about pod roles is ever begun in them. */
const otherTools =
  /^(?:(?:docker-)?compose\b.*|chart|values\b.*|kustomization|skaffold|mkdocs|serverless|pubspec|openapi|swagger|azure-pipelines|appveyor|buildspec|appspec|cloudbuild|codecov|lerna|dependabot|renovate|package(?:-lock)?|tsconfig\b.*|jsconfig|composer|manifest|launch|settings|tasks|extensions|devcontainer|nx|turbo|vercel|firebase|angular|biome)\.(?:ya?ml|jsonc?)$/i;
const policyWords = /trust|assume[-_]?role|irsa|pod[-_]?identity|(?:^|[-_./])(?:iam|roles?)(?:[-_./]|$)/i;
const manifestWords =
  /service[-_]?account|(?:^|[-_./])(?:sa|irsa|k8s|kube|kubernetes|manifests?|deploy|deployment|workloads?|apps?|base|overlays?)(?:[-_./]|$)/i;

/**
 * Whole documents to begin with, where there is nothing yet: in an empty document, on an empty line, and only in a file
 * that may be about pod roles. Never in text that means something already.
 * @param offset of the cursor, from the document's start
 * @returns undefined where no shape belongs
 */
export function shapesAt(view: WorkspaceView, document: SourceDocument, offset: number): Completion | undefined {
  const { ref, syntax, text } = document;
  if (text.length > 2000 || (syntax !== 'json' && syntax !== 'yaml')) return undefined;
  const items = syntax === 'json' ? jsonShapes(view, document) : yamlShapes(view, document, offset);
  if (items.length === 0) return undefined;
  // The line break before a fence's end is not the example's to take.
  const end = document.embedded ? text.trimEnd().length : text.length;
  return { doc: ref, items, span: syntax === 'json' ? { start: 0, end } : { start: offset, end: offset } };
}

function jsonShapes(view: WorkspaceView, { ref, text, embedded }: SourceDocument): Item[] {
  if (!/^\uFEFF?\s*(?:\{\s*\})?\s*$/.test(text)) return [];
  const mayBegin = embedded
    ? knowsPodRoles(view)
    : isUntitled(ref.uri) || (!isOtherTools(ref.uri) && policyWords.test(lastOfPath(ref.uri)));
  return mayBegin ? policyShapes(view, ref.uri) : [];
}

function yamlShapes(view: WorkspaceView, { ref, text, embedded }: SourceDocument, offset: number): Item[] {
  if (embedded || !isEmptyYaml(text) || !isEmptyLine(text, offset)) return [];
  const name = ref.uri.slice(ref.uri.lastIndexOf('/') + 1);
  if (/^\.?pod-roles\.ya?ml$/i.test(name)) return ref.index === 0 ? configShapes(view) : [];
  if (isOtherTools(ref.uri)) return [];
  const documents = view.file(ref.uri)?.documents ?? [];
  const first = documents.find((document) => !isEmptyYaml(document.text));
  // Beside other documents it goes by them alone.
  const mayBegin = first
    ? /^kind:/m.test(first.text) && /^apiVersion:/m.test(first.text)
    : isUntitled(ref.uri) || manifestWords.test(lastOfPath(ref.uri)) || knowsPodRoles(view);
  return mayBegin ? manifestShapes(view, ref.uri) : [];
}

/** Comments and a document marker say nothing yet. */
function isEmptyYaml(text: string): boolean {
  return text.split(/\r\n|\r|\n/).every((line) => /^\uFEFF?(?:---)?[ \t]*(?:#.*)?$/.test(line));
}

function isEmptyLine(text: string, offset: number): boolean {
  const [before, after] = [text[offset - 1], text[offset]];
  return (
    (before === undefined || before === '\n' || before === '\r' || (before === '\uFEFF' && offset === 1)) &&
    (after === undefined || after === '\n' || after === '\r')
  );
}

function isUntitled(uri: string): boolean {
  return uri.startsWith('untitled:');
}

function isOtherTools(uri: string): boolean {
  const path = lastOfPath(uri).split('/');
  return otherTools.test(path[path.length - 1]!) || path.some((part) => part.startsWith('.'));
}

/** The end of a path by which a file is known: its name and the folders right above. */
function lastOfPath(uri: string): string {
  return uri.split('/').slice(-3).join('/');
}
