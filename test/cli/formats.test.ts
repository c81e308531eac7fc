import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { Console } from '../../server/src/cli/console';
import { formats } from '../../server/src/cli/formats/registry';
import { countOf, fails, type CheckReport } from '../../server/src/cli/formats/report';
import { cleanReport, sampleReport } from './sampleReport';

const plain = { paint: new Console({ color: false }).paint, quiet: false };
const write = (id: string, report: CheckReport, quiet = false) =>
  formats.find((format) => format.id === id)!.write(report, { ...plain, quiet });

describe('each format', () => {
  const extensions: Readonly<Record<string, string>> = { pretty: 'txt', github: 'txt', junit: 'xml', json: 'json', sarif: 'json' };
  it.each(formats.map((format) => format.id))('%s writes what it always wrote', async (id) => {
    await expect(write(id, sampleReport)).toMatchFileSnapshot(`golden/${id}.${extensions[id]}`);
    await expect(write(id, cleanReport)).toMatchFileSnapshot(`golden/${id}-clean.${extensions[id]}`);
  });

  it.each(formats.map((format) => format.id))('%s ends with a line’s end and gives the same bytes again', (id) => {
    expect(write(id, sampleReport)).toMatch(/[^\n]\n$/);
    expect(write(id, sampleReport)).toBe(write(id, structuredClone(sampleReport)));
  });

  it.each(formats.map((format) => format.id))('%s lets no control character of a file through', (id) => {
    expect(write(id, sampleReport)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });
});

describe('pretty', () => {
  it('says what was looked at when nothing was found', () => {
    expect(write('pretty', cleanReport)).toBe(
      'No problems. Checked 3 of 214 files: 7 service accounts, 6 can assume their role, 1 unknown (trust policy not found).\n',
    );
    const nothing = {
      ...cleanReport,
      files: 1,
      relevant: [],
      chains: { checked: 0, admitted: 0, refused: 0, unknown: 0, withoutPolicy: 0 },
    };
    expect(write('pretty', nothing)).toBe('No problems. Checked 0 of 1 file: no roles for pods, and no trust policies for EKS.\n');
  });

  it('prints findings alone when it is to be quiet', () => {
    expect(write('pretty', cleanReport, true)).toBe('');
    expect(write('pretty', sampleReport, true)).not.toContain('Run with --fix');
  });

  it('paints where colours are on', () => {
    const coloured = new Console({}, { isTTY: true } as NodeJS.WriteStream, { isTTY: false } as NodeJS.WriteStream);
    const on = process.env['NO_COLOR'] === undefined && process.env['FORCE_COLOR'] !== '0' && process.env['TERM'] !== 'dumb';
    expect(formats[0]!.write(sampleReport, coloured).includes('\u001b[31m')).toBe(on);
  });
});

describe('sarif', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true });

  it.each(schemas())('is valid by %s', (_, schema) => {
    const validate = ajv.compile(schema);
    for (const report of [sampleReport, cleanReport]) {
      validate(JSON.parse(write('sarif', report)));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  it.each(schemas())('is refused by %s when it is not SARIF', (_, schema) => {
    const validate = ajv.compile(schema);
    const broken = JSON.parse(write('sarif', sampleReport)) as { runs: { results: { level: string; message: unknown }[] }[] };
    broken.runs[0]!.results[0]!.level = 'fatal';
    expect(validate(broken)).toBe(false);
  });

  it('keeps its fingerprints when lines above are added', () => {
    const prints = (report: CheckReport) =>
      (
        JSON.parse(write('sarif', report)) as { runs: { results: { partialFingerprints: Record<string, string> }[] }[] }
      ).runs[0]!.results.map((result) => result.partialFingerprints['primaryLocationLineHash']);
    const moved = {
      ...sampleReport,
      findings: sampleReport.findings.map((finding) => ({ ...finding, line: finding.line + 5, endLine: finding.endLine + 5 })),
    };
    expect(prints(moved)).toEqual(prints(sampleReport));
    expect(new Set(prints(sampleReport)).size).toBe(sampleReport.findings.length);
  });

  it('names each file by a URI', () => {
    expect(write('sarif', sampleReport)).toContain('"uri": "deploy/trust%20policy%20%C3%A9.json"');
  });
});

describe('paths of Windows', () => {
  const at = (path: string) => ({
    ...sampleReport,
    skipped: [],
    findings: [{ ...sampleReport.findings[0]!, path, fixes: [], related: [] }],
  });
  const artifactOf = (path: string): unknown =>
    (
      JSON.parse(write('sarif', at(path))) as {
        runs: { results: { locations: { physicalLocation: { artifactLocation: unknown } }[] }[] }[];
      }
    ).runs[0]!.results[0]!.locations[0]!.physicalLocation.artifactLocation;

  it.each([
    ['k8s/sa.yaml', { uri: 'k8s/sa.yaml', uriBaseId: '%SRCROOT%' }],
    ['../other/sa.yaml', { uri: '../other/sa.yaml' }],
    ['D:/other/s a.yaml', { uri: 'file:///D:/other/s%20a.yaml' }],
    ['//server/share/sa.yaml', { uri: 'file://server/share/sa.yaml' }],
    ['/tmp/sa.yaml', { uri: 'file:///tmp/sa.yaml' }],
  ])('%s in SARIF', (path, artifact) => expect(artifactOf(path)).toEqual(artifact));

  it('another drive in annotations of GitHub', () => {
    expect(write('github', at('D:/other/sa.yaml'))).toContain('file=D%3A/other/sa.yaml,');
  });
});

describe('what makes the command fail', () => {
  it('is a finding at or above the level', () => {
    expect(['error', 'warning', 'info'].map((failOn) => fails('warning', failOn as 'error'))).toEqual([false, true, true]);
    expect(fails('error', 'never')).toBe(false);
    expect(countOf(sampleReport, 'error')).toBe(2);
  });
});

/** Our own, of just what we write; and the whole one of the standard, where the package that carries it is installed. */
function schemas(): [string, object][] {
  const whole = resolve(import.meta.dirname, '../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const own: [string, object] = [
    'the schema of what we write',
    JSON.parse(readFileSync(resolve(import.meta.dirname, 'schema/sarif.json'), 'utf8')) as object,
  ];
  if (!existsSync(whole)) return [own];
  // It is of draft 4, whose `id` the validator does not know; nothing else in it differs.
  const { $schema: _schema, id: _id, ...schema } = JSON.parse(readFileSync(whole, 'utf8')) as Record<string, unknown>;
  return [own, ['the whole schema of SARIF 2.1.0', schema]];
}
