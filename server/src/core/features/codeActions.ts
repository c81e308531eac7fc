import type { Edit, Finding } from '../rules/rule';
import type { DocumentRef, SourceDocument } from '../syntax/sourceFile';
import { lineStart } from '../text/lineIndex';
import type { WorkspaceView } from './workspaceView';

/** Something the editor offers at a place. */
export interface Action {
  readonly title: string;
  readonly kind: 'quickfix' | 'source.fixAll';
  readonly edits: readonly Edit[];
  /** The finding that it mends or silences. */
  readonly finding?: Finding;
  readonly preferred: boolean;
}

/** Fixes and suppressions for the findings that touch a stretch of a file (UTF-16 offsets from the file's start). */
export function actionsAt(view: WorkspaceView, uri: string, start: number, end: number): Action[] {
  const fixes: Action[] = [];
  const silences: Action[] = [];
  for (const finding of view.check(uri)) {
    const from = finding.at.doc.start + finding.at.span.start;
    const to = finding.at.doc.start + finding.at.span.end;
    if (to < start || from > end) continue;
    for (const fix of finding.fixes) {
      fixes.push({ title: fix.title, kind: 'quickfix', edits: fix.edits, finding, preferred: fix.safe });
    }
    silences.push(...suppressions(view, finding));
  }
  return [...fixes, ...unique(silences)];
}

/** What the fixes that may run unattended make of an open file, as one change: the same as `check --fix`; undefined when there are none. */
export function fixAll(view: WorkspaceView, uri: string): Action | undefined {
  const fixed = view.fixesOf?.(uri);
  const first = view.file(uri)?.documents[0];
  if (!fixed || !first || fixed.changes.length === 0) return undefined;
  const edits = fixed.changes.map(({ span, newText }): Edit => ({ doc: first.ref, span, newText }));
  return { title: 'Fix all Pod Roles problems', kind: 'source.fixAll', edits, preferred: false };
}

function suppressions(view: WorkspaceView, finding: Finding): Action[] {
  const { doc, span } = finding.at;
  const document = view.documentAt(doc.uri, doc.start + span.start)?.document;
  if (!document) return [];
  const whole = document.embedded ? documentationSuppression(view, finding, document) : [];
  if (!takesComments(document)) return whole;
  const mark = document.syntax === 'json' ? '//' : '#';
  const line = lineStart(document.text, span.start);
  const indent = /^[ \t]*/.exec(document.text.slice(line))![0];
  const action = (title: string, at: number, newText: string, ref: DocumentRef): Action => ({
    title,
    kind: 'quickfix',
    finding,
    preferred: false,
    edits: [{ doc: ref, span: { start: at, end: at }, newText }],
  });
  const newline = document.text.includes('\r\n') ? '\r\n' : '\n';
  const comment = `${mark} pod-roles-disable-next-line ${finding.rule}`;
  if (document.embedded) {
    const readsComments = document.syntax !== 'json' && !document.embedded.wrapping && isReadAsComment(document, line, comment);
    return [
      ...(readsComments
        ? [action(`Disable ${finding.rule} for this line`, line, `${indent}# pod-roles-disable-next-line ${finding.rule}${newline}`, doc)]
        : []),
      ...whole,
    ];
  }
  return [
    ...(isReadAsComment(document, line, comment)
      ? [action(`Disable ${finding.rule} for this line`, line, `${indent}${comment}${newline}`, doc)]
      : []),
    action(
      `Disable ${finding.rule} for this file`,
      fileStart(view, doc),
      `${mark} pod-roles-disable-file ${finding.rule}${newline}`,
      firstDocument(view, doc),
    ),
  ];
}

/** A comment of the documentation itself, behind its front matter or a script's first line. */
function documentationSuppression(view: WorkspaceView, finding: Finding, { text }: SourceDocument): Action[] {
  const {
    rule,
    at: { doc },
  } = finding;
  const file = view.file(doc.uri);
  const first = file?.documents[0];
  if (!file?.documentation || !first) return [];
  const directive = `pod-roles-disable-file ${rule}`;
  const comment = { markdown: `<!-- ${directive} -->`, asciidoc: `// ${directive}`, rst: `.. ${directive}`, shell: `# ${directive}` }[
    file.documentation
  ];
  const head = /^\uFEFF?(?:#![^\n]*\n|---[ \t]*\r?\n[^]*?\n---[ \t]*\r?\n)?/.exec(first.text)![0].length;
  const newText = `${comment}${text.includes('\r\n') ? '\r\n' : '\n'}`;
  return [
    {
      title: `Disable ${rule} for this file`,
      kind: 'quickfix',
      finding,
      preferred: false,
      edits: [{ doc: first.ref, span: { start: head, end: head }, newText }],
    },
  ];
}

/** Strict JSON has no comments: there pod-roles.yaml does it. */
function takesComments(document: SourceDocument): boolean {
  return document.syntax !== 'json' || document.embedded !== undefined || /\.(jsonc|json5)$/i.test(document.ref.uri);
}

/** False where a comment above a line would be text: in a block scalar of YAML, in a heredoc of Terraform. */
function isReadAsComment(document: SourceDocument, line: number, comment: string): boolean {
  if (document.syntax === 'yaml') return !insideBlockScalar(document, line);
  if (document.syntax !== 'hcl') return true;
  const { comments } = document.parse(`${document.text.slice(0, line)}${comment}\n${document.text.slice(line)}`);
  return comments.some(({ span }) => span.start === line);
}

const blocks = new WeakMap<SourceDocument, ReadonlySet<number>>();

/** Whether a comment above a line would be text of a block scalar. */
function insideBlockScalar(document: SourceDocument, line: number): boolean {
  let starts = blocks.get(document);
  if (!starts) blocks.set(document, (starts = linesInBlocks(document.text)));
  return starts.has(line);
}

/** Where the lines begin that stand in block scalars: the nearest less indented line above opens one. */
function linesInBlocks(text: string): ReadonlySet<number> {
  const inside = new Set<number>();
  // The lines above that no line as little indented has followed, the deepest last.
  const open: { readonly indent: number; readonly opensBlock: boolean }[] = [];
  let isInside = false;
  for (let at = 0; at < text.length;) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(at, end).trimEnd();
    if (line === '') {
      if (isInside || open[open.length - 1]?.opensBlock) inside.add(at);
    } else {
      const indent = /^ */.exec(line)![0].length;
      while (open.length > 0 && open[open.length - 1]!.indent >= indent) open.pop();
      isInside = open[open.length - 1]?.opensBlock === true;
      if (isInside) inside.add(at);
      open.push({ indent, opensBlock: /[|>][-+0-9]*\s*(#.*)?$/.test(line) });
    }
    at = end + 1;
  }
  return inside;
}

function firstDocument(view: WorkspaceView, doc: DocumentRef): DocumentRef {
  return view.file(doc.uri)?.documents[0]?.ref ?? doc;
}

/** After a byte order mark and a `---` line, if the file begins with them: offset in the first document. */
function fileStart(view: WorkspaceView, doc: DocumentRef): number {
  const text = view.file(doc.uri)?.documents[0]?.text ?? '';
  return /^\uFEFF?(?:---[ \t]*(?:\r?\n))?/.exec(text)![0].length;
}

function unique(actions: readonly Action[]): Action[] {
  const seen = new Set<string>();
  return actions.filter((action) => {
    const key = `${action.title}@${action.edits[0]?.span.start}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
