import { awsObjectsReader } from './awsObjects';
import { cloudformationReader } from './cloudformation/reader';
import { deliveryReader } from './deliveries';
import { eksctlReader } from './eksctl';
import { embeddedFact } from './embedded';
import { manifestReader } from './kubernetes/manifests';
import { kustomizationReader } from './kustomization';
import { isTestSuite } from './testSuites';
import { podIdentityAgentReader } from './podIdentityAgent';
import { pulumiReader } from './pulumi/reader';
import { terraformPlanReader } from './terraformPlan/reader';
import { trustPolicyReader } from './trustPolicy';
import { valuesReader } from './values';
import { terraformReader } from './terraform/reader';
import { withinLimits } from './policyLimits';
import type { Format, GroupReader, Reader, ReaderInput } from './reader';
import type { Fact } from '../model/facts';
import type { SourceDocument } from '../syntax/sourceFile';
import type { Node } from '../syntax/tree';

/** Every format that is read. To add one: one file, one line here. */
export const readers: readonly Reader[] = [
  manifestReader,
  valuesReader,
  kustomizationReader,
  deliveryReader,
  cloudformationReader,
  eksctlReader,
  awsObjectsReader,
  podIdentityAgentReader,
  pulumiReader,
  terraformPlanReader,
];

/** What reads trust policies wherever they stand, in documents that no other reader claims. */
export const lastResort: Reader = trustPolicyReader;

/** Every format whose files are read together. */
export const groupReaders: readonly GroupReader[] = [terraformReader];

/** All of them, for what they say of words and files. */
export const formats: readonly Format[] = [...readers, lastResort, ...groupReaders];

/** Whether a document is of some format as a whole. */
export function isClaimed(root: Node | undefined): boolean {
  return readers.some((reader) => reader.claims?.(root) === true);
}

/**
 * The facts of one document, in source order; an outer shape stands before those in it. Nothing is
 * read, and the document is not parsed, where no trigger word stands in it. Never throws: a reader
 * that does costs itself alone and is told to `onError`.
 */
export function readFacts(document: SourceDocument, onError?: (readerId: string, error: unknown) => void): Fact[] {
  if (!document.relevant) return [];
  const facts: Fact[] = [];
  const input = (): ReaderInput => {
    const tree = document.tree();
    // Comments in an example's JSON are for its readers: nobody sends them to IAM.
    return {
      doc: document.ref,
      text: document.text,
      tree: document.embedded && tree.problems.length === 0 ? { ...tree, strict: true } : tree,
    };
  };
  const run = (id: string, read: () => readonly Fact[]): void => {
    try {
      for (const each of read()) {
        const fact = withinLimits(each);
        facts.push(document.embedded ? embeddedFact(fact, document) : fact);
      }
    } catch (error) {
      onError?.(id, error);
    }
  };
  if (
    document.syntax !== 'hcl' &&
    /\b(?:asserts|suite|kuttl\.dev|chainsaw\.kyverno\.io)\b/.test(document.text) &&
    isTestSuite(document.tree().root)
  )
    return [];
  const wants = ({ syntaxes, needs }: Reader): boolean => syntaxes.includes(document.syntax) && needs?.test(document.text) !== false;
  const alone = readers.find((reader) => reader.readsAlone && wants(reader) && reader.claims?.(document.tree().root) === true);
  for (const reader of alone ? [alone] : readers) if (wants(reader)) run(reader.id, () => reader.read(input()));
  if (alone) return facts.sort(inSourceOrder);
  if (wants(lastResort) && !isClaimedDocument(document)) run(lastResort.id, () => lastResort.read(input()));
  // A fence of HCL is a module of its own.
  if (document.syntax === 'hcl') for (const reader of groupReaders) run(reader.id, () => reader.readExample(input()));
  return facts.sort(inSourceOrder);
}

function inSourceOrder(a: Fact, b: Fact): number {
  return a.span.start - b.span.start || b.span.end - a.span.end;
}

function isClaimedDocument(document: SourceDocument): boolean {
  return isClaimed(document.tree().root);
}
