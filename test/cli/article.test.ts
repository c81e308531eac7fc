import { expect, it } from 'vitest';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { article } from '../lsp/article';

const cli = useCli();

it('the article: exit 1 with an error on the key, mended, then exit 0 and allowed', async () => {
  const cwd = folder(article);
  const before = await cli(['check', '.', '--format', 'json'], { cwd });
  expect(before.code).toBe(1);
  const { findings } = JSON.parse(before.stdout) as {
    findings: { rule: string; path: string; line: number; message: string; severity: string }[];
  };
  // The mistake, and on the annotation, as an info, that it is the cause.
  expect(findings.map(({ rule, path, line, severity }) => `${path}:${line} ${severity} ${rule}`)).toEqual([
    'demo/service-account.yaml:7 info subject-under-audience-key',
    'demo/trust-policy.json:12 error subject-under-audience-key',
  ]);
  expect(findings[1]!.message).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
  expect((await cli(['explain', 'demo-namespace/demo-sa'], { cwd })).code).toBe(1);
  expect((await cli(['check', '--fix', '.'], { cwd })).code).toBe(0);
  const after = await cli(['explain', 'demo-namespace/demo-sa'], { cwd });
  expect([after.code, after.stdout]).toEqual([0, expect.stringContaining('Can demo-namespace/demo-sa assume demo-role?   Yes.')]);
  expect((await cli(['check', '.'], { cwd })).stdout).toContain('of 3 files');
});
