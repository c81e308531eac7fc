import type { Fact, TrustPolicyFact } from '../model/facts';
import { inputOf, type GroupReader } from '../readers/reader';
import { readFacts } from '../readers/registry';
import type { Edit, Fix } from '../rules/rule';
import { cutYaml } from '../documents/cut';
import { hclParser } from '../syntax/hcl/parser';
import type { DocumentRef, SourceDocument, SourceFile } from '../syntax/sourceFile';
import type { Tree } from '../syntax/tree';
import { lineAt, lineStarts } from '../text/lineIndex';
import { encloses } from '../text/span';
import { applied, composed, fitted, inOrder } from './edits';
import { openings, type Opening, type Reading } from './openings';
import { restrictSubject, subjectToFillIn } from './restrict';
import { changesWhatWasJudged, isShared, scalarsOf } from './textGuard';
import { syntaxFaults } from './trees';

/** What a judge of fixes asks of its workspace. */
export interface FixHost {
  /** A file as it was checked; undefined where its text is not at hand. */
  source(uri: string): SourceFile | undefined;
  /** The files that are read together with it (a Terraform module), itself included. */
  groupOf(uri: string): { readonly reader: GroupReader; readonly files: ReadonlyMap<string, SourceFile> } | undefined;
  /** The subjects of the accounts that use the role of a document's policy, by its number; undefined where one of them is not known. */
  subjectsOf(doc: DocumentRef, policy: number): readonly string[] | undefined;
}

/** A document with what a fix makes of it. */
interface Changed {
  readonly before: SourceDocument;
  readonly after: SourceDocument;
  readonly edits: readonly Edit[];
}

/** Documents that were given another text, by what they were. */
type Versions = ReadonlyMap<DocumentRef, SourceDocument>;

/**
 * Judges what rules propose: applies a fix to a copy of the text, reads that again and compares. The one place that decides
 * what is offered, and what may run unattended; no rule can forget it. Never throws.
 */
export class FixJudge {
  /** So much text was read again for judgements until now, in UTF-16 units. */
  spent = 0;
  /** What was last read of texts before a fix: most fixes of a document are judged one after the other. */
  private readonly before = new LastReading();
  /** The last judgement of many edits together: who offers fixes asks for it, and then who applies them. */
  private together: { readonly edits: readonly Edit[]; readonly before: Reading; readonly sound: boolean } | undefined;

  constructor(private readonly host: FixHost) {}

  /** How much text has to be read again for a fix, in UTF-16 units. Texts of a group that the fix leaves alone need no parser. */
  costOf(fix: Fix): number {
    let cost = 0;
    for (const uri of new Set(fix.edits.map(({ doc }) => doc.uri))) {
      const group = this.host.groupOf(uri);
      if (group) for (const { documents } of group.files.values()) for (const { text } of documents) cost += text.length / 4;
    }
    for (const doc of new Set(fix.edits.map((edit) => edit.doc))) cost += this.documentOf(doc)?.text.length ?? 0;
    return cost;
  }

  /**
   * The fix as it may be offered; undefined where it does not change the text that its rule judged, or leaves a document
   * that cannot be read as well as before. Where it would allow accounts that the policy does not plainly name it is not
   * safe, its title says whom, and where that is every pod of a cluster it comes with a condition on the subject.
   */
  judge(fix: Fix): Fix | undefined {
    const changed = this.change(fix.edits);
    if (!changed || !staysReadable(changed)) return undefined;
    const own: Fix = { ...fix, edits: changed.flatMap(({ edits }) => edits) };
    const [before, after] = this.readings(changed);
    this.spent += textOf(before);
    if (countProblems(after.facts) > countProblems(before.facts)) return undefined;
    const isSound =
      changed.every((each) => isPlainChange(each)) &&
      countProblems(before.facts.filter(({ doc }) => changed.some(({ before: { ref } }) => ref === doc))) === 0;
    const opened = openings(
      before,
      after,
      changed.every((each) => changesConditionsOnly(each, before.facts)),
    );
    const safe = fix.safe && isSound && opened.length === 0;
    return opened.some(({ breadth, asBefore }) => breadth.kind !== 'accounts' && !asBefore)
      ? this.warned({ ...own, safe: false }, changed, opened, after.facts)
      : { ...own, safe };
  }

  /** Whether edits may all be made at once, unattended. */
  isSoundTogether(edits: readonly Edit[]): boolean {
    const known = this.together;
    if (
      known &&
      known.edits.length === edits.length &&
      known.edits.every((edit, i) => edit === edits[i]) &&
      this.beforeOf(edits) === known.before
    )
      return known.sound;
    const sound = this.judge({ title: '', safe: true, edits })?.safe === true;
    const before = this.beforeOf(edits);
    this.together = before && { edits, before, sound };
    return sound;
  }

  /** The fix with its breadth in the title, and with conditions on the subject where it would allow every pod. */
  private warned(fix: Fix, changed: readonly Changed[], opened: readonly Opening[], facts: readonly Fact[]): Fix {
    const wide = opened.filter(({ breadth, asBefore }) => breadth.kind !== 'accounts' && !asBefore);
    const who = [...new Set(wide.map(({ breadth }) => breadth.who))].join(', ');
    if (wide.every(({ breadth }) => breadth.kind === 'every-pod')) {
      const restricted = this.restricted(fix, changed, wide, facts);
      if (restricted) return restricted;
    }
    return { ...fix, title: `${fix.title} (then ${who} can assume the role)` };
  }

  private restricted(fix: Fix, changed: readonly Changed[], wide: readonly Opening[], facts: readonly Fact[]): Fix | undefined {
    const subject = this.subjectFor(wide, changed, facts) ?? subjectToFillIn;
    const insertions = wide.map((opening) => {
      const after = changed.find((each) => each.after.ref === opening.fact.doc)?.after;
      return after && restrictSubject(opening, subject, { position: (_, offset) => positionIn(after.text, offset) });
    });
    if (insertions.includes(undefined)) return undefined;
    const again: Changed[] = [];
    for (const each of changed) {
      const own = insertions.filter((edit) => edit?.doc === each.after.ref).map((edit) => fitted(each.after.text, edit!));
      const added = inOrder(own);
      if (!added) return undefined;
      const { doc } = each.edits[0]!;
      // What stood at the first changes was judged with them.
      const edits =
        added.length === 0 ? each.edits : composed(each.before.text.length, each.edits, added).map((change) => ({ ...change, doc }));
      again.push({ ...each, edits, after: withText(each.before, applied(each.before.text, edits)) });
    }
    if (!staysReadable(again)) return undefined;
    const [before, after] = this.readings(again);
    if (
      countProblems(after.facts) > countProblems(before.facts) ||
      openings(before, after, false).some(({ breadth, asBefore }) => breadth.kind !== 'accounts' && !asBefore)
    )
      return undefined;
    const what = subject === subjectToFillIn ? 'add a :sub condition to fill in' : `allow only ${subject}`;
    return {
      ...fix,
      edits: again.flatMap(({ edits }) => edits),
      title: `${fix.title} and ${what} (without it, every pod in the cluster can assume the role)`,
    };
  }

  /** The one account that uses the role, where the workspace knows it. */
  private subjectFor(wide: readonly Opening[], changed: readonly Changed[], facts: readonly Fact[]): string | undefined {
    const found = new Set<string>();
    for (const { fact } of wide) {
      const own = changed.find(({ after }) => after.ref === fact.doc);
      const number = policiesByPlace(facts.filter(({ doc }) => doc === fact.doc)).findIndex((each) => each.includes(fact));
      const subjects = own && this.host.subjectsOf(own.before.ref, number);
      if (!subjects) return undefined;
      for (const subject of subjects) found.add(subject);
    }
    return found.size === 1 ? [...found][0] : undefined;
  }

  /** The fix with the line ends of the lines that it changes. */
  withLineEnds(fix: Fix): Fix {
    return { ...fix, edits: fix.edits.map((edit) => this.withOwnLineEnds(edit)) };
  }

  private withOwnLineEnds(edit: Edit): Edit {
    const text = this.documentOf(edit.doc)?.text;
    return text === undefined ? edit : fitted(text, edit);
  }

  private documentOf(doc: DocumentRef): SourceDocument | undefined {
    const document = this.host.source(doc.uri)?.documents[doc.index];
    return document?.ref.start === doc.start ? document : undefined;
  }

  /** The documents that edits change; undefined where one of them cannot be made, or nothing changes. */
  private change(edits: readonly Edit[]): Changed[] | undefined {
    const byDocument = new Map<DocumentRef, Edit[]>();
    for (const edit of edits) {
      const own = byDocument.get(edit.doc);
      if (own) own.push(edit);
      else byDocument.set(edit.doc, [edit]);
    }
    const changed: Changed[] = [];
    for (const [doc, own] of byDocument) {
      const before = this.documentOf(doc);
      const ordered = before && inOrder(own.map((edit) => this.withOwnLineEnds(edit)));
      if (!before || !ordered) return undefined;
      const scalars = scalarsOf(before.tree());
      if (!ordered.every((edit) => changesWhatWasJudged(edit, before.text, scalars))) return undefined;
      const text = applied(before.text, ordered);
      if (text === before.text) return undefined;
      changed.push({ before, after: withText(before, text), edits: ordered });
    }
    return changed.length > 0 ? changed : undefined;
  }

  /** What is read of the files before and after. */
  private readings(changed: readonly Changed[]): [Reading, Reading] {
    const versions: Versions = new Map(changed.map(({ before, after }) => [before.ref, after]));
    const parts = this.partsOf(changed.map(({ before }) => before));
    return [this.readBefore(parts), joined(parts.map((part) => read(part, versions)))];
  }

  /** The documents, each group's once. */
  private partsOf(documents: readonly SourceDocument[]): Part[] {
    const parts: Part[] = [];
    const done = new Set<ReadonlyMap<string, SourceFile>>();
    for (const document of documents) {
      const group = this.host.groupOf(document.ref.uri);
      if (!group) parts.push({ documents: [document] });
      else if (!done.has(group.files)) {
        done.add(group.files);
        parts.push({ documents: documentsOf(group.files), reader: group.reader });
      }
    }
    return parts;
  }

  private readBefore(parts: readonly Part[]): Reading {
    return this.before.of(
      parts.flatMap(({ documents }) => documents),
      () => joined(parts.map((part) => read(part, new Map()))),
    );
  }

  /** What is read of the texts that edits change, before them; undefined where one is not at hand. */
  private beforeOf(edits: readonly Edit[]): Reading | undefined {
    const documents = [...new Set(edits.map(({ doc }) => doc))].map((doc) => this.documentOf(doc));
    return documents.every((document) => document !== undefined) ? this.readBefore(this.partsOf(documents)) : undefined;
  }
}

/** The trust policies among the facts of a document, those of one place together: one text may be several policies, one a deployment. */
export function policiesByPlace(facts: readonly Fact[]): TrustPolicyFact[][] {
  const found = new Map<number, TrustPolicyFact[]>();
  for (const fact of facts) {
    if (fact.kind !== 'trustPolicy') continue;
    const same = found.get(fact.span.start);
    if (same) same.push(fact);
    else found.set(fact.span.start, [fact]);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, policies]) => policies);
}

/** What is read by itself: a document, or all documents of a group. */
interface Part {
  readonly documents: readonly SourceDocument[];
  readonly reader?: GroupReader;
}

/** One reading, kept as long as the same documents are asked for. A document with another text is another one. */
class LastReading {
  private documents: readonly SourceDocument[] = [];
  private parser = hclParser();
  private reading: Reading | undefined;

  of(documents: readonly SourceDocument[], make: () => Reading): Reading {
    const isSame = documents.length === this.documents.length && documents.every((document, i) => document === this.documents[i]);
    // Without the parser nothing is read of HCL.
    if (!this.reading || !isSame || this.parser !== hclParser()) this.reading = make();
    this.documents = documents;
    this.parser = hclParser();
    return this.reading;
  }
}

function textOf({ sources }: Reading): number {
  let length = 0;
  for (const source of sources) length += source.length;
  return length;
}

function joined(readings: readonly Reading[]): Reading {
  return { facts: readings.flatMap(({ facts }) => facts), sources: readings.flatMap(({ sources }) => sources) };
}

function documentsOf(files: ReadonlyMap<string, SourceFile>): SourceDocument[] {
  return [...files.values()].sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0)).flatMap(({ documents }) => documents);
}

function read(part: Part, versions: Versions): Reading {
  const documents = part.documents.map((document) => versions.get(document.ref) ?? document);
  const sources = documents.map(({ text }) => text);
  if (!part.reader) return { facts: documents.flatMap((document) => readFacts(document)), sources };
  let facts: readonly Fact[] = [];
  try {
    const { reader } = part;
    const inputs = documents.map((document) => inputOf(document));
    // By itself: what others give it is the same before and after.
    facts = reader.read(reader.prepare(inputs), { prepared: () => undefined, file: () => undefined, share: 1 });
  } catch {
    // A reader that fails on the text after a fix reads nothing of it; the workspace tells of the failure by itself.
  }
  return { facts, sources };
}

/** A document with another text; its tree is made when it is asked for. */
function withText(document: SourceDocument, text: string): SourceDocument {
  let made: Tree | undefined;
  return {
    ref: { ...document.ref },
    text,
    syntax: document.syntax,
    relevant: true,
    ...(document.embedded ? { embedded: document.embedded } : {}),
    tree: () => (made ??= document.parse(text)),
    parse: (other) => document.parse(other),
  };
}

/** Whether the documents are read at least as well as before: no new mistakes, no key twice, as many documents. */
function staysReadable(changed: readonly Changed[]): boolean {
  return changed.every(({ before, after }) => {
    const [old, now] = [syntaxFaults(before.tree()), syntaxFaults(after.tree())];
    if (now.problems > old.problems || now.doubles > old.doubles) return false;
    return before.syntax !== 'yaml' || before.embedded !== undefined || cutYaml(after.text).length === cutYaml(before.text).length;
  });
}

/** False where nobody can be sure what a change does: in a document with mistakes in its syntax, and in a text that other places share. */
function isPlainChange({ before, edits }: Changed): boolean {
  const tree = before.tree();
  const { problems, doubles } = syntaxFaults(tree);
  const scalars = scalarsOf(tree);
  return problems === 0 && doubles === 0 && !edits.some((edit) => isShared(edit, scalars));
}

/** How many mistakes of form the policies hold: what is no JSON, and keys that stand twice. */
function countProblems(facts: readonly Fact[]): number {
  let count = 0;
  for (const fact of facts)
    if (fact.kind === 'trustPolicy') count += fact.policy.problems.filter(({ code }) => code === 'json' || code === 'duplicate-key').length;
  return count;
}

/** Whether all edits of a document lie in keys and values of conditions. */
function changesConditionsOnly({ before, edits }: Changed, facts: readonly Fact[]): boolean {
  const places = facts.flatMap((fact) =>
    fact.kind === 'trustPolicy' && fact.doc === before.ref
      ? fact.policy.statements.flatMap(({ condition }) => condition?.operators.flatMap(({ keys }) => keys.map(({ span }) => span)) ?? [])
      : [],
  );
  return edits.every(({ span }) => places.some((place) => encloses(place, span)));
}

function positionIn(text: string, offset: number): { line: number; character: number } {
  const starts = lineStarts(text);
  const line = lineAt(starts, offset);
  return { line, character: offset - starts[line]! };
}
