import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { completionAt } from '../../server/src/core/features/completion/completion';
import { actionsAt } from '../../server/src/core/features/codeActions';
import { OpenFile } from '../../server/src/core/workspace/files/openFile';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import type { Place } from '../../server/src/core/syntax/sourceFile';
import { LineIndex } from '../../server/src/core/text/lineIndex';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { loadHcl } from '../../server/src/hcl/load';
import { account, issuer, trust, uriOf } from '../wiring/build';
import { runs } from '../support/runs';

beforeAll(async () => setHclParser(await loadHcl()));

/** What is wrong in each example, in the words of the example itself. */
const wrongArn = 'arn:aws:iam::111122223333:user/app';
const manifest = account('app', 'demo', 'app').replace(':role/', ':user/');
const policy = trust('demo:app').replace(/:sub/g, ':x').replace(/:aud/g, ':sub').replace(/:x/g, ':aud');
const compact = JSON.stringify(JSON.parse(policy));
const wrongKey = `${issuer}:aud`;

const indented = (text: string, by: string): string => text.replace(/^(?=.)/gm, by);

/** A text in which an example is embedded, and what of it is judged wrong. */
const hosts: readonly (readonly [name: string, path: string, host: (before: string) => string, judged: string])[] = [
  [
    'a quoted word of a shell',
    'a.sh',
    (before) => `aws iam create-role --role-name app ${before} --assume-role-policy-document '${compact}' --path /x/\n`,
    wrongKey,
  ],
  [
    'a quoted word of several lines',
    'a.sh',
    (before) => `aws iam create-role --role-name app ${before} --assume-role-policy-document '${policy}'\n`,
    wrongKey,
  ],
  [
    'a double-quoted word',
    'a.sh',
    (before) => `aws iam create-role --role-name app ${before} --assume-role-policy-document "${compact.replaceAll('"', '\\"')}"\n`,
    wrongKey,
  ],
  [
    'a variable',
    'a.sh',
    (before) => `${before}; POLICY='${compact}'; aws iam create-role --role-name app --assume-role-policy-document "$POLICY"\n`,
    wrongKey,
  ],
  ['a heredoc', 'a.sh', (before) => `${before}; cat > trust.json <<'EOF'\n${policy}\nEOF\n`, wrongKey],
  ['a heredoc with tabs', 'a.sh', (before) => `${before}; cat > trust.json <<-EOF\n${indented(policy, '\t')}\n\tEOF\n`, wrongKey],
  [
    'two on one line',
    'a.sh',
    (before) => `A='${compact}' B=1; ${before}; aws iam create-role --role-name app --assume-role-policy-document '${compact}'\n`,
    wrongKey,
  ],
  ['a fence', 'a.md', (before) => `${before}\n\n\`\`\`yaml\n${manifest}\`\`\`\n`, wrongArn],
  ['a fence in a list', 'a.md', (before) => `- ${before}\n\n${indented(`\`\`\`yaml\n${manifest}\`\`\`\n`, '  ')}`, wrongArn],
  ['a fence in a nested list', 'a.md', (before) => `1. ${before}\n   - x\n\n${indented(`~~~json\n${policy}\n~~~\n`, '     ')}`, wrongKey],
  [
    'a shell in a fence in a list',
    'a.md',
    (before) =>
      `- x\n\n${indented(`\`\`\`bash\n${before}; aws iam create-role --role-name app --assume-role-policy-document '${compact}'\n\`\`\`\n`, '  ')}`,
    wrongKey,
  ],
  ['a listing of AsciiDoc', 'a.adoc', (before) => `${before}\n\n[source,yaml]\n----\n${manifest}----\n`, wrongArn],
  [
    'a block of reStructuredText',
    'a.rst',
    (before) => `${before}\n\n.. code-block:: yaml\n\n${indented(manifest, '   ')}\nEnd.\n`,
    wrongArn,
  ],
  [
    'JSON in a block scalar of YAML',
    'a.yaml',
    (before) =>
      `# ${before}\nkind: Role\napiVersion: iam.services.k8s.aws/v1alpha1\nmetadata:\n  name: app\nspec:\n  name: app\n  assumeRolePolicyDocument: |\n${indented(policy, '    ')}\n`,
    wrongKey,
  ],
  [
    'JSON in a quoted scalar of YAML',
    'a.yaml',
    (before) =>
      `# ${before}\nkind: Role\napiVersion: iam.services.k8s.aws/v1alpha1\nmetadata:\n  name: app\nspec: {name: app, assumeRolePolicyDocument: '${compact}'}\n`,
    wrongKey,
  ],
  ['a second document', 'a.yaml', (before) => `# ${before}\na: 1\n---\n${manifest}`, wrongArn],
  [
    'a heredoc of Terraform',
    'a.tf',
    (before) =>
      `# ${before}\nresource "aws_iam_role" "app" {\n  name = "app"\n  assume_role_policy = <<-EOT\n${indented(policy, '    ')}\n  EOT\n}\n`,
    wrongKey,
  ],
];

/** What stands before an example: of any width, in any script. */
const words = fc.stringMatching(/^[a-z0-9é語😀 ]{0,40}$/u).map((text) => `x${text.trimEnd()}`);
const lineBreaks = fc.constantFrom('\n', '\r\n');

function textAt(text: string, workspace: Workspace, { doc, span }: Place): string {
  const lines = new LineIndex(text);
  const [start, end] = [workspace.position(doc, span.start)!, workspace.position(doc, span.end)!];
  return text.slice(lines.offsetAt(start), lines.offsetAt(end));
}

const silent = {
  log: (message: string): void => {
    throw new Error(message);
  },
};

describe.each(hosts)('%s', (_, path, host, judged) => {
  const uri = uriOf(path);

  it('findings and fixes name the text that was judged', () => {
    fc.assert(
      fc.property(words, lineBreaks, fc.constantFrom('open', 'edit', 'load'), (before, lineBreak, how) => {
        const text = host(before).replaceAll('\n', lineBreak);
        const workspace = new Workspace(silent);
        if (how === 'load') workspace.load(uri, text);
        else if (how === 'open') workspace.open(uri, text);
        else {
          workspace.open(uri, host('').replaceAll('\n', lineBreak));
          void workspace.check(uri);
          workspace.change(uri, text);
        }
        const findings = workspace.check(uri).filter(({ rule }) => rule === 'role-arn-malformed' || rule === 'subject-under-audience-key');
        expect(findings.length).toBeGreaterThan(0);
        for (const finding of findings) {
          expect(textAt(text, workspace, finding.at)).toContain(judged);
          expect(textAt(text, workspace, finding.at)).toBe(
            text.slice(finding.at.doc.start + finding.at.span.start, finding.at.doc.start + finding.at.span.end),
          );
          for (const edit of finding.fixes.flatMap((fix) => fix.edits)) {
            expect(textAt(text, workspace, { doc: edit.doc, span: edit.span })).toBe(
              text.slice(edit.doc.start + edit.span.start, edit.doc.start + edit.span.end),
            );
          }
        }
      }),
      { numRuns: runs(30) },
    );
  });

  it('completion and quick fixes replace the text at the cursor', () => {
    const text = host('one two three');
    const workspace = new Workspace(silent);
    workspace.open(uri, text);
    const at = text.lastIndexOf(judged) + judged.indexOf(':') + 1;
    const found = completionAt(workspace, uri, at, workspace.viewOf(uri));
    if (found) {
      const [start, end] = [workspace.position(found.doc, found.span.start)!, workspace.position(found.doc, found.span.end)!];
      const lines = new LineIndex(text);
      expect(lines.offsetAt(start)).toBeLessThanOrEqual(at);
      expect(lines.offsetAt(end)).toBeGreaterThanOrEqual(at);
    }
    for (const action of actionsAt(workspace, uri, at, at)) {
      for (const edit of action.edits)
        expect(textAt(text, workspace, { doc: edit.doc, span: edit.span })).toBe(
          text.slice(edit.doc.start + edit.span.start, edit.doc.start + edit.span.end),
        );
    }
  });
});

describe('positions of all documents of an open file', () => {
  it("are those of the file's own lines, whatever its line breaks", () => {
    const piece = fc.constantFrom(
      ...hosts.map(([, , host]) => host('x')),
      'text',
      '\n',
      '\r',
      '\r\n',
      '---\n',
      '```yaml\n',
      '```\n',
      `'`,
      '"',
      'EOF\n',
      '<<EOF\n',
      '\u2028',
      "P='",
      compact,
      '{"Statement": 1}',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom('a.sh', 'a.md', 'a.adoc', 'a.rst', 'a.yaml', 'a.json'),
        lineBreaks,
        (pieces, path, lineBreak) => {
          const text = pieces.join('').replaceAll('\n', lineBreak);
          const file = readSourceFile(uriOf(path), text);
          const entry = OpenFile.of(
            file,
            undefined,
            file.documents.map(() => ({ facts: [], suppressions: [] })),
          );
          const lines = new LineIndex(text);
          for (const { ref, text: own } of file.documents) {
            for (const offset of [0, 1, own.length >> 1, own.indexOf('{'), own.length - 1]) {
              if (offset < 0 || offset >= own.length) continue;
              expect(entry.position(ref, offset)).toEqual(lines.positionAt(ref.start + offset));
            }
          }
        },
      ),
      { numRuns: runs(400) },
    );
  });
});
