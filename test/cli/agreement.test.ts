import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostic, WorkspaceDiagnosticReport } from 'vscode-languageserver-protocol/node';
import { expect, it } from 'vitest';
import { parseFixture } from '../support/fixture';
import { useCli } from '../support/cli';
import { LspClient } from '../support/lspClient';

const cli = useCli();
const severities = ['', 'error', 'warning', 'info', 'hint'];

/** Every rule's wrong cases as one workspace: a folder each, as folders of examples are kept apart. */
function fixtures(): Record<string, string> {
  const root = resolve(import.meta.dirname, '../rules');
  const files: Record<string, string> = {};
  for (const rule of readdirSync(root).sort()) {
    if (!existsSync(join(root, rule)) || rule.endsWith('.ts')) continue;
    for (const name of readdirSync(join(root, rule))
      .filter((each) => each.endsWith('.fixture'))
      .sort()) {
      const fixture = parseFixture(readFileSync(join(root, rule, name), 'utf8'));
      for (const [path, text] of fixture.files) {
        if (path !== 'pod-roles.yaml' && !path.endsWith('.tf')) files[`examples/${rule}-${name.replace('.fixture', '')}/${path}`] = text;
      }
    }
  }
  return files;
}

it('editor and command line find the same in the same files', async () => {
  const files = fixtures();
  expect(Object.keys(files).length).toBeGreaterThan(50);
  const client = await LspClient.start({ files });
  try {
    const report = await client.request<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds: [] });
    const inEditor = new Map(
      report.items.map((item) => [relative(client.root, fileURLToPath(item.uri)), item.kind === 'full' ? item.items : []]),
    );
    // Open files are read another way than closed ones: some of each rule's.
    for (const path of Object.keys(files).filter((_, i) => i % 25 === 0)) {
      await client.open(path, files[path]!);
      const open = lines(path, await client.diagnostics(path));
      expect(open).toEqual(lines(path, inEditor.get(path) ?? []));
    }
    const { stdout, stderr } = await cli(['check', '.', '--format', 'json'], { cwd: client.root });
    expect(stderr).toBe('');
    const { findings } = JSON.parse(stdout) as {
      findings: {
        path: string;
        line: number;
        column: number;
        endLine: number;
        endColumn: number;
        severity: string;
        rule: string;
        message: string;
      }[];
    };
    const inTerminal = findings.map(
      (f) => `${f.path}:${f.line}:${f.column}-${f.endLine}:${f.endColumn} ${f.severity} ${f.rule} ${f.message}`,
    );
    expect(inTerminal.length).toBeGreaterThan(50);
    expect(inTerminal.sort()).toEqual([...inEditor].flatMap(([path, found]) => lines(path, found)).sort());
  } finally {
    await client.stop();
  }
}, 60_000);

function lines(path: string, found: readonly Diagnostic[]): string[] {
  return found.map(
    ({ range: { start, end }, code, severity, message }) =>
      `${path}:${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1} ${severities[severity ?? 0]} ${code} ${message}`,
  );
}
