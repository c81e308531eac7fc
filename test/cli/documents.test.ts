import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../support/folder';
import { useCli } from '../support/cli';
import { account, wrongAccount } from './files';

const cli = useCli();
const readme = `# Demo\n\n\`\`\`yaml\n${wrongAccount}\`\`\`\n`;
const script = `#!/bin/sh\nkubectl apply -f - <<'EOF'\n${wrongAccount}EOF\n`;
const files = {
  'sa.yaml': account('app', 'demo', 'arn:aws:iam::111122223333:role/app'),
  'README.md': readme,
  'docs/a.adoc': `[source,yaml]\n----\n${wrongAccount}----\n`,
  'x.sh': script,
};

interface Report {
  readonly findings: readonly {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly severity: string;
    readonly rule: string;
  }[];
  readonly summary: { readonly files: number; readonly relevant: number; readonly infos: number };
}

const json = async (args: readonly string[], cwd: string): Promise<Report & { code: number | null }> => {
  const { code, stdout, stderr } = await cli(['check', '--format', 'json', ...args], { cwd });
  expect(stderr).toBe('');
  return { code, ...(JSON.parse(stdout) as Report) };
};
const found = ({ findings }: Report) =>
  findings.map(({ path, line, column, severity, rule }) => `${path}:${line}:${column} ${severity} ${rule}`);
const all = ['README.md:10:33 info role-arn-malformed', 'docs/a.adoc:9:33 info role-arn-malformed', 'x.sh:9:33 info role-arn-malformed'];

describe('check and documentation', () => {
  it('passes over documentation and scripts in folders', async () => {
    const report = await json(['.'], folder(files));
    expect(found(report)).toEqual([]);
    expect(report.summary).toMatchObject({ files: 1, relevant: 1 });
  });

  it('reads them with --documents, with pod-roles.yaml, and where they are named; always at level info', async () => {
    const root = folder(files);
    const told = await json(['.', '--documents'], root);
    expect(found(told)).toEqual(all);
    expect(told).toMatchObject({ code: 0, summary: { files: 4, relevant: 4, infos: 3 } });
    expect((await json(['.', '--documents', '--fail-on', 'info'], root)).code).toBe(1);
    expect(found(await json(['README.md'], root))).toEqual([all[0]]);
    const configured = folder({ ...files, 'pod-roles.yaml': 'documents: true\n' });
    expect(found(await json(['.'], configured))).toEqual(all);
    expect(found(await json(['.', '--no-documents'], configured))).toEqual([]);
    const never = folder({ ...files, 'pod-roles.yaml': 'documents: false\n' });
    expect(found(await json(['.'], never))).toEqual([]);
    expect(found(await json(['.', '--documents'], never))).toEqual(all);
  });

  it('mends them only when told to read them', async () => {
    const text = readme
      .replace(/arn:\S+$/m, 'arn:aws:iam::111122223333:role/app')
      .replace('    eks.amazonaws.com/role-arn', '    eks.amazonaws.com/token-expiration: 3600\n    eks.amazonaws.com/role-arn');
    const root = folder({ 'README.md': text });
    await cli(['check', '.', '--fix'], { cwd: root });
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe(text);
    await cli(['check', '.', '--fix', '--documents'], { cwd: root });
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe(text.replace(': 3600', ': "3600"'));
  });
});
