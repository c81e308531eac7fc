import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import type { SourceDocument } from '../../server/src/core/syntax/sourceFile';
import { walkNodes } from '../../server/src/core/syntax/nodes';
import { runs } from '../support/runs';

const policy = '{"Version": "2012-10-17", "Statement": [{"Action": "sts:AssumeRoleWithWebIdentity"}]}';
const manifest = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n';

function pieces(name: string, text: string): SourceDocument[] {
  const { documents } = readSourceFile(`file:///${name}`, text);
  // The documents tile the file, whatever stands in it.
  expect(documents.map((document) => document.text).join('')).toBe(text);
  for (const [i, { ref }] of documents.entries())
    expect(ref).toEqual({
      uri: `file:///${name}`,
      index: i,
      start: documents.slice(0, i).reduce((sum, each) => sum + each.text.length, 0),
    });
  return documents.filter(({ syntax }) => syntax !== 'prose');
}

const shown = (name: string, text: string) => pieces(name, text).map(({ syntax, text: own, embedded }) => [syntax, own, embedded]);

describe('code fences of Markdown', () => {
  it.each<[string, string, [string, string][]]>([
    ['backticks', `# A\n\n\`\`\`json\n${policy}\n\`\`\`\nmore\n`, [['json', `${policy}\n`]]],
    ['tildes', `~~~yaml\n${manifest}~~~\n`, [['yaml', manifest]]],
    ['a longer fence around a shorter', `\`\`\`\`yaml\n${manifest}\`\`\`\n\`\`\`\`\n`, [['yaml', `${manifest}\`\`\`\n`]]],
    ['attributes behind the name', `\`\`\`yaml title="sa.yaml" {1,2}\n${manifest}\`\`\`\n`, [['yaml', manifest]]],
    ["Pandoc's braces", `\`\`\`{.json}\n${policy}\n\`\`\`\n`, [['json', `${policy}\n`]]],
    [
      'no name: by its content',
      `\`\`\`\n${policy}\n\`\`\`\n\`\`\`\n${manifest}\`\`\`\n\`\`\`\nkubectl get serviceaccounts\n\`\`\`\n`,
      [
        ['json', `${policy}\n`],
        ['yaml', manifest],
      ],
    ],
    ['in a list', `1. Do\n\n   \`\`\`yaml\n   kind: ServiceAccount\n   \`\`\`\n`, [['yaml', '   kind: ServiceAccount\n']]],
    ["behind a list's mark", `- \`\`\`json\n  ${policy}\n  \`\`\`\n`, [['json', `  ${policy}\n`]]],
    ['carriage returns', `\`\`\`json\r\n${policy}\r\n\`\`\`\r\n`, [['json', `${policy}\r\n`]]],
    [
      'several documents',
      `\`\`\`yaml\n---\n${manifest}---\n${manifest}\`\`\`\n`,
      [
        ['yaml', manifest],
        ['yaml', manifest],
      ],
    ],
    ['Terraform', '```hcl\nresource "aws_iam_role" "x" {}\n```\n', [['hcl', 'resource "aws_iam_role" "x" {}\n']]],
    ['other languages are not read', `\`\`\`python\nx = '''${policy}'''\n\`\`\`\n\`\`\`diff\n+kind: ServiceAccount\n\`\`\`\n`, []],
    ['without a fence', `    ${policy}\n`, []],
  ])('%s', (_, text, expected) => {
    expect(pieces('README.md', text).map(({ syntax, text: own }) => [syntax, own])).toEqual(expected);
  });

  it('keeps back what nothing closes, and what is wrong on purpose', () => {
    expect(shown('a.md', `\`\`\`json\n${policy}\n`)).toEqual([['json', `${policy}\n`, { quiet: true }]]);
    for (const around of [
      '## Wrong',
      "Don't do this:",
      'This fails:',
      '❌',
      'An incorrect policy',
      'This is not what you want: it cannot work.',
    ]) {
      expect(shown('a.md', `${around}\n\n\`\`\`json\n${policy}\n\`\`\`\n`), around).toEqual([['json', `${policy}\n`, { quiet: true }]]);
    }
    expect(shown('a.md', `\`\`\`json\n${policy}\n\`\`\`\n\nThis policy is invalid.\n`)).toEqual([['json', `${policy}\n`, { quiet: true }]]);
    for (const around of [
      'If the cluster does not have a provider yet, make one. Then:',
      '## Create the role',
      'The role is not there yet. Save as `trust.json`:',
      'You must not forget the region.',
    ]) {
      expect(shown('a.md', `${around}\n\n\`\`\`json\n${policy}\n\`\`\`\n`)[0]![2], around).toEqual({});
    }
    expect(shown('a.md', `## Wrong\n\n## Right\n\n\`\`\`json\n${policy}\n\`\`\`\n\n## Wrong again\n`)[0]![2]).toEqual({});
  });
});

it('AsciiDoc: listings and literal blocks with and without a language', () => {
  const text = `= A\n\n[source,json,subs="verbatim,attributes"]\n----\n${policy}\n----\n\n[,yaml]\n.Title\n----\n${manifest}----\n\n....\n${policy}\n....\n\n[source,python]\n----\n${policy}\n----\n`;
  expect(pieces('a.adoc', text).map(({ syntax, text: own }) => [syntax, own])).toEqual([
    ['json', `${policy}\n`],
    ['yaml', manifest],
    ['json', `${policy}\n`],
  ]);
});

it('reStructuredText: code blocks by their indentation', () => {
  const text = `A\n=\n\n.. code-block:: yaml\n   :linenos:\n\n   kind: ServiceAccount\n   metadata:\n\n     name: a\n\nmore\n\n.. code:: json\n\n  ${policy}\n`;
  expect(pieces('a.rst', text).map(({ syntax, text: own }) => [syntax, own])).toEqual([
    ['yaml', '   kind: ServiceAccount\n   metadata:\n\n     name: a\n'],
    ['json', `  ${policy}\n`],
  ]);
});

/** The decoded values of a document's scalars, each with the text that stands for it. */
function scalars(document: SourceDocument): [string, string][] {
  return [...walkNodes(document.tree().root)].flatMap((node) =>
    node.kind === 'scalar' ? [[node.value, document.text.slice(node.span.start, node.span.end)] as [string, string]] : [],
  );
}

describe('heredocs and words of a shell', () => {
  const read = (text: string) => pieces('a.sh', text);

  it('takes heredocs in every form, and only where something ends them', () => {
    const body = `${policy}\n`;
    for (const line of [
      'cat > trust.json <<EOF',
      'cat <<EOF > trust.json',
      "cat <<'EOF' | tee trust.json",
      'cat <<"EOF"',
      'cat << EOF',
      'kubectl apply -f - <<EOF',
      'aws x --y "$(cat <<EOF',
      "read -r -d '' trust <<EOF || true",
    ]) {
      expect(
        read(`#!/bin/bash\n${line}\n${body}EOF\n`).map(({ text }) => text),
        line,
      ).toEqual([body]);
    }
    expect(read(`cat <<EOF\n${body}`)).toEqual([]);
    expect(read(`cat <<EOF\n${body} EOF\n`)).toEqual([]);
    expect(read(`# cat <<EOF\n${body}EOF\n`)).toEqual([]);
    expect(read(`cat <<< EOF\n${body}EOF\n`)).toEqual([]);
    expect(read(`cat <<A <<B\n${body}A\n${manifest}B\n`).map(({ syntax }) => syntax)).toEqual(['json', 'yaml']);
  });

  it('decodes what the shell takes away, and leads back to what is written', () => {
    const [heredoc] = read('cat <<EOF\n{"Action": "sts:AssumeRole", "a": "\\$x\\\\t${ACCOUNT} `date` \\`"}\nEOF\n');
    const values = scalars(heredoc!);
    expect(values[1]).toEqual(['$x\t${ACCOUNT} $(date) `', '\\$x\\\\t${ACCOUNT} `date` \\`']);
    const [quoted] = read('cat <<\'EOF\'\n{"Action": "sts:AssumeRole", "a": "\\\\$x"}\nEOF\n');
    expect(scalars(quoted!)[1]).toEqual(['\\$x', '\\\\$x']);
    const [tabs] = read('cat <<-EOF\n\tkind: ServiceAccount\n\tapiVersion: v1\n\tEOF\n');
    expect(scalars(tabs!)).toEqual([
      ['ServiceAccount', 'ServiceAccount'],
      ['v1', 'v1'],
    ]);
  });

  it('reads JSON in words, of several quotes too', () => {
    const single = read(
      'aws iam create-role --assume-role-policy-document \'{"Action": "sts:AssumeRole", "a": "arn:aws:iam::\'"$ACCOUNT"\':x"}\'\n',
    );
    expect(scalars(single[0]!)[1]).toEqual(['arn:aws:iam::${ACCOUNT}:x', 'arn:aws:iam::\'"$ACCOUNT"\':x']);
    const double = read('P="{\\"Action\\": \\"sts:AssumeRole\\", \\"a\\": \\"$ACCOUNT\\"}"\n');
    expect(scalars(double[0]!)).toEqual([
      ['sts:AssumeRole', 'sts:AssumeRole'],
      ['${ACCOUNT}', '$ACCOUNT'],
    ]);
    expect(read('echo "don\'t"\necho \'{"Action": "sts:AssumeRole"}\' > a.json\n')).toHaveLength(1);
    expect(read('# echo \'{"Action": "sts:AssumeRole"}\'\n')).toEqual([]);
    expect(read('echo \'{"Action": "sts:AssumeRole"}\n')).toEqual([]);
  });

  it('knows the role that a command gives a policy to', () => {
    const create = 'aws --profile x iam create-role --role-name demo-role \\\n  --path /eks/ --assume-role-policy-document';
    const role = (text: string) => read(text).map(({ embedded }) => embedded?.roleName);
    expect(role(`cat > ./trust.json <<'EOF'\n${policy}\nEOF\n${create} file://trust.json\n`)).toEqual(['demo-role']);
    expect(role(`read -r -d '' trust <<'EOF'\n${policy}\nEOF\n${create} "$trust"\n`)).toEqual(['demo-role']);
    expect(role(`T=$(cat <<'EOF'\n${policy}\nEOF\n)\n${create} "\${T}"\n`)).toEqual(['demo-role']);
    expect(role(`${create} '${policy}'\n`)).toEqual(['demo-role']);
    expect(role(`cat > other.json <<'EOF'\n${policy}\nEOF\n${create} file://trust.json\n`)).toEqual([undefined]);
    expect(role(`cat > trust.json <<'EOF'\n${policy}\nEOF\n${create.replace('demo-role', '"$ROLE"')} file://trust.json\n`)).toEqual([
      undefined,
    ]);
    // Across fences of one file, and by the name that the text gives it.
    const markdown = `Save as \`trust.json\`:\n\n\`\`\`json\n${policy}\n\`\`\`\n\nThen:\n\n\`\`\`bash\n$ ${create} file://trust.json\n\`\`\`\n`;
    expect(pieces('a.md', markdown).map(({ embedded }) => embedded)).toEqual([{ roleName: 'demo-role' }]);
  });

  it('takes linear time for what is made to hurt', () => {
    for (const text of [
      'cat <<EOF AssumeRole\n',
      '<<EOF\nEOF\n',
      '"{ AssumeRole ',
      "'{ ",
      '```\nAssumeRole\n',
      '\'{"AssumeRole"}\'\n',
      '{"\\',
      'aws iam create-role --role-name x ',
    ].map((part) => part.repeat(Math.ceil(200_000 / part.length)))) {
      for (const name of ['a.md', 'a.sh', 'a.adoc', 'a.rst']) expect(() => pieces_(name, text)).not.toThrow();
    }
  });
});

function pieces_(name: string, text: string): void {
  for (const document of readSourceFile(`file:///${name}`, text).documents.slice(0, 50)) document.tree();
}

it('survives any text: the documents tile it, and each has a tree', () => {
  const token = fc.constantFrom(
    '```',
    '```json\n',
    '~~~yaml\n',
    '\n',
    '----\n',
    '[source,json]\n',
    '.. code-block:: yaml\n\n',
    '   ',
    '\t',
    '<<EOF\n',
    '<<-EOF\n',
    'EOF\n',
    "'",
    '"',
    '\\',
    '`',
    '$',
    '{',
    '}',
    policy,
    manifest,
    '---\n',
    '# ',
    'aws iam create-role --role-name x --assume-role-policy-document ',
    'file://t.json',
    'P=',
    '\r\n',
    '\ufeff',
    '\u2028',
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 40 }), fc.constantFrom('a.md', 'a.adoc', 'a.rst', 'a.sh'), (parts, name) => {
      for (const document of pieces(name, parts.join(''))) {
        for (const node of walkNodes(document.tree().root)) {
          expect(node.span.start).toBeGreaterThanOrEqual(0);
          expect(node.span.end).toBeLessThanOrEqual(document.text.length);
        }
      }
    }),
    { numRuns: runs(400) },
  );
});
