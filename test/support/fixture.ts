/**
 * Rule fixtures: one `.fixture` file is a whole workspace, with the expected findings marked in the text.
 *
 *     A first paragraph says what the case shows.
 *     only: rule-id                                  (optional: other rules' findings are not compared)
 *     eol: crlf                                      (optional: the files get CRLF line ends)
 *     ==> k8s/sa.yaml
 *         eks.amazonaws.com/role-arn: «role-arn-malformed:arn:aws:iam::111122223333:user/x»
 *     ==> k8s/sa.yaml after "Title of the fix"
 *     …the whole file after the first fix of that title…
 *
 * `«rule-id:` opens a range, `«rule-id@warning:` pins its level too, `»` closes the innermost one.
 * A file named `pod-roles.yaml` sets the workspace's settings, one named `pod-roles.snapshot.json` what AWS knows.
 */

/** A stretch of a file that a rule must report. Offsets count from the start of the file. */
export interface Mark {
  readonly path: string;
  readonly rule: string;
  /** Absent: any level will do. */
  readonly level?: string;
  readonly start: number;
  readonly end: number;
}

/** What a file must look like after the first fix with that title. */
export interface AfterFix {
  readonly path: string;
  readonly title: string;
  readonly text: string;
}

export interface Fixture {
  readonly description: string;
  /** The rules whose findings are compared; empty: all. */
  readonly only: readonly string[];
  /** Path → text, markers taken out. */
  readonly files: ReadonlyMap<string, string>;
  readonly marks: readonly Mark[];
  readonly afters: readonly AfterFix[];
}

/** Reads a fixture. Throws, with the reason, for one that is malformed: a test should fail for it. */
export function parseFixture(source: string): Fixture {
  const [head = '', ...sections] = source.replaceAll('\r\n', '\n').split(/^==> /m);
  const option = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1]?.trim();
  const crlf = option('eol') === 'crlf';
  const files = new Map<string, string>();
  const marks: Mark[] = [];
  const afters: AfterFix[] = [];
  for (const section of sections) {
    const end = section.indexOf('\n');
    const header = section.slice(0, end < 0 ? section.length : end).trim();
    const lines = end < 0 ? '' : section.slice(end + 1);
    const body = crlf ? lines.replaceAll('\n', '\r\n') : lines;
    const after = /^(.+?) after "(.*)"$/.exec(header);
    if (after) {
      afters.push({ path: after[1]!, title: after[2]!, text: body });
      continue;
    }
    if (files.has(header)) throw new Error(`${header} stands twice in the fixture`);
    const marked = takeMarks(header, body);
    files.set(header, marked.text);
    marks.push(...marked.marks);
  }
  if (files.size === 0) throw new Error('the fixture has no file');
  for (const { path } of afters) if (!files.has(path)) throw new Error(`"after" of a file that is not there: ${path}`);
  const only =
    option('only')
      ?.split(/[\s,]+/)
      .filter(Boolean) ?? [];
  return { description: head.trim(), only, files, marks, afters };
}

function takeMarks(path: string, marked: string): { text: string; marks: Mark[] } {
  const marks: Mark[] = [];
  const open: { rule: string; level?: string; start: number }[] = [];
  let text = '';
  for (const token of marked.split(/(«[a-z0-9-]+(?:@[a-z]+)?:|»)/)) {
    const opening = /^«([a-z0-9-]+)(?:@([a-z]+))?:$/.exec(token);
    if (opening) {
      open.push({ rule: opening[1]!, start: text.length, ...(opening[2] ? { level: opening[2] } : {}) });
    } else if (token === '»') {
      const mark = open.pop();
      if (!mark) throw new Error(`${path}: a » without its «`);
      marks.push({ path, ...mark, end: text.length });
    } else {
      if (token.includes('«')) throw new Error(`${path}: « without a rule's id`);
      text += token;
    }
  }
  if (open.length > 0) throw new Error(`${path}: « of ${open[0]!.rule} is never closed`);
  return { text, marks };
}

/** One change of a file, in offsets from its start. */
export interface FileEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** The text after the edits. Throws where they overlap, as an editor would refuse them. */
export function applyEdits(text: string, edits: readonly FileEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let out = '';
  let from = 0;
  for (const edit of sorted) {
    if (edit.start < from || edit.end < edit.start || edit.end > text.length) {
      throw new Error(`edit ${edit.start}–${edit.end} overlaps another or lies outside the text`);
    }
    out += text.slice(from, edit.start) + edit.newText;
    from = edit.end;
  }
  return out + text.slice(from);
}

/** Writes marks into a text, for a readable comparison of what was expected with what was found. */
export function writeMarks(text: string, marks: readonly Mark[], withLevels: boolean): string {
  const inserts: { at: number; order: number; text: string }[] = [];
  const label = (m: Mark) => `«${m.rule}${withLevels && m.level ? `@${m.level}` : ''}:`;
  for (const mark of [...marks].sort((a, b) => b.end - a.end || a.rule.localeCompare(b.rule))) {
    inserts.push({ at: mark.start, order: 1, text: label(mark) });
    inserts.push({ at: mark.end, order: mark.start === mark.end ? 2 : 0, text: '»' });
  }
  inserts.sort((a, b) => a.at - b.at || a.order - b.order);
  let out = '';
  let from = 0;
  for (const insert of inserts) {
    out += text.slice(from, insert.at) + insert.text;
    from = insert.at;
  }
  return out + text.slice(from);
}
